-- Articles as they stand now, and what led there.

CREATE VIEW mart.article AS
SELECT a.article_id, s.outlet, s.source_name, s.owner, s.country_code AS outlet_country_code, c.title, c.standfirst,
       c.body, c.captions, c.authors, c.language_code, c.published_at, c.published_precision, c.published_origin,
       lower(v.observed) AS observed_since, a.first_observed_at,
       (SELECT count(*) FROM news.version w WHERE w.article_id = a.article_id AND upper_inf(w.recorded)) AS versions,
       (SELECT min(k.article_key) FROM news.article_key k WHERE k.article_id = ANY (news.articles_in(a.article_id)) AND k.kind <> 'alias') AS url,
       c.content_id, c.extractor, c.code_version, a.run_id, c.section, d.agencies, d.credits, d.is_paywalled,
       d.dateline_place, d.dateline_on, d.images
FROM news.article a
JOIN ops.source s USING (source_id)
JOIN news.version v ON v.article_id = a.article_id AND upper_inf(v.recorded) AND upper_inf(v.observed)
JOIN news.content c ON c.content_id = v.content_id
LEFT JOIN news.content_detail d ON d.content_id = c.content_id;
COMMENT ON VIEW mart.article IS 'One row an article: its latest text';

CREATE VIEW mart.version AS
SELECT v.article_id, s.outlet, c.title, c.body, lower(v.observed) AS observed_from, upper(v.observed) AS observed_to,
       lower(v.recorded) AS recorded_from, upper(v.recorded) AS recorded_to, c.content_id
FROM news.version v
JOIN news.article a USING (article_id)
JOIN ops.source s USING (source_id)
JOIN news.content c ON c.content_id = v.content_id;
COMMENT ON VIEW mart.version IS 'Every state of every article, on both clocks: observed (the publisher''s) and recorded (ours)';

CREATE VIEW mart.mention AS
SELECT m.mention_id, a.article_id, a.outlet, a.title, a.published_at, m.field, m.start_offset, m.end_offset, m.surface,
       m.role, m.place_id, p.name AS place, p.feature_code, m.country_code, p.admin1_code, m.lat, m.lon, m.precision,
       m.radius_km, m.confidence, m.method, m.relation, m.relation_km, m.bearing, m.other_place_id, t.tagger, g.version AS gazetteer
FROM mart.article a
JOIN news.tagging t ON t.content_id = a.content_id AND upper_inf(t.recorded)
JOIN geo.gazetteer g USING (gazetteer_id)
JOIN news.mention m USING (tagging_id)
LEFT JOIN geo.place p ON p.place_id = m.place_id;
COMMENT ON VIEW mart.mention IS 'Places named in the latest text of each article; place_id is null where doubt remains';

CREATE VIEW mart.place AS
SELECT m.place_id, p.name AS place, p.feature_code, p.country_code, p.admin1_code, p.lat, p.lon,
       count(DISTINCT m.article_id) AS articles, count(*) AS mentions, count(DISTINCT m.outlet) AS outlets
FROM mart.mention m
JOIN geo.place p ON p.place_id = m.place_id
GROUP BY m.place_id, p.place_id;
COMMENT ON VIEW mart.place IS 'Places with how many articles and outlets name them';

CREATE VIEW mart.sighting AS
SELECT g.article_id, s.source_name, s.outlet, g.first_seen_at, g.last_seen_at
FROM news.sighting g JOIN ops.source s USING (source_id);
COMMENT ON VIEW mart.sighting IS 'Which feeds showed an article, and when';
