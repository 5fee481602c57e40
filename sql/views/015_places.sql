-- Why a mention means what it means, and the corrections analysts made.

CREATE VIEW mart.mention_candidate AS
SELECT m.mention_id, m.article_id, m.outlet, m.title, m.surface, m.place_id AS chosen_place_id, c.rank, c.place_id,
       p.name AS place, p.feature_code, p.country_code, p.admin1_code, p.population, p.lat, p.lon, c.score, c.evidence
FROM mart.mention m
JOIN news.mention_candidate c USING (mention_id)
JOIN geo.place p ON p.place_id = c.place_id;
COMMENT ON VIEW mart.mention_candidate IS
    'What each mention could have been: score and, as JSON, the contribution of each piece of evidence';

CREATE VIEW mart.place_override AS
SELECT o.override_id, o.surface, o.place_id, p.name AS place, o.outlet, o.language_code,
       encode(o.text_hash, 'hex') AS text_sha256, o.field, o.start_offset, o.note, lower(o.recorded) AS since,
       CASE
           WHEN EXISTS (SELECT FROM news.place_override r
                        WHERE upper_inf(r.recorded) AND r.override_id <> o.override_id AND r.surface = o.surface
                          AND r.place_id IS DISTINCT FROM o.place_id
                          AND (r.text_hash, r.field, r.start_offset, r.outlet, r.language_code)
                              IS NOT DISTINCT FROM (o.text_hash, o.field, o.start_offset, o.outlet, o.language_code))
               THEN 'contradicted: the later of them holds'
           WHEN o.text_hash IS NOT NULL AND NOT EXISTS (
                        SELECT FROM news.content c JOIN news.version v USING (content_id)
                        WHERE upper_inf(v.recorded) AND o.text_hash = sha256(convert_to(
                            CASE o.field WHEN 'title' THEN c.title WHEN 'standfirst' THEN c.standfirst
                                         WHEN 'caption' THEN c.captions ELSE c.body END, 'UTF8')))
               THEN 'text is gone: no article says it now'
           WHEN o.place_id IS NOT NULL AND p.gazetteer_id IS DISTINCT FROM
                (SELECT g.gazetteer_id FROM geo.gazetteer g WHERE g.is_current)
               THEN 'place is gone: the gazetteer in use lacks it'
       END AS conflict
FROM news.place_override o
LEFT JOIN geo.place p USING (place_id)
WHERE upper_inf(o.recorded);
COMMENT ON VIEW mart.place_override IS 'Analysts'' corrections that hold, and what is wrong with those that conflict';
