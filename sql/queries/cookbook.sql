-- The usual questions, ready to be asked: `dateline cookbook` lists them, `dateline cookbook NAME -p place=Kyiv` runs
-- one, `--sql` prints it to go on from. Days are UTC and both ends are included; a day is of publication, else of first
-- observation. `-- param:` gives name, type, default and meaning.

-- name: find_place
-- Which places bear a name, in any language, and how often each is reported.
-- param: name text = Sloviansk | the name, as written
SELECT p.place_id, p.name AS place, p.feature_code, p.country_code, p.admin1_code, p.population,
       coalesce(t.articles, 0) AS articles, p.lat, p.lon
FROM geo.place p LEFT JOIN news.place_tally t USING (place_id)
WHERE p.name = %(name)s
   OR p.place_id = ANY (ARRAY(SELECT n.place_id FROM geo.place_name n WHERE n.name = %(name)s AND n.kind <> 'demonym'))
ORDER BY articles DESC, p.population DESC, p.place_id;

-- name: place_days
-- What was reported about a place, day by day: reports, outlets, families of owners and independent lines.
-- param: place place = Sloviansk | the place
-- param: from date = today-30 | first day
-- param: to date = today | last day
WITH told AS MATERIALIZED (
    SELECT r.reported_on, r.article_id, coalesce(r.outlet, r.source_name) AS outlet, r.family, r.is_event
    FROM mart.report r
    WHERE r.place_id = (SELECT geo.find_place(%(place)s)) AND r.reported_on BETWEEN %(from)s AND %(to)s
), line AS (
    SELECT date '2000-01-01' + l.bucket::integer AS reported_on, max(l.line) AS lines
    FROM (SELECT array_agg((reported_on - date '2000-01-01')::bigint) AS days, array_agg(article_id) AS ids FROM told) AS t
    CROSS JOIN LATERAL news.lines_among(t.days, t.ids) AS l
    GROUP BY 1
)
SELECT t.reported_on, count(*) AS reports, count(*) FILTER (WHERE t.is_event) AS of_events,
       count(DISTINCT t.outlet) AS outlets, count(DISTINCT t.family) AS families, max(l.lines) AS independent_lines
FROM told t LEFT JOIN line l USING (reported_on)
GROUP BY t.reported_on ORDER BY t.reported_on;

-- name: place_articles
-- Articles that name a place, the newest first, with how surely and as what.
-- param: place place = Sloviansk | the place
-- param: from date = today-30 | first day
-- param: to date = today | last day
-- param: confidence number = 0.5 | least confidence, 0 to 1
-- param: most integer = 100 | how many at most
SELECT r.reported_at, r.outlet, r.title, r.precision, r.confidence, r.mentions,
       concat_ws(', ', CASE WHEN r.is_event THEN 'event' END, CASE WHEN r.is_dateline THEN 'dateline' END,
                 CASE WHEN r.is_speaker THEN 'speaker' END, CASE WHEN r.is_actor THEN 'actor' END,
                 CASE WHEN r.is_passing THEN 'passing' END) AS roles, r.article_id
FROM mart.report r
WHERE r.place_id = (SELECT geo.find_place(%(place)s)) AND r.reported_on BETWEEN %(from)s AND %(to)s
  AND r.confidence >= %(confidence)s
ORDER BY r.reported_at DESC, r.article_id LIMIT %(most)s;

-- name: near_place
-- Articles within so many km of a place between two days, no vaguer than a precision, the nearest point of each.
-- param: place place = Lysychansk | the middle
-- param: km number = 50 | radius
-- param: from date = today-30 | first day
-- param: to date = today | last day
-- param: precision integer = 2 | worst precision: 1 exact, 2 within 25 km, 3 district, 4 region, 6 country
SELECT f.reported_on, s.outlet, c.title, p.name AS place, round(f.distance_km::numeric, 1) AS distance_km, f.precision,
       f.confidence, f.article_id
FROM (
    SELECT DISTINCT ON (r.article_id) r.*
    FROM geo.place m
    CROSS JOIN LATERAL mart.reports_near(m.lat, m.lon, %(km)s, %(from)s, %(to)s) AS r
    WHERE m.place_id = (SELECT geo.find_place(%(place)s)) AND r.precision <= %(precision)s
    ORDER BY r.article_id, r.distance_km, r.place_id
) AS f
JOIN news.article_now n ON n.article_id = f.article_id
JOIN news.content c ON c.content_id = n.content_id
JOIN ops.source s ON s.source_id = f.source_id
JOIN geo.place p ON p.place_id = f.place_id
ORDER BY f.reported_on, f.distance_km, f.article_id;

-- name: near_days
-- The same area counted by day: reports and outlets within so many km of a place.
-- param: place place = Lysychansk | the middle
-- param: km number = 50 | radius
-- param: from date = today-30 | first day
-- param: to date = today | last day
SELECT r.reported_on, count(DISTINCT r.article_id) AS reports, count(DISTINCT coalesce(s.outlet, s.source_name)) AS outlets,
       count(DISTINCT r.place_id) AS places
FROM geo.place m
CROSS JOIN LATERAL mart.reports_near(m.lat, m.lon, %(km)s, %(from)s, %(to)s) AS r
JOIN ops.source s USING (source_id)
WHERE m.place_id = (SELECT geo.find_place(%(place)s)) AND r.precision <= 3
GROUP BY r.reported_on ORDER BY r.reported_on;

-- name: place_first
-- Who reported a place first in a span of days, who followed, and after how long; time_is says published (to the minute) or observed (not later than).
-- param: place place = Sloviansk | the place
-- param: from date = today-30 | first day
-- param: to date = today | last day
WITH told AS (
    SELECT r.article_id, coalesce(r.outlet, r.source_name) AS outlet, r.title, e.is_exact,
           CASE WHEN e.is_exact THEN r.published_at ELSE r.first_observed_at END AS known_at
    FROM mart.report r
    JOIN news.content c ON c.content_id = r.content_id
    CROSS JOIN LATERAL (SELECT coalesce(c.published_precision IN ('instant', 'minute'), false) AS is_exact) AS e
    WHERE r.place_id = (SELECT geo.find_place(%(place)s)) AND r.reported_on BETWEEN %(from)s AND %(to)s
), first AS (
    SELECT DISTINCT ON (outlet) * FROM told ORDER BY outlet, known_at, article_id
)
SELECT rank() OVER (ORDER BY f.known_at) AS place_in_order, f.outlet, f.known_at,
       CASE WHEN f.is_exact THEN 'published' ELSE 'observed' END AS time_is,
       f.known_at - min(f.known_at) OVER () AS after, o.outlet AS copied_from, f.title, f.article_id
FROM first f
LEFT JOIN news.copy_of c ON c.copy_article_id = f.article_id AND upper_inf(c.recorded)
LEFT JOIN mart.article o ON o.article_id = c.origin_article_id
ORDER BY f.known_at, f.outlet;

-- name: quiet_then_loud
-- Places silent for so many days that several independent lines report now: what may have begun.
-- param: on date = today | the day asked about, the last of those that count as now
-- param: days integer = 1 | how many days count as now
-- param: quiet integer = 14 | days of silence before
-- param: lines integer = 2 | least number of independent lines
WITH recent AS MATERIALIZED (
    SELECT r.place_id, r.article_id, r.source_id FROM news.report r
    WHERE r.reported_on BETWEEN %(on)s - %(days)s + 1 AND %(on)s AND r.precision <= 3 AND NOT r.is_relative
), loud AS MATERIALIZED (
    SELECT r.place_id FROM recent r GROUP BY 1 HAVING count(DISTINCT r.source_id) >= %(lines)s
), woken AS MATERIALIZED (
    SELECT l.place_id, max(before.reported_on) AS last_on
    FROM loud l
    LEFT JOIN LATERAL (SELECT b.reported_on FROM news.report b
                       WHERE b.place_id = l.place_id AND b.reported_on <= %(on)s - %(days)s
                       ORDER BY b.reported_on DESC LIMIT 1) AS before ON true
    GROUP BY 1
    HAVING max(before.reported_on) IS NULL OR max(before.reported_on) < %(on)s - %(days)s + 1 - %(quiet)s
), line AS (
    SELECT t.bucket AS place_id, count(*) AS reports, max(t.line) AS lines, min(t.article_id) AS article_id
    FROM (SELECT array_agg(place_id ORDER BY place_id, article_id) AS places, array_agg(article_id ORDER BY place_id, article_id) AS ids
          FROM recent JOIN woken USING (place_id)) AS x
    CROSS JOIN LATERAL news.lines_among(x.places, x.ids) AS t
    GROUP BY 1
)
SELECT p.name AS place, p.country_code, p.admin1_code, w.last_on AS last_reported_on, l.reports, l.lines AS independent_lines,
       a.title AS one_of_them, l.place_id
FROM line l
JOIN woken w USING (place_id)
JOIN geo.place p USING (place_id)
JOIN mart.article a ON a.article_id = l.article_id
WHERE l.lines >= %(lines)s
ORDER BY l.lines DESC, l.reports DESC, p.name;

-- name: low_confidence_places
-- Places that rest on low confidence: none of their reports in these days is surer than so much.
-- param: from date = today-7 | first day
-- param: to date = today | last day
-- param: confidence number = 0.6 | what counts as sure, 0 to 1
-- param: most integer = 100 | how many at most
SELECT p.name AS place, p.feature_code, p.country_code, p.admin1_code, r.reports, r.sources, r.greatest_confidence,
       r.best_precision, r.place_id
FROM (
    SELECT r.place_id, count(*) AS reports, count(DISTINCT r.source_id) AS sources, max(r.confidence) AS greatest_confidence,
           min(r.precision) AS best_precision
    FROM news.report r
    WHERE r.reported_on BETWEEN %(from)s AND %(to)s
    GROUP BY r.place_id
    HAVING max(r.confidence) < %(confidence)s
    ORDER BY reports DESC, greatest_confidence, r.place_id LIMIT %(most)s
) AS r
JOIN geo.place p USING (place_id)
ORDER BY r.reports DESC, r.greatest_confidence, r.place_id;

-- name: place_confidence
-- How surely a place is known from its reports: by confidence, precision and role, so that a count can be weighed.
-- param: place place = Sloviansk | the place
-- param: from date = today-30 | first day
-- param: to date = today | last day
SELECT round(r.confidence::numeric, 1) AS confidence, r.precision, count(*) AS reports,
       count(*) FILTER (WHERE r.is_event) AS as_event, count(*) FILTER (WHERE r.is_dateline) AS as_dateline,
       count(*) FILTER (WHERE r.is_actor) AS as_actor, count(*) FILTER (WHERE r.is_passing) AS in_passing
FROM news.report r
WHERE r.place_id = (SELECT geo.find_place(%(place)s)) AND r.reported_on BETWEEN %(from)s AND %(to)s
GROUP BY 1, 2 ORDER BY 1 DESC, 2;

-- name: rising_places
-- Places reported more than before: shares of all reports in these days against as many days before, so that a busier week alone does not raise them.
-- param: to date = today | last day
-- param: days integer = 7 | length of both spans
-- param: least integer = 5 | least reports in the later span
-- param: most integer = 25 | how many at most
WITH counted AS (
    SELECT r.place_id, count(*) FILTER (WHERE r.reported_on > %(to)s - %(days)s) AS now,
           count(*) FILTER (WHERE r.reported_on <= %(to)s - %(days)s) AS before
    FROM news.report r
    WHERE r.reported_on BETWEEN %(to)s - 2 * %(days)s + 1 AND %(to)s AND r.precision <= 3
    GROUP BY 1
), shares AS (
    SELECT c.*, (c.now + 0.5) / (sum(c.now + 0.5) OVER ()) AS share_now,
           (c.before + 0.5) / (sum(c.before + 0.5) OVER ()) AS share_before
    FROM counted c
)
SELECT p.name AS place, p.country_code, s.now AS reports_now, s.before AS reports_before,
       round(s.share_now / s.share_before, 2) AS times_the_share, s.place_id
FROM (SELECT * FROM shares WHERE now >= %(least)s ORDER BY share_now / share_before DESC, now DESC, place_id LIMIT %(most)s) AS s
JOIN geo.place p USING (place_id)
ORDER BY s.share_now / s.share_before DESC, s.now DESC, s.place_id;

-- name: named_together
-- Which places are named in the same articles as a place.
-- param: place place = Sloviansk | the place
-- param: from date = today-30 | first day
-- param: to date = today | last day
-- param: most integer = 25 | how many at most
SELECT p.name AS place, p.country_code, count(*) AS articles,
       round(100.0 * count(*) / (SELECT count(*) FROM news.report x WHERE x.place_id = (SELECT geo.find_place(%(place)s))
                                 AND x.reported_on BETWEEN %(from)s AND %(to)s), 1) AS percent, o.place_id
FROM news.report r
JOIN news.report o ON o.article_id = r.article_id AND o.place_id <> r.place_id
JOIN geo.place p ON p.place_id = o.place_id
WHERE r.place_id = (SELECT geo.find_place(%(place)s)) AND r.reported_on BETWEEN %(from)s AND %(to)s
GROUP BY o.place_id, p.place_id ORDER BY articles DESC, o.place_id LIMIT %(most)s;

-- name: region_days
-- Reports by region of a country, day by day.
-- param: country text = UA | ISO 3166 alpha-2
-- param: from date = today-7 | first day
-- param: to date = today | last day
SELECT r.reported_on, p.admin1_code, count(DISTINCT r.article_id) AS reports, count(DISTINCT r.source_id) AS sources,
       count(DISTINCT r.place_id) AS places
FROM news.report r JOIN geo.place p USING (place_id)
WHERE r.reported_on BETWEEN %(from)s AND %(to)s AND r.country_code = %(country)s AND p.admin1_code IS NOT NULL
GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2;

-- name: unresolved_names
-- Names of places that stayed in doubt, commonest first: what the gazetteer lacks or cannot tell apart.
-- param: from date = today-7 | first day
-- param: to date = today | last day
-- param: most integer = 50 | how many at most
SELECT m.surface, count(*) AS mentions, count(DISTINCT n.article_id) AS articles, max(m.method) AS method,
       min(n.article_id) AS example_article_id
FROM news.article_now n
JOIN news.tagging t ON t.content_id = ANY (ARRAY[n.content_id]) AND upper_inf(t.recorded)  -- as an array: looked up, one by one
JOIN news.mention m ON m.tagging_id = t.tagging_id AND m.place_id IS NULL
WHERE n.reported_on BETWEEN %(from)s AND %(to)s
GROUP BY m.surface ORDER BY articles DESC, mentions DESC, m.surface LIMIT %(most)s;

-- name: day_geojson
-- A day as one GeoJSON FeatureCollection: a point a place with its reports, for any map.
-- param: on date = today | the day
-- param: precision integer = 3 | worst precision: a country is not a point
SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
           'type', 'Feature', 'id', f.place_id,
           'geometry', json_build_object('type', 'Point', 'coordinates',
                                         json_build_array(round(f.lon::numeric, 5), round(f.lat::numeric, 5))),
           'properties', json_build_object('place', f.place, 'country', f.country_code, 'reports', f.reports,
                                           'outlets', f.outlets, 'precision', f.precision, 'confidence', f.confidence,
                                           'article_ids', f.article_ids)) ORDER BY f.reports DESC, f.place_id), '[]')) AS geojson
FROM (
    SELECT r.*, p.name AS place, p.country_code, p.lat, p.lon
    FROM (
        SELECT r.place_id, count(*) AS reports, count(DISTINCT coalesce(s.outlet, s.source_name)) AS outlets,
               min(r.precision) AS precision, round(max(r.confidence)::numeric, 2) AS confidence,
               array_agg(r.article_id ORDER BY r.article_id) AS article_ids
        FROM news.report r JOIN ops.source s USING (source_id)
        WHERE r.reported_on = %(on)s AND r.precision <= %(precision)s
        GROUP BY r.place_id
    ) AS r
    JOIN geo.place p USING (place_id)
) AS f;

-- name: place_languages
-- In which languages a place is reported, and by how many outlets of each.
-- param: place place = Sloviansk | the place
-- param: from date = today-30 | first day
-- param: to date = today | last day
SELECT r.language_code, count(*) AS reports, count(DISTINCT coalesce(r.outlet, r.source_name)) AS outlets,
       min(r.reported_at) AS first_at
FROM mart.report r
WHERE r.place_id = (SELECT geo.find_place(%(place)s)) AND r.reported_on BETWEEN %(from)s AND %(to)s
GROUP BY 1 ORDER BY reports DESC, 1;

-- name: outlet_share
-- What share of each outlet's own output names a place: not raw counts, which only say who publishes much.
-- param: place place = Sloviansk | the place
-- param: from date = today-30 | first day
-- param: to date = today | last day
-- param: least integer = 20 | least articles an outlet must have in these days
WITH output AS (
    SELECT n.source_id, count(*) AS articles FROM news.article_now n
    WHERE n.reported_on BETWEEN %(from)s AND %(to)s GROUP BY 1
), about AS (
    SELECT r.source_id, count(*) AS articles FROM news.report r
    WHERE r.place_id = (SELECT geo.find_place(%(place)s)) AND r.reported_on BETWEEN %(from)s AND %(to)s GROUP BY 1
)
SELECT coalesce(s.outlet, s.source_name) AS outlet, sum(o.articles)::bigint AS articles,
       coalesce(sum(a.articles), 0)::bigint AS about_place, round(100 * coalesce(sum(a.articles), 0) / sum(o.articles), 2) AS percent
FROM output o LEFT JOIN about a USING (source_id) JOIN ops.source s USING (source_id)
GROUP BY 1 HAVING sum(o.articles) >= %(least)s ORDER BY percent DESC, articles DESC, 1;

-- name: coverage_bias
-- How two outlets differ in the countries they speak of: share of each one's reports, and by what factor the first exceeds the second.
-- param: outlet text = Kyiv Post | one outlet
-- param: other text = Meridian Wire | the outlet it is compared with
-- param: from date = today-30 | first day
-- param: to date = today | last day
-- param: least integer = 3 | least reports of a country by both together
WITH told AS (
    SELECT s.outlet = %(outlet)s AS is_one, r.country_code, count(DISTINCT r.article_id) AS reports
    FROM ops.source s
    JOIN news.article_now n ON n.source_id = s.source_id AND n.reported_on BETWEEN %(from)s AND %(to)s
    JOIN news.report r ON r.article_id = n.article_id
    WHERE s.outlet IN (%(outlet)s, %(other)s) AND r.country_code IS NOT NULL
    GROUP BY 1, 2
), both_of AS (
    SELECT country_code, coalesce(max(reports) FILTER (WHERE is_one), 0) AS one, coalesce(max(reports) FILTER (WHERE NOT is_one), 0) AS other
    FROM told GROUP BY 1
), total AS (
    SELECT greatest(sum(one), 1) AS one, greatest(sum(other), 1) AS other, count(*) AS countries FROM both_of
)
SELECT b.country_code, b.one AS reports, b.other AS other_reports, round(100 * b.one / t.one, 1) AS percent,
       round(100 * b.other / t.other, 1) AS other_percent,
       round(((b.one + 0.5) / (t.one + 0.5 * t.countries)) / ((b.other + 0.5) / (t.other + 0.5 * t.countries)), 2) AS factor
FROM both_of b CROSS JOIN total t
WHERE b.one + b.other >= %(least)s
ORDER BY factor DESC, b.country_code;

-- name: outlet_days
-- An outlet day by day: articles, how many are undated, edited since, or copies of others.
-- param: outlet text = Kyiv Post | the outlet
-- param: from date = today-30 | first day
-- param: to date = today | last day
SELECT d.reported_on, d.articles, d.articles - d.copies AS own, d.copies, d.edited, d.undated
FROM mart.outlet_day d
WHERE d.outlet = %(outlet)s AND d.reported_on BETWEEN %(from)s AND %(to)s
ORDER BY d.reported_on;

-- name: who_copies_whom
-- Which outlet copies which, how often, how alike and how long after.
-- param: from date = today-30 | first day of the copies
-- param: to date = today | last day of the copies
-- param: most integer = 100 | how many at most
SELECT coalesce(cs.outlet, cs.source_name) AS copying, coalesce(os.outlet, os.source_name) AS copied, count(*) AS articles,
       count(*) FILTER (WHERE c.kind = 'wire') AS wire, round(avg(c.similarity)::numeric, 2) AS similarity,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY n.reported_at - o.reported_at) AS median_delay
FROM news.article_now n
CROSS JOIN LATERAL (SELECT * FROM news.copy_of c WHERE c.copy_article_id = n.article_id AND upper_inf(c.recorded) LIMIT 1) AS c
JOIN news.article_now o ON o.article_id = c.origin_article_id
JOIN ops.source cs ON cs.source_id = n.source_id
JOIN ops.source os ON os.source_id = o.source_id
WHERE n.reported_on BETWEEN %(from)s AND %(to)s
GROUP BY 1, 2 ORDER BY articles DESC, 1, 2 LIMIT %(most)s;

-- name: most_copied
-- Articles that most outlets copied.
-- param: from date = today-7 | first day of the copies
-- param: to date = today | last day of the copies
-- param: most integer = 25 | how many at most
SELECT a.outlet, a.title, a.reported_at, c.copies, c.outlets, a.article_id
FROM (
    SELECT c.origin_article_id, count(*) AS copies, count(DISTINCT coalesce(s.outlet, s.source_name)) AS outlets
    FROM news.article_now n
    CROSS JOIN LATERAL (SELECT c.origin_article_id FROM news.copy_of c
                        WHERE c.copy_article_id = n.article_id AND upper_inf(c.recorded) LIMIT 1) AS c
    JOIN ops.source s ON s.source_id = n.source_id
    WHERE n.reported_on BETWEEN %(from)s AND %(to)s
    GROUP BY 1 ORDER BY outlets DESC, copies DESC, 1 LIMIT %(most)s
) AS c
JOIN mart.article a ON a.article_id = c.origin_article_id
ORDER BY c.outlets DESC, c.copies DESC, a.article_id;

-- name: only_one_family
-- Places that only one family of outlets reports in these days: an exclusive, or a rumour.
-- param: from date = today-3 | first day
-- param: to date = today | last day
-- param: least integer = 2 | least reports
-- param: most integer = 50 | how many at most
SELECT p.name AS place, p.country_code, p.admin1_code, r.family, r.reports, r.greatest_confidence, r.example_article_id
FROM (
    SELECT r.place_id, max(f.family) AS family, count(*) AS reports, max(r.confidence) AS greatest_confidence,
           min(r.article_id) AS example_article_id
    FROM news.report r
    JOIN (SELECT s.source_id, lower(coalesce(s.owner, s.outlet, s.source_name)) AS family FROM ops.source s) AS f USING (source_id)
    WHERE r.reported_on BETWEEN %(from)s AND %(to)s AND r.is_event AND r.precision <= 3
    GROUP BY r.place_id
    HAVING min(f.family) = max(f.family) AND count(*) >= %(least)s
    ORDER BY reports DESC, r.place_id LIMIT %(most)s
) AS r
JOIN geo.place p USING (place_id)
ORDER BY r.reports DESC, r.place_id;

-- name: story_ladders
-- Stories of these days on the four ladders: articles, outlets, families of owners, independent lines; and origins.
-- param: from date = today-3 | first day
-- param: to date = today | last day
-- param: most integer = 25 | how many at most, those of most outlets
WITH picked AS MATERIALIZED (
    SELECT t.story_id, count(*) AS articles
    FROM news.article_now n
    CROSS JOIN LATERAL (SELECT a.story_id FROM news.story_article a WHERE a.article_id = n.article_id AND upper_inf(a.recorded) LIMIT 1) AS t
    WHERE n.reported_on BETWEEN %(from)s AND %(to)s
    GROUP BY 1 ORDER BY count(DISTINCT n.source_id) DESC, articles DESC, 1 LIMIT %(most)s
), member AS MATERIALIZED (
    SELECT t.story_id, t.article_id, n.source_id, n.reported_at, n.content_id
    FROM picked JOIN news.story_article t USING (story_id) JOIN news.article_now n USING (article_id)
    WHERE upper_inf(t.recorded)
), line AS (
    SELECT l.bucket AS story_id, max(l.line) AS lines
    FROM (SELECT array_agg(story_id) AS stories, array_agg(article_id) AS ids FROM member) AS m
    CROSS JOIN LATERAL news.lines_among(m.stories, m.ids) AS l GROUP BY 1
)
SELECT m.story_id, count(*) AS articles, count(DISTINCT coalesce(s.outlet, s.source_name)) AS outlets,
       count(DISTINCT lower(coalesce(s.owner, s.outlet, s.source_name))) AS families,
       count(DISTINCT coalesce(c.origin_article_id, m.article_id)) AS origins, max(l.lines) AS independent_lines,
       min(m.reported_at) AS first_at,
       (SELECT x.title FROM news.content x
        WHERE x.content_id = (array_agg(m.content_id ORDER BY m.reported_at, m.article_id))[1]) AS first_title
FROM member m
JOIN ops.source s USING (source_id)
JOIN line l USING (story_id)
LEFT JOIN news.copy_of c ON c.copy_article_id = m.article_id AND upper_inf(c.recorded)
GROUP BY m.story_id ORDER BY independent_lines DESC, outlets DESC, articles DESC, m.story_id;

-- name: thin_stories
-- Stories that look confirmed and are not: several outlets, one independent line.
-- param: from date = today-3 | first day
-- param: to date = today | last day
-- param: outlets integer = 2 | least number of outlets
-- param: most integer = 50 | how many stories are looked at, those of most outlets
WITH picked AS MATERIALIZED (
    SELECT t.story_id
    FROM news.article_now n
    CROSS JOIN LATERAL (SELECT a.story_id FROM news.story_article a WHERE a.article_id = n.article_id AND upper_inf(a.recorded) LIMIT 1) AS t
    WHERE n.reported_on BETWEEN %(from)s AND %(to)s
    GROUP BY 1 HAVING count(DISTINCT n.source_id) >= %(outlets)s
    ORDER BY count(DISTINCT n.source_id) DESC, 1 LIMIT %(most)s
), member AS MATERIALIZED (
    SELECT t.story_id, t.article_id, n.source_id, n.reported_at, n.content_id
    FROM picked JOIN news.story_article t USING (story_id) JOIN news.article_now n USING (article_id)
    WHERE upper_inf(t.recorded)
), line AS (
    SELECT l.bucket AS story_id
    FROM (SELECT array_agg(story_id) AS stories, array_agg(article_id) AS ids FROM member) AS m
    CROSS JOIN LATERAL news.lines_among(m.stories, m.ids) AS l GROUP BY 1 HAVING max(l.line) = 1
)
SELECT m.story_id, count(*) AS articles, count(DISTINCT coalesce(s.outlet, s.source_name)) AS outlets,
       count(DISTINCT lower(coalesce(s.owner, s.outlet, s.source_name))) AS families,
       (SELECT string_agg(DISTINCT u.name, ', ' ORDER BY u.name) FROM news.upstream u
        WHERE u.content_id = ANY (array_agg(m.content_id)) AND upper_inf(u.recorded)) AS upstreams,
       (SELECT x.title FROM news.content x
        WHERE x.content_id = (array_agg(m.content_id ORDER BY m.reported_at, m.article_id))[1]) AS first_title
FROM member m JOIN ops.source s USING (source_id) JOIN line l USING (story_id)
GROUP BY m.story_id HAVING count(DISTINCT coalesce(s.outlet, s.source_name)) >= %(outlets)s
ORDER BY outlets DESC, articles DESC, m.story_id;

-- name: story_timeline
-- One story, article by article: when, who, on which independent line, and whose copy.
-- param: story integer = 1 | story_id, as story_ladders gives it
WITH member AS MATERIALIZED (
    SELECT t.article_id FROM news.story_article t WHERE t.story_id = %(story)s AND upper_inf(t.recorded)
), line AS (
    SELECT l.article_id, l.line
    FROM (SELECT array_agg(n.article_id ORDER BY n.reported_at, n.article_id) AS ids, array_agg(0::bigint) AS zeros
          FROM member JOIN news.article_now n USING (article_id)) AS m
    CROSS JOIN LATERAL news.lines_among(m.zeros, m.ids) AS l
)
SELECT a.reported_at, l.line, a.outlet, a.title, o.outlet AS copied_from, c.kind AS copy_kind, a.versions, a.article_id
FROM line l
JOIN mart.article a USING (article_id)
LEFT JOIN news.copy_of c ON c.copy_article_id = a.article_id AND upper_inf(c.recorded)
LEFT JOIN mart.article o ON o.article_id = c.origin_article_id
ORDER BY a.reported_at, a.article_id;

-- name: numbers_changed
-- Numbers that changed from one version to the next: casualties and the like, before and after.
-- param: from date = today-30 | first day of the change
-- param: to date = today | last day of the change
-- param: measure text = any | killed, injured, missing, detained, displaced, damaged, or any
SELECT e.changed_at, s.outlet, e.measure, e.number_before, e.number_after, e.before_text, e.after_text, c.title, e.article_id
FROM news.edit e
JOIN news.article_now n USING (article_id)
JOIN ops.source s USING (source_id)
JOIN news.content c ON c.content_id = n.content_id
WHERE upper_inf(e.recorded) AND e.kind = 'number' AND e.changed_at >= %(from)s AND e.changed_at < %(to)s + 1
  AND e.number_before IS DISTINCT FROM e.number_after AND (e.measure = %(measure)s OR %(measure)s = 'any')
ORDER BY e.changed_at, e.article_id, e.ordinal;

-- name: silent_rewrites
-- Headlines and numbers that were changed without a correction notice.
-- param: from date = today-7 | first day of the change
-- param: to date = today | last day of the change
-- param: most integer = 100 | how many at most
SELECT e.changed_at, s.outlet, e.kind, e.before_text, e.after_text, e.article_id
FROM news.edit e
JOIN news.article_now n USING (article_id)
JOIN ops.source s USING (source_id)
WHERE upper_inf(e.recorded) AND e.kind IN ('headline', 'number') AND e.changed_at >= %(from)s AND e.changed_at < %(to)s + 1
  AND NOT EXISTS (SELECT FROM news.edit c WHERE c.article_id = e.article_id AND upper_inf(c.recorded)
                  AND c.kind = 'correction' AND c.to_content_id = e.to_content_id)
ORDER BY e.changed_at DESC, e.article_id, e.ordinal LIMIT %(most)s;

-- name: edit_habits
-- How much each outlet edits what it published: articles with a changed number, headline or notice in these days.
-- param: from date = today-30 | first day of the change
-- param: to date = today | last day of the change
SELECT coalesce(s.outlet, s.source_name) AS outlet, count(DISTINCT e.article_id) AS edited,
       count(DISTINCT e.article_id) FILTER (WHERE e.kind = 'number') AS numbers,
       count(DISTINCT e.article_id) FILTER (WHERE e.kind = 'headline') AS headlines,
       count(DISTINCT e.article_id) FILTER (WHERE e.kind = 'correction') AS notices
FROM news.edit e
JOIN news.article_now n USING (article_id)
JOIN ops.source s USING (source_id)
WHERE upper_inf(e.recorded) AND e.changed_at >= %(from)s AND e.changed_at < %(to)s + 1
GROUP BY 1 ORDER BY edited DESC, 1;

-- name: undated_articles
-- Articles whose publisher states no date: their day is when they were first observed.
-- param: from date = today-30 | first day
-- param: to date = today | last day
-- param: most integer = 100 | how many at most
SELECT a.first_observed_at, a.outlet, a.source_name, a.title, a.article_id
FROM (SELECT n.article_id FROM news.article_now n
      WHERE n.published_at IS NULL AND n.reported_on BETWEEN %(from)s AND %(to)s
      ORDER BY n.first_observed_at DESC, n.article_id LIMIT %(most)s) AS n
JOIN mart.article a USING (article_id)
ORDER BY a.first_observed_at DESC, a.article_id;

-- name: ingest_lag
-- How long after publication each source's articles were observed, and held here: median and slowest tenth.
-- param: from date = today-7 | first day
-- param: to date = today | last day
SELECT l.source_name, count(*) AS articles, percentile_disc(0.5) WITHIN GROUP (ORDER BY l.until_observed) AS median_until_observed,
       percentile_disc(0.9) WITHIN GROUP (ORDER BY l.until_observed) AS slowest_tenth,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY l.until_held) AS median_until_held
FROM mart.lag l
WHERE l.reported_on BETWEEN %(from)s AND %(to)s
GROUP BY 1 ORDER BY median_until_observed DESC, 1;

-- name: silent_feeds
-- Sources that answer, yet bring nothing new for longer than their own rhythm explains.
SELECT s.source_name, s.outlet, s.silent_since, s.silence, s.usual_gap, s.expected_within
FROM mart.silent_source s ORDER BY s.silence DESC, s.source_name;

-- name: failing_sources
-- Sources that do not answer as they should, and what happens next.
SELECT s.source_name, s.last_reason, s.last_success_at, s.failure_weight, s.next_poll_at, s.next_poll_rule, s.moved_at, s.gone_at
FROM mart.source s
WHERE s.is_enabled AND (s.last_reason IS NOT NULL OR s.gone_at IS NOT NULL OR s.given_up_at IS NOT NULL)
ORDER BY s.failure_weight DESC, s.source_name;

-- name: missing_days
-- Sources and days that are not covered: failed, never looked at, or beyond what a feed shows.
-- param: from date = today-30 | first day
-- param: to date = today-1 | last day
SELECT d::date AS day, s.source_name, s.kind, coalesce(c.verdict, 'not looked at') AS verdict, c.expected, c.fetched
FROM generate_series(%(from)s::timestamp, %(to)s::timestamp, interval '1 day') AS d
CROSS JOIN ops.source s
LEFT JOIN (SELECT * FROM ops.coverage_day c WHERE c.covered_on BETWEEN %(from)s AND %(to)s) AS c
       ON c.source_id = s.source_id AND c.covered_on = d::date
WHERE s.is_enabled AND (s.has_archive OR d::date >= (s.created_at AT TIME ZONE 'UTC')::date)
  AND coalesce(c.verdict, '') NOT IN ('covered', 'empty')
ORDER BY 1, 2;

-- name: turned_away
-- What was rejected in these days, by stage, reason and source.
-- param: from date = today-7 | first day
-- param: to date = today | last day
SELECT r.stage, r.reason, r.source_name, count(*) AS items, max(r.at) AS last_at, min(r.detail) AS example
FROM mart.rejection r
WHERE r.at >= %(from)s AND r.at < %(to)s + 1
GROUP BY 1, 2, 3 ORDER BY items DESC, 1, 2, 3;

-- name: words
-- Full text, the newest first, with what was found marked; English and Russian by stem, other languages by how words begin.
-- param: words text = evacuation bridge | words (all of them), "a phrase", or, -not
-- param: language text = any | en, ru, uk …, or any
-- param: from date = today-30 | first day
-- param: to date = today | last day
-- param: most integer = 20 | how many at most
SELECT s.reported_at, s.outlet, s.language_code, s.title, s.snippet, s.article_id
FROM mart.search(%(words)s, nullif(%(language)s, 'any'), %(from)s, %(to)s, %(most)s) AS s;

-- name: words_at_place
-- Articles that name a place and hold some words.
-- param: place place = Sloviansk | the place
-- param: words text = water | words (all of them), "a phrase", or, -not
-- param: from date = today-30 | first day
-- param: to date = today | last day
SELECT r.reported_at, r.outlet, r.title, r.confidence, r.article_id
FROM mart.report r
JOIN news.article_words w ON w.article_id = r.article_id
WHERE r.place_id = (SELECT geo.find_place(%(place)s)) AND r.reported_on BETWEEN %(from)s AND %(to)s
  AND w.words @@ CASE w.stemmer WHEN 'en' THEN (SELECT mart.search_query(%(words)s, 'en'))
                                WHEN 'ru' THEN (SELECT mart.search_query(%(words)s, 'ru'))
                                ELSE (SELECT mart.search_query(%(words)s, 'plain')) END
ORDER BY r.reported_at DESC, r.article_id;

-- name: trace
-- Where an article's texts come from: capture, bytes, run and code.
-- param: article integer = 1 | article_id
SELECT p.observed_at, p.captured_as, p.requested_url, p.status, p.sha256, p.extractor, p.code_version, p.job, p.run, p.content_id
FROM mart.provenance p
WHERE p.article_id = ANY (news.articles_in(%(article)s))
ORDER BY p.observed_at, p.content_id;
