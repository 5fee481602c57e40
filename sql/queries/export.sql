-- Tables as they leave the house: natural keys instead of our ids, in an order of their own, so that two warehouses with
-- the same captures give the same files. since and until are days (null: no limit), outlets a list (null: all).

-- name: export_article
-- One row an article: what it is, whose copy, and which event it tells; no text.
SELECT b.article, b.day, a.outlet, a.source_name, a.owner, a.outlet_country_code, a.title, a.language_code,
       a.published_at, a.published_precision, a.published_origin, a.first_observed_at, a.observed_since, a.versions,
       array_to_string(a.authors, '; ') AS authors, array_to_string(a.agencies, '; ') AS agencies, a.section,
       a.is_paywalled, o.url AS copy_of, c.kind AS copy_kind, length(a.body) AS characters,
       encode(sha256(convert_to(a.body, 'UTF8')), 'hex') AS body_sha256, a.extractor, a.code_version
FROM mart.article_between(%(since)s, %(until)s, %(outlets)s) b
JOIN mart.article a USING (article_id)
LEFT JOIN news.copy_of c ON c.copy_article_id = b.article_id AND upper_inf(c.recorded)
LEFT JOIN mart.article o ON o.article_id = c.origin_article_id
ORDER BY b.day, b.article;

-- name: export_text
-- The texts of the articles, for those who may hold them.
SELECT b.article, b.day, a.standfirst, a.body, a.captions
FROM mart.article_between(%(since)s, %(until)s, %(outlets)s) b
JOIN mart.article a USING (article_id)
ORDER BY b.day, b.article;

-- name: export_mention
-- One row a place named in a text, resolved or not.
SELECT b.article, b.day, m.field, m.start_offset, m.end_offset, m.surface, m.role, m.place_id, m.place, m.feature_code,
       m.country_code, m.admin1_code, m.lat, m.lon, m.precision, m.radius_km, m.confidence, m.method, m.relation,
       m.relation_km, m.bearing, m.other_place_id, m.tagger, m.gazetteer
FROM mart.article_between(%(since)s, %(until)s, %(outlets)s) b
JOIN mart.mention m USING (article_id)
ORDER BY b.day, b.article, m.field, m.start_offset, m.end_offset;

-- name: export_copy
-- One row a copy, with the article it comes from.
SELECT b.article AS copy, b.day, o.url AS origin, c.kind, c.similarity, c.rule
FROM mart.article_between(%(since)s, %(until)s, %(outlets)s) b
JOIN news.copy_of c ON c.copy_article_id = b.article_id AND upper_inf(c.recorded)
JOIN mart.article o ON o.article_id = c.origin_article_id
ORDER BY b.day, b.article;

-- name: export_story
-- One row an article of an event of several, with the independent line it is on; a story is named after the first of its addresses.
WITH told AS (
    SELECT t.story_id, b.article_id, b.day
    FROM mart.article_between(%(since)s, %(until)s, %(outlets)s) b
    JOIN news.story_article t ON t.article_id = b.article_id AND upper_inf(t.recorded)
), member AS (
    SELECT array_agg(m.story_id) AS stories, array_agg(m.article_id) AS ids
    FROM (SELECT DISTINCT t.story_id, news.main_article(t.article_id) AS article_id
          FROM news.story_article t
          WHERE upper_inf(t.recorded) AND t.story_id IN (SELECT story_id FROM told)) AS m
    HAVING count(*) > 0
), line AS (
    SELECT l.bucket AS story_id, l.article_id, a.url AS article,
           min(a.url) OVER (PARTITION BY l.bucket) AS first_article,
           min(a.url) OVER (PARTITION BY l.bucket, l.line) AS first_of_line,
           count(*) OVER (PARTITION BY l.bucket) AS articles,
           max(l.line) OVER (PARTITION BY l.bucket) AS independent_lines
    FROM member CROSS JOIN LATERAL news.lines_among(member.stories, member.ids) AS l
    JOIN mart.article a ON a.article_id = l.article_id
), named AS (
    SELECT story_id, article_id, article, articles, independent_lines,
           left(encode(sha256(convert_to(first_article, 'UTF8')), 'hex'), 16) AS story,
           dense_rank() OVER (PARTITION BY story_id ORDER BY first_of_line) AS line
    FROM line
)
SELECT n.story, n.article, t.day, n.articles, n.independent_lines, n.line
FROM told t JOIN named n USING (story_id, article_id)
ORDER BY t.day, n.story, n.article;

-- name: export_edit
-- One row a change between two versions; the words themselves leave with the texts only.
SELECT b.article, b.day, e.changed_at, e.ordinal, e.kind, e.field, e.number_before, e.number_after, e.measure,
       e.place_before_id, e.place_after_id
FROM mart.article_between(%(since)s, %(until)s, %(outlets)s) b
JOIN mart.edit e USING (article_id)
ORDER BY b.day, b.article, e.changed_at, e.ordinal;

-- name: export_place
-- The places these articles name.
SELECT p.place_id, p.name AS place, p.feature_code, p.country_code, p.admin1_code, p.lat, p.lon, p.population, p.radius_km
FROM geo.place p
WHERE p.place_id IN (
    SELECT m.place_id FROM mart.article_between(%(since)s, %(until)s, %(outlets)s) b JOIN mart.mention m USING (article_id))
ORDER BY p.place_id;

-- name: export_source
-- The sources, as the registry describes them.
SELECT source_name, kind, url, outlet, owner, country_code, language_code, home_region, time_zone, tier, terms, has_archive
FROM ops.source
WHERE %(outlets)s::text[] IS NULL OR outlet = ANY (%(outlets)s)
ORDER BY source_name;

-- name: export_coverage
-- What came in by source and day, and what is missing.
SELECT source_name, covered_on AS day, verdict, expected, fetched, new, rejected
FROM mart.coverage
WHERE (%(since)s::date IS NULL OR covered_on >= %(since)s) AND (%(until)s::date IS NULL OR covered_on <= %(until)s)
  AND (%(outlets)s::text[] IS NULL OR outlet = ANY (%(outlets)s))
ORDER BY covered_on, source_name;

-- name: export_feature
-- One GeoJSON feature an article and place: where, how surely, who reported it.
SELECT json_build_object(
    'type', 'Feature',
    'geometry', json_build_object('type', 'Point', 'coordinates', json_build_array(
        round(m.lon::numeric, 5), round(m.lat::numeric, 5))),
    'properties', json_build_object(
        'day', b.day, 'place', m.place, 'place_id', m.place_id, 'country', m.country_code, 'admin1', m.admin1_code,
        'precision', m.precision, 'radius_km', m.radius_km, 'confidence', m.confidence, 'roles', m.roles,
        'mentions', m.mentions, 'title', a.title, 'outlet', a.outlet, 'url', b.article, 'published_at', a.published_at))::text
FROM mart.article_between(%(since)s, %(until)s, %(outlets)s) b
JOIN mart.article a USING (article_id)
JOIN LATERAL (
    SELECT m.place_id, m.place, m.country_code, m.admin1_code, m.lat, m.lon, min(m.precision) AS precision,
           max(m.radius_km) AS radius_km, max(m.confidence) AS confidence, count(*) AS mentions,
           string_agg(DISTINCT m.role, ', ' ORDER BY m.role) AS roles
    FROM mart.mention m
    WHERE m.article_id = b.article_id AND m.place_id IS NOT NULL
    GROUP BY m.place_id, m.place, m.country_code, m.admin1_code, m.lat, m.lon) AS m ON true
ORDER BY b.day, b.article, m.place_id, m.lat, m.lon;

-- name: export_acled
-- In the columns of ACLED: one row an event and place; what Dateline does not code (types, actors, fatalities) is empty.
WITH report AS (
    SELECT coalesce('s' || t.story_id, 'a' || b.article_id) AS event, b.article, b.day, a.outlet, a.owner, a.title,
           a.first_observed_at, m.place_id, m.place, m.country_code, m.admin1_code, m.lat, m.lon, m.precision, s.tier
    FROM mart.article_between(%(since)s, %(until)s, %(outlets)s) b
    JOIN mart.article a USING (article_id)
    JOIN ops.source s ON s.source_name = a.source_name
    JOIN mart.mention m ON m.article_id = b.article_id AND m.role = 'event' AND m.place_id IS NOT NULL
    LEFT JOIN news.story_article t ON t.article_id = b.article_id AND upper_inf(t.recorded)
), event AS (
    SELECT event, place_id, place, country_code, admin1_code, min(day) AS day, min(article) AS article,
           min(precision) AS precision, (array_agg(lat ORDER BY precision, article, lat, lon))[1] AS lat,
           (array_agg(lon ORDER BY precision, article, lat, lon))[1] AS lon,
           string_agg(DISTINCT coalesce(outlet, ''), '; ' ORDER BY coalesce(outlet, '')) AS source,
           min(tier) AS tier, (array_agg(title ORDER BY day, article))[1] AS title,
           min(first_observed_at) AS first_observed_at
    FROM report GROUP BY event, place_id, place, country_code, admin1_code
)
SELECT country_code || left(encode(sha256(convert_to(article || ' ' || place_id, 'UTF8')), 'hex'), 12) AS event_id_cnty,
       day AS event_date, extract(year FROM day)::integer AS year, 1 AS time_precision, '' AS disorder_type,
       '' AS event_type, '' AS sub_event_type, '' AS actor1, '' AS actor2, country_code AS country, admin1_code AS admin1,
       place AS location, round(lat::numeric, 4) AS latitude, round(lon::numeric, 4) AS longitude,
       CASE WHEN precision = 1 THEN 1 WHEN precision <= 3 THEN 2 ELSE 3 END AS geo_precision, source,
       CASE tier WHEN 1 THEN 'National' WHEN 2 THEN 'Subnational' ELSE 'Other' END AS source_scale, title AS notes,
       NULL::integer AS fatalities, extract(epoch FROM first_observed_at)::bigint AS "timestamp"
FROM event
ORDER BY day, event_id_cnty;

-- name: export_ucdp
-- In the columns of UCDP GED: one row an event and place, with its sources, precisions and days; deaths are empty.
WITH report AS (
    SELECT coalesce('s' || t.story_id, 'a' || b.article_id) AS event, t.story_id, b.article_id, b.article, b.day, a.outlet,
           a.title, m.place_id, m.place, m.country_code, m.admin1_code, m.lat, m.lon, m.precision
    FROM mart.article_between(%(since)s, %(until)s, %(outlets)s) b
    JOIN mart.article a USING (article_id)
    JOIN mart.mention m ON m.article_id = b.article_id AND m.role = 'event' AND m.place_id IS NOT NULL
    LEFT JOIN news.story_article t ON t.article_id = b.article_id AND upper_inf(t.recorded)
), line AS (
    SELECT l.bucket AS story_id, l.article_id, l.line
    FROM (SELECT array_agg(story_id) AS stories, array_agg(article_id) AS ids
          FROM (SELECT DISTINCT t.story_id, news.main_article(t.article_id) AS article_id  -- a line may lead through any of them
                FROM news.story_article t
                WHERE upper_inf(t.recorded) AND t.story_id IN (SELECT story_id FROM report)) AS m
          HAVING count(*) > 0) AS told
    CROSS JOIN LATERAL news.lines_among(told.stories, told.ids) AS l
), event AS (
    SELECT r.event, r.place_id, r.place, r.country_code, r.admin1_code, min(r.day) AS date_start, max(r.day) AS date_end,
           min(r.article) AS article, min(r.precision) AS precision,
           (array_agg(r.lat ORDER BY r.precision, r.article, r.lat, r.lon))[1] AS lat,
           (array_agg(r.lon ORDER BY r.precision, r.article, r.lat, r.lon))[1] AS lon,
           string_agg(DISTINCT concat('"', r.outlet, ',', r.day, ',', r.title, '"'), '; ') AS source_article,
           (array_agg(r.title ORDER BY r.day, r.article))[1] AS title,
           (array_agg(r.outlet ORDER BY r.day, r.article))[1] AS outlet,
           count(DISTINCT coalesce(l.line, 1)) AS lines
    FROM report r LEFT JOIN line l USING (story_id, article_id)
    GROUP BY r.event, r.place_id, r.place, r.country_code, r.admin1_code
)
SELECT left(encode(sha256(convert_to(article || ' ' || place_id, 'UTF8')), 'hex'), 12) AS id,
       extract(year FROM date_start)::integer AS year, lines AS number_of_sources, source_article,
       outlet AS source_office, date_start AS source_date, title AS source_headline, precision AS where_prec,
       place AS where_coordinates, admin1_code AS adm_1, round(lat::numeric, 4) AS latitude,
       round(lon::numeric, 4) AS longitude,
       format('POINT (%%s %%s)', round(lon::numeric, 4), round(lat::numeric, 4)) AS geom_wkt, country_code AS country,
       CASE WHEN date_start = date_end THEN 1 ELSE 2 END AS date_prec, date_start, date_end,
       NULL::integer AS best, NULL::integer AS high, NULL::integer AS low
FROM event
ORDER BY date_start, id;

-- name: export_session
-- Times in UTC, whatever the reader's own settings, and no limit of time: an export is as long as it is.
SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO, YMD';
SET LOCAL extra_float_digits = 1;
SET LOCAL statement_timeout = 0;

-- name: export_gazetteer
-- The gazetteer in use.
SELECT version FROM geo.gazetteer WHERE is_current;
