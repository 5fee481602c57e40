-- Analysts' corrections of places, and why a mention means what it means.

-- name: active_overrides
-- Overrides that hold, with the place each one gives.
SELECT o.override_id, o.surface, o.text_hash, o.field, o.start_offset, o.outlet, o.language_code, o.note, o.place_id,
       p.name, p.feature_class, p.feature_code, p.country_code, p.admin1_code, p.admin2_code, p.lat, p.lon, p.population,
       p.radius_km
FROM news.place_override o LEFT JOIN geo.place p USING (place_id)
WHERE upper_inf(o.recorded)
ORDER BY o.override_id;

-- name: add_override
-- Notes a correction; answers its id, that of the same one held already if there is one.
WITH held AS (
    SELECT override_id FROM news.place_override
    WHERE upper_inf(recorded) AND surface = %(surface)s AND place_id IS NOT DISTINCT FROM %(place_id)s
      AND text_hash IS NOT DISTINCT FROM %(text_hash)s AND field IS NOT DISTINCT FROM %(field)s
      AND start_offset IS NOT DISTINCT FROM %(start)s AND outlet IS NOT DISTINCT FROM %(outlet)s
      AND language_code IS NOT DISTINCT FROM %(language_code)s
), made AS (
    INSERT INTO news.place_override (surface, place_id, text_hash, field, start_offset, outlet, language_code, note, recorded)
    SELECT %(surface)s, %(place_id)s, %(text_hash)s, %(field)s, %(start)s, %(outlet)s, %(language_code)s, %(note)s,
           tstzrange(%(at)s, NULL, '[)')
    WHERE NOT EXISTS (SELECT FROM held)
    RETURNING override_id
)
SELECT override_id FROM made UNION ALL SELECT override_id FROM held LIMIT 1;

-- name: end_override
-- Ends a correction; answers its id if it held.
UPDATE news.place_override SET recorded = tstzrange(lower(recorded), %(at)s, '[)')
WHERE override_id = %(override_id)s AND upper_inf(recorded) AND lower(recorded) < %(at)s
RETURNING override_id;

-- name: contents_of_override
-- Tagged contents that an override concerns, to be tagged anew.
SELECT t.content_id, a.source_id
FROM news.place_override o
JOIN news.tagging t ON upper_inf(t.recorded)
JOIN news.content c USING (content_id)
JOIN news.article a USING (article_id)
JOIN ops.source s ON s.source_id = a.source_id
WHERE o.override_id = %(override_id)s
  AND (o.outlet IS NULL OR o.outlet IN (s.outlet, s.source_name))
  AND (o.language_code IS NULL OR o.language_code = c.language_code)
  AND strpos(concat_ws(E'\n', c.title, c.standfirst, c.body, c.captions), o.surface) > 0
  AND (o.text_hash IS NULL OR o.text_hash = sha256(convert_to(
      CASE o.field WHEN 'title' THEN c.title WHEN 'standfirst' THEN c.standfirst WHEN 'caption' THEN c.captions
                   ELSE c.body END, 'UTF8')))
ORDER BY t.content_id;

-- name: mention_found
-- A mention with the text it stands in.
SELECT m.mention_id, m.field, m.start_offset, m.end_offset, m.surface, m.role, m.place_id, p.name AS place, m.lat, m.lon,
       m.precision, m.radius_km, m.confidence, m.method, m.relation, m.relation_km, m.bearing, q.name AS other_place,
       t.tagger, t.override_version, t.content_id, g.version AS gazetteer, c.article_id,
       CASE m.field WHEN 'title' THEN c.title WHEN 'standfirst' THEN c.standfirst WHEN 'caption' THEN c.captions
                    ELSE c.body END AS text
FROM news.mention m
JOIN news.tagging t USING (tagging_id)
JOIN geo.gazetteer g USING (gazetteer_id)
JOIN news.content c USING (content_id)
LEFT JOIN geo.place p ON p.place_id = m.place_id
LEFT JOIN geo.place q ON q.place_id = m.other_place_id
WHERE m.mention_id = %(mention_id)s;

-- name: candidates_of
-- What a mention could have been, the best first.
SELECT c.rank, c.place_id, p.name, p.feature_code, p.country_code, p.admin1_code, p.population, c.score, c.evidence
FROM news.mention_candidate c JOIN geo.place p USING (place_id)
WHERE c.mention_id = %(mention_id)s ORDER BY c.rank;

-- name: override_conflicts
-- Overrides that contradict one another, or have nothing left to apply to.
SELECT override_id, conflict FROM mart.place_override WHERE conflict IS NOT NULL ORDER BY override_id;

-- name: place_by_id
-- A place the warehouse has.
SELECT place_id, name FROM geo.place WHERE place_id = %(place_id)s;
