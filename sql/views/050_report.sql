-- Who reported what place, when: by article, by day, by outlet; and how late it came in.

CREATE VIEW mart.report AS
SELECT r.article_id, r.place_id, p.name AS place, p.feature_code, r.country_code, p.admin1_code, r.lat, r.lon, r.precision,
       r.radius_km, r.confidence, r.mentions, r.is_event, r.is_dateline, r.is_speaker, r.is_actor, r.is_passing,
       r.is_relative, r.reported_on, n.reported_at, n.published_at, n.published_at IS NOT NULL AS is_dated,
       n.first_observed_at, s.outlet, s.source_name, lower(coalesce(s.owner, s.outlet, s.source_name)) AS family,
       n.language_code, c.title, n.content_id
FROM news.report r
LEFT JOIN news.article_now n ON n.article_id = r.article_id
LEFT JOIN ops.source s ON s.source_id = r.source_id
LEFT JOIN news.content c ON c.content_id = n.content_id
LEFT JOIN geo.place p ON p.place_id = r.place_id;
COMMENT ON VIEW mart.report IS
    'One row an article and place its latest text names: best precision, greatest confidence, the roles it plays; reported_on is the day of publication, else of first observation, UTC';

CREATE VIEW mart.place_day AS
SELECT r.place_id, p.name AS place, p.country_code, p.admin1_code, r.reported_on, count(*) AS reports,
       count(DISTINCT coalesce(s.outlet, s.source_name)) AS outlets,
       count(DISTINCT lower(coalesce(s.owner, s.outlet, s.source_name))) AS families,
       count(*) FILTER (WHERE r.is_event) AS event_reports, sum(r.mentions) AS mentions,
       min(r.precision) AS best_precision, max(r.confidence) AS greatest_confidence
FROM news.report r
JOIN geo.place p ON p.place_id = r.place_id
JOIN ops.source s ON s.source_id = r.source_id
GROUP BY r.place_id, r.reported_on, p.name, p.country_code, p.admin1_code;
COMMENT ON VIEW mart.place_day IS
    'One row a place and day: reports (articles), outlets and families of outlets that named it; ask with place_id or place, or with reported_on';

CREATE VIEW mart.outlet_day AS
SELECT coalesce(s.outlet, s.source_name) AS outlet, n.reported_on, count(*) AS articles,
       count(*) FILTER (WHERE n.published_at IS NULL) AS undated,
       count(*) FILTER (WHERE n.versions > 1) AS edited,
       count(c.is_copy) AS copies
FROM news.article_now n
JOIN ops.source s ON s.source_id = n.source_id
LEFT JOIN LATERAL (SELECT true AS is_copy FROM news.copy_of c  -- one look-up an article: a join would read all copies there are
                   WHERE c.copy_article_id = n.article_id AND upper_inf(c.recorded) LIMIT 1) AS c ON true
GROUP BY coalesce(s.outlet, s.source_name), n.reported_on;
COMMENT ON VIEW mart.outlet_day IS 'One row an outlet and day: articles, and of them undated ones, those edited since, and copies of others';

CREATE VIEW mart.lag AS
SELECT n.article_id, s.source_name, s.outlet, n.reported_on, n.published_at, n.first_observed_at, n.created_at,
       n.first_observed_at - n.published_at AS until_observed, n.created_at - n.published_at AS until_held
FROM news.article_now n
JOIN news.content c ON c.content_id = n.content_id
LEFT JOIN ops.source s ON s.source_id = n.source_id
WHERE c.published_precision IN ('instant', 'minute');
COMMENT ON VIEW mart.lag IS
    'How long after its publication an article was observed, and how long until it was held here; only those published at a known minute';

CREATE FUNCTION mart.reports_near(
    lat double precision, lon double precision, km double precision, from_on date DEFAULT '-infinity', to_on date DEFAULT 'infinity'
) RETURNS TABLE (article_id bigint, place_id bigint, source_id integer, reported_on date, distance_km double precision,
                 "precision" smallint, confidence real) LANGUAGE sql STABLE ROWS 1000 AS $$
SELECT r.article_id, r.place_id, r.source_id, r.reported_on, p.distance_km, r.precision, r.confidence
FROM geo.places_near($1, $2, $3) AS p
JOIN news.report r ON r.place_id = p.place_id AND NOT r.is_relative
WHERE r.reported_on BETWEEN $4 AND $5
UNION ALL
SELECT r.article_id, r.place_id, r.source_id, r.reported_on, d.km, r.precision, r.confidence
FROM (SELECT least(360, $3 / 110.5 / greatest(cosd(least(89.9, abs($1) + $3 / 110.5)), 0.001)) AS lon) AS w
CROSS JOIN news.report r
CROSS JOIN LATERAL (SELECT geo.km_between($1, $2, r.lat, r.lon) AS km) AS d
WHERE r.is_relative AND r.reported_on BETWEEN $4 AND $5 AND d.km <= $3
  AND box(point($2 - w.lon, $1 - $3 / 110.5), point($2 + w.lon, $1 + $3 / 110.5)) @> point(r.lon, r.lat)
$$;
COMMENT ON FUNCTION mart.reports_near(double precision, double precision, double precision, date, date) IS
    'Reports of places within so many km of a point (lat, lon, km, first and last day): by the place''s point, or the point meant where a text says "20 km south of"; boxes end at the date line, distances do not';

COMMENT ON COLUMN mart.report.place IS 'Name of the place';
COMMENT ON COLUMN mart.report.is_dated IS 'Whether the publisher states when it was published';
COMMENT ON COLUMN mart.report.family IS 'Owner of the outlet, else the outlet itself; in lower case';
COMMENT ON COLUMN mart.place_day.place IS 'Name of the place';
COMMENT ON COLUMN mart.place_day.reports IS 'Articles of that day that name it';
COMMENT ON COLUMN mart.place_day.outlets IS 'Outlets they stand in';
COMMENT ON COLUMN mart.place_day.families IS 'Owners of those outlets';
COMMENT ON COLUMN mart.place_day.event_reports IS 'Of the reports, those that name it as where something happened';
COMMENT ON COLUMN mart.place_day.mentions IS 'How often they name it';
COMMENT ON COLUMN mart.place_day.best_precision IS 'Best precision among them, 1 to 7';
COMMENT ON COLUMN mart.place_day.greatest_confidence IS 'Greatest confidence among them';
COMMENT ON COLUMN mart.outlet_day.outlet IS 'The publication; its source''s name where that is unknown';
COMMENT ON COLUMN mart.outlet_day.articles IS 'Articles reported that day';
COMMENT ON COLUMN mart.outlet_day.undated IS 'Of them, those that state no date: the day is of first observation';
COMMENT ON COLUMN mart.outlet_day.edited IS 'Of them, those whose text was changed since';
COMMENT ON COLUMN mart.outlet_day.copies IS 'Of them, copies of others';
COMMENT ON COLUMN mart.lag.until_observed IS 'From publication to first observation';
COMMENT ON COLUMN mart.lag.until_held IS 'From publication to the warehouse';
