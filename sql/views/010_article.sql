-- Articles as they stand now, and what led there.

CREATE VIEW mart.article AS
SELECT n.article_id, s.outlet, s.source_name, s.owner, s.country_code AS outlet_country_code, c.title, c.standfirst,
       c.body, c.captions, c.authors, n.language_code, n.published_at, c.published_precision, c.published_origin,
       n.observed_since, n.first_observed_at, n.versions,
       (SELECT min(k.article_key) FROM news.article_key k WHERE k.article_id = ANY (news.articles_in(n.article_id)) AND k.kind <> 'alias') AS url,
       n.content_id, c.extractor, c.code_version, a.run_id, c.section, d.agencies, d.credits, d.is_paywalled,
       d.dateline_place, d.dateline_on, d.images, n.reported_at, n.reported_on, n.published_at IS NOT NULL AS is_dated,
       n.created_at
FROM news.article_now n
LEFT JOIN news.article a USING (article_id)  -- outer, though each is there: what is not asked for is not read
LEFT JOIN ops.source s ON s.source_id = n.source_id
LEFT JOIN news.content c ON c.content_id = n.content_id
LEFT JOIN news.content_detail d ON d.content_id = n.content_id;
COMMENT ON VIEW mart.article IS
    'One row an article: its latest text; reported_at and reported_on (day, UTC) are of publication, else of first observation';

CREATE VIEW mart.version AS
SELECT v.article_id, s.outlet, c.title, c.body, lower(v.observed) AS observed_from, upper(v.observed) AS observed_to,
       lower(v.recorded) AS recorded_from, upper(v.recorded) AS recorded_to, c.content_id
FROM news.version v
JOIN news.article a USING (article_id)
JOIN ops.source s USING (source_id)
JOIN news.content c ON c.content_id = v.content_id;
COMMENT ON VIEW mart.version IS 'Every state of every article, on both clocks: observed (the publisher''s) and recorded (ours)';

CREATE VIEW mart.mention AS
SELECT m.mention_id, n.article_id, s.outlet, c.title, n.published_at, m.field, m.start_offset, m.end_offset, m.surface,
       m.role, m.place_id, p.name AS place, p.feature_code, m.country_code, p.admin1_code, m.lat, m.lon, m.precision,
       m.radius_km, m.confidence, m.method, m.relation, m.relation_km, m.bearing, m.other_place_id, t.tagger,
       g.version AS gazetteer, n.reported_on, n.content_id
FROM news.article_now n
JOIN news.tagging t ON t.content_id = n.content_id AND upper_inf(t.recorded)
JOIN news.mention m USING (tagging_id)
LEFT JOIN ops.source s ON s.source_id = n.source_id
LEFT JOIN news.content c ON c.content_id = n.content_id
LEFT JOIN geo.gazetteer g ON g.gazetteer_id = t.gazetteer_id
LEFT JOIN geo.place p ON p.place_id = m.place_id;
COMMENT ON VIEW mart.mention IS 'Places named in the latest text of each article; place_id is null where doubt remains';

CREATE VIEW mart.place AS
SELECT t.place_id, p.name AS place, p.feature_code, p.country_code, p.admin1_code, p.lat, p.lon, t.articles, t.mentions,
       (SELECT count(DISTINCT s.outlet) FROM news.place_source_tally x JOIN ops.source s USING (source_id)
        WHERE x.place_id = t.place_id) AS outlets,
       (SELECT min(r.reported_on) FROM news.report r WHERE r.place_id = t.place_id) AS first_reported_on,
       (SELECT max(r.reported_on) FROM news.report r WHERE r.place_id = t.place_id) AS last_reported_on
FROM news.place_tally t
JOIN geo.place p USING (place_id);
COMMENT ON VIEW mart.place IS 'Places that latest texts name, with how many articles and outlets name them and since when';

CREATE VIEW mart.sighting AS
SELECT g.article_id, s.source_name, s.outlet, g.first_seen_at, g.last_seen_at
FROM news.sighting g JOIN ops.source s USING (source_id);
COMMENT ON VIEW mart.sighting IS 'Which feeds showed an article, and when';
COMMENT ON COLUMN mart.article.is_dated IS 'Whether the publisher states when it was published';
COMMENT ON COLUMN mart.place.first_reported_on IS 'First day an article that names it was reported';
COMMENT ON COLUMN mart.place.last_reported_on IS 'Last such day';
