-- The digest: what holds now by natural keys and values, without surrogate ids, runs or times of recording.
-- Each table is a query that answers a row's day, source and sha256, rolled up by day and source in order of the hash: so
-- neither collation nor the order of arrival decides, and a row held twice counts twice. The text of a row (`ROW(…)::text`)
-- tells null from empty and quotes what must be quoted. Who made a row (run, extractor, code, tagger, gazetteer) is no value
-- of it; pairs of copies and fingerprints are evidence that may depend on arrival, and are left out.

-- name: digest_begin
-- One picture of the warehouse for all tables, and one way to write values as text.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO, YMD';
SET LOCAL intervalstyle = 'postgres';
SET LOCAL bytea_output = 'hex';
SET LOCAL extra_float_digits = 1;

-- name: digest_name
-- Names every article by the least key of all that are one with it, its day by its first observation, its source.
CREATE TEMPORARY TABLE digest_article ON COMMIT DROP AS
WITH main AS (
    SELECT a.article_id, coalesce(m.into_article_id, a.article_id) AS main_id
    FROM news.article a LEFT JOIN news.article_merge m ON m.from_article_id = a.article_id AND upper_inf(m.recorded)
), named AS (
    SELECT main_id, coalesce(min(k.article_key COLLATE "C") FILTER (WHERE k.kind <> 'alias'), min(k.article_key COLLATE "C")) AS key
    FROM main JOIN news.article_key k USING (article_id) GROUP BY main_id
), seen AS (
    SELECT main_id, min(o.observed_at) AS seen_at FROM main JOIN news.observation o USING (article_id) GROUP BY main_id
)
SELECT main.article_id, main_id, coalesce(named.key, '') COLLATE "C" AS key,
       coalesce((seen.seen_at AT TIME ZONE 'UTC')::date::text, '') COLLATE "C" AS day, s.source_name COLLATE "C" AS source
FROM main
JOIN news.article a ON a.article_id = main_id
JOIN ops.source s USING (source_id)
LEFT JOIN named USING (main_id)
LEFT JOIN seen USING (main_id);
CREATE UNIQUE INDEX ON digest_article (article_id);
ANALYZE digest_article;
CREATE TEMPORARY TABLE digest_asked ON COMMIT DROP AS
SELECT * FROM digest_article WHERE day >= %(first_on)s AND day < %(end_on)s;
CREATE UNIQUE INDEX ON digest_asked (article_id);
ANALYZE digest_asked;
CREATE TEMPORARY TABLE digest_content ON COMMIT DROP AS
SELECT DISTINCT o.content_id, n.key, n.day, n.source, encode(c.content_hash, 'hex') AS hash
FROM digest_asked n
JOIN news.observed_content o USING (article_id)
JOIN news.content c ON c.content_id = o.content_id
WHERE upper_inf(o.recorded);
CREATE UNIQUE INDEX ON digest_content (content_id);
ANALYZE digest_content;
CREATE TEMPORARY TABLE digest_tagging ON COMMIT DROP AS
SELECT t.tagging_id, c.key, c.day, c.source, c.hash
FROM digest_content c JOIN news.tagging t USING (content_id) WHERE upper_inf(t.recorded);
CREATE UNIQUE INDEX ON digest_tagging (tagging_id);
ANALYZE digest_tagging;

-- name: digest_articles
-- Articles, by their least key.
WITH r AS (
    SELECT DISTINCT day, source, sha256(convert_to(ROW(key, source)::text, 'UTF8')) AS h FROM digest_asked
)
SELECT day, source, count(*) AS rows, sha256(string_agg(h, '' ORDER BY h)) AS digest FROM r GROUP BY 1, 2 ORDER BY 1, 2;

-- name: digest_keys
-- Every key that leads to an article.
WITH r AS (
    SELECT n.day, n.source, sha256(convert_to(ROW(n.key, k.article_key, k.kind)::text, 'UTF8')) AS h
    FROM digest_asked n JOIN news.article_key k USING (article_id)
)
SELECT day, source, count(*) AS rows, sha256(string_agg(h, '' ORDER BY h)) AS digest FROM r GROUP BY 1, 2 ORDER BY 1, 2;

-- name: digest_observations
-- Which bytes were seen when, and what they are held to say.
WITH r AS (
    SELECT DISTINCT n.day, n.source, sha256(convert_to(ROW(n.key, o.observed_at, o.blob_hash,
               (SELECT c.content_hash FROM news.observed_content s JOIN news.content c USING (content_id)
                WHERE (s.article_id, s.observed_at, s.blob_hash) = (o.article_id, o.observed_at, o.blob_hash)
                  AND upper_inf(s.recorded)))::text, 'UTF8')) AS h
    FROM digest_asked n JOIN news.observation o USING (article_id)
)
SELECT day, source, count(*) AS rows, sha256(string_agg(h, '' ORDER BY h)) AS digest FROM r GROUP BY 1, 2 ORDER BY 1, 2;

-- name: digest_versions
-- What articles said from when to when.
WITH r AS (
    SELECT n.day, n.source, sha256(convert_to(ROW(n.key, v.observed, c.content_hash)::text, 'UTF8')) AS h
    FROM digest_asked n
    JOIN news.version v USING (article_id)
    JOIN news.content c ON c.content_id = v.content_id
    WHERE upper_inf(v.recorded)
)
SELECT day, source, count(*) AS rows, sha256(string_agg(h, '' ORDER BY h)) AS digest FROM r GROUP BY 1, 2 ORDER BY 1, 2;

-- name: digest_contents
-- What was made of the bytes: texts, names, dates, languages and what is said beside them.
WITH r AS (
    SELECT DISTINCT n.day, n.source, sha256(convert_to(ROW(n.key, c.content_hash, c.sameness_hash, c.title, c.standfirst, c.body,
               c.captions, c.authors, c.section, c.site_name, c.language_code, c.language_confidence, c.published_at,
               c.published_precision, c.published_origin, c.published_as_stated, c.published_claimed_at, c.modified_at,
               c.modified_origin, c.canonical_url, d.agencies, d.credits, d.is_paywalled, d.published_offset,
               d.modified_precision, d.refused_dates, d.dateline_start, d.dateline_end, d.dateline_place, d.dateline_on,
               d.dateline_agency, d.images, d.quotes)::text, 'UTF8')) AS h
    FROM digest_content n
    JOIN news.content c ON c.content_id = n.content_id
    LEFT JOIN news.content_detail d ON d.content_id = c.content_id
)
SELECT day, source, count(*) AS rows, sha256(string_agg(h, '' ORDER BY h)) AS digest FROM r GROUP BY 1, 2 ORDER BY 1, 2;

-- name: digest_tagged
-- Which contents were looked through for places.
WITH r AS (
    SELECT DISTINCT day, source, sha256(convert_to(ROW(key, hash)::text, 'UTF8')) AS h FROM digest_tagging
)
SELECT day, source, count(*) AS rows, sha256(string_agg(h, '' ORDER BY h)) AS digest FROM r GROUP BY 1, 2 ORDER BY 1, 2;

-- name: digest_mentions
-- Places named, with where, as what, and how sure.
WITH r AS (
    SELECT DISTINCT n.day, n.source, sha256(convert_to(ROW(n.key, n.hash, m.field, m.start_offset, m.end_offset, m.surface,
               m.role, m.place_id, m.lat, m.lon, m.country_code, m.precision, m.radius_km, m.confidence, m.method,
               m.relation, m.relation_km, m.bearing, m.other_place_id)::text, 'UTF8')) AS h
    FROM digest_tagging n JOIN news.mention m USING (tagging_id)
)
SELECT day, source, count(*) AS rows, sha256(string_agg(h, '' ORDER BY h)) AS digest FROM r GROUP BY 1, 2 ORDER BY 1, 2;

-- name: digest_candidates
-- What mentions could have been, with what spoke for each.
WITH r AS (
    SELECT DISTINCT n.day, n.source, sha256(convert_to(ROW(n.key, n.hash, m.field, m.start_offset, m.end_offset, c.rank,
               c.place_id, c.score, c.evidence)::text, 'UTF8')) AS h
    FROM digest_tagging n JOIN news.mention m USING (tagging_id) JOIN news.mention_candidate c USING (mention_id)
)
SELECT day, source, count(*) AS rows, sha256(string_agg(h, '' ORDER BY h)) AS digest FROM r GROUP BY 1, 2 ORDER BY 1, 2;

-- name: digest_demonyms
-- People-words, with what they speak of.
WITH r AS (
    SELECT DISTINCT n.day, n.source, sha256(convert_to(ROW(n.key, n.hash, d.field, d.start_offset, d.end_offset, d.surface,
               d.place_id)::text, 'UTF8')) AS h
    FROM digest_tagging n JOIN news.demonym d USING (tagging_id)
)
SELECT day, source, count(*) AS rows, sha256(string_agg(h, '' ORDER BY h)) AS digest FROM r GROUP BY 1, 2 ORDER BY 1, 2;

-- name: digest_focus
-- What contents are about.
WITH r AS (
    SELECT DISTINCT n.day, n.source, sha256(convert_to(ROW(n.key, n.hash, f.level, f.place_id, f.weight)::text, 'UTF8')) AS h
    FROM digest_tagging n JOIN news.focus f USING (tagging_id)
)
SELECT day, source, count(*) AS rows, sha256(string_agg(h, '' ORDER BY h)) AS digest FROM r GROUP BY 1, 2 ORDER BY 1, 2;

-- name: digest_copies
-- Who copied whom.
WITH r AS (
    SELECT n.day, n.source, sha256(convert_to(ROW(n.key, o.key, v.key, c.kind, c.similarity, c.rule)::text, 'UTF8')) AS h
    FROM digest_asked n
    JOIN news.copy_of c ON c.copy_article_id = n.article_id AND upper_inf(c.recorded)
    JOIN digest_article o ON o.article_id = c.origin_article_id
    JOIN digest_article v ON v.article_id = c.via_article_id
)
SELECT day, source, count(*) AS rows, sha256(string_agg(h, '' ORDER BY h)) AS digest FROM r GROUP BY 1, 2 ORDER BY 1, 2;

-- name: digest_stories
-- Stories by the keys of their members, told at the first of them.
WITH told AS (
    SELECT (array_agg(n.article_id ORDER BY n.key))[1] AS first_id, array_agg(n.key ORDER BY n.key) AS keys
    FROM news.story_article t JOIN digest_article n USING (article_id)
    WHERE upper_inf(t.recorded) GROUP BY t.story_id
), r AS (
    SELECT n.day, n.source, sha256(convert_to(t.keys::text, 'UTF8')) AS h
    FROM told t JOIN digest_asked n ON n.article_id = t.first_id
)
SELECT day, source, count(*) AS rows, sha256(string_agg(h, '' ORDER BY h)) AS digest FROM r GROUP BY 1, 2 ORDER BY 1, 2;

-- name: digest_edits
-- What publishers changed from one version to the next.
WITH r AS (
    SELECT n.day, n.source, sha256(convert_to(ROW(n.key, f.content_hash, t.content_hash, e.changed_at, e.ordinal, e.kind,
               e.field, e.before_text, e.before_start, e.before_end, e.after_text, e.after_start, e.after_end,
               e.number_before, e.number_after, e.measure, e.about)::text, 'UTF8')) AS h
    FROM digest_asked n
    JOIN news.edit e ON e.article_id = n.article_id AND upper_inf(e.recorded)
    JOIN news.content f ON f.content_id = e.from_content_id
    JOIN news.content t ON t.content_id = e.to_content_id
)
SELECT day, source, count(*) AS rows, sha256(string_agg(h, '' ORDER BY h)) AS digest FROM r GROUP BY 1, 2 ORDER BY 1, 2;

-- name: digest_sightings
-- Which source first showed an article when.
WITH r AS (
    SELECT DISTINCT n.day, n.source, sha256(convert_to(ROW(n.key, s.source_name, g.guid_hash, g.first_seen_at)::text, 'UTF8')) AS h
    FROM digest_asked n JOIN news.sighting g USING (article_id) JOIN ops.source s ON s.source_id = g.source_id
)
SELECT day, source, count(*) AS rows, sha256(string_agg(h, '' ORDER BY h)) AS digest FROM r GROUP BY 1, 2 ORDER BY 1, 2;

-- name: digest_upstream
-- Whom contents name as their source.
WITH r AS (
    SELECT DISTINCT n.day, n.source, sha256(convert_to(ROW(n.key, n.hash, u.name, u.kind, u.field, u.start_offset, u.end_offset,
               u.surface, u.rule)::text, 'UTF8')) AS h
    FROM digest_content n JOIN news.upstream u ON u.content_id = n.content_id AND upper_inf(u.recorded)
)
SELECT day, source, count(*) AS rows, sha256(string_agg(h, '' ORDER BY h)) AS digest FROM r GROUP BY 1, 2 ORDER BY 1, 2;

-- name: digest_overrides
-- What analysts said of places; of no day and no source, so only in a digest of everything.
WITH r AS (
    SELECT sha256(convert_to(ROW(surface, place_id, text_hash, field, start_offset, outlet, language_code, note)::text, 'UTF8')) AS h
    FROM news.place_override WHERE upper_inf(recorded) AND %(first_on)s = ''
)
SELECT '' AS day, '' AS source, count(*) AS rows, sha256(string_agg(h, '' ORDER BY h)) AS digest FROM r HAVING count(*) > 0;
