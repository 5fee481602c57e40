-- The gazetteer and what geotagging made of contents.

-- name: current_gazetteer
-- The gazetteer in use.
SELECT gazetteer_id, version, places, names FROM geo.gazetteer WHERE is_current;

-- name: gazetteers
-- Every gazetteer there was, the latest first.
SELECT version, places, names, loaded_at, is_current FROM geo.gazetteer ORDER BY loaded_at DESC, gazetteer_id DESC;

-- name: lock_gazetteer
-- One loader at a time.
SELECT pg_advisory_xact_lock(hashtext('geo.gazetteer'));

-- name: stage_gazetteer
-- Makes the temporary tables a gazetteer is copied into.
CREATE TEMPORARY TABLE new_place (LIKE geo.place) ON COMMIT DROP;
ALTER TABLE new_place ALTER gazetteer_id DROP NOT NULL;
CREATE TEMPORARY TABLE new_name (LIKE geo.place_name) ON COMMIT DROP;

-- name: copy_places
-- Takes places as CSV.
COPY new_place (place_id, name, feature_class, feature_code, country_code, admin1_code, admin2_code, lat, lon,
                population, radius_km) FROM STDIN (FORMAT csv);

-- name: copy_names
-- Takes names as CSV.
COPY new_name (place_id, name, kind, language_code, valid_from, valid_to) FROM STDIN (FORMAT csv);

-- name: begin_gazetteer
-- Makes this version the current one.
UPDATE geo.gazetteer SET is_current = false WHERE is_current AND version <> %(version)s;
INSERT INTO geo.gazetteer (version, places, names, loaded_at, is_current)
VALUES (%(version)s, (SELECT count(*) FROM new_place), (SELECT count(*) FROM new_name), %(at)s, true)
ON CONFLICT (version) DO UPDATE SET is_current = true
RETURNING gazetteer_id;

-- name: swap_places
-- Puts the staged places in; those it no longer has stay only where something names them.
INSERT INTO geo.place AS p SELECT place_id, name, feature_class, feature_code, country_code, admin1_code, admin2_code,
                             lat, lon, population, radius_km, %(gazetteer_id)s FROM new_place
ON CONFLICT (place_id) DO UPDATE SET name = excluded.name, feature_class = excluded.feature_class,
    feature_code = excluded.feature_code, country_code = excluded.country_code, admin1_code = excluded.admin1_code,
    admin2_code = excluded.admin2_code, lat = excluded.lat, lon = excluded.lon, population = excluded.population,
    radius_km = excluded.radius_km, gazetteer_id = excluded.gazetteer_id;
TRUNCATE geo.place_name;
INSERT INTO geo.place_name (place_id, name, kind, language_code, valid_from, valid_to)
SELECT place_id, name, kind, language_code, valid_from, valid_to FROM new_name n
WHERE EXISTS (SELECT FROM new_place p WHERE p.place_id = n.place_id);
DELETE FROM geo.place p WHERE p.gazetteer_id <> %(gazetteer_id)s
    AND NOT EXISTS (SELECT FROM news.mention m WHERE m.place_id = p.place_id)
    AND NOT EXISTS (SELECT FROM news.tagging_evidence e, json_each(e.candidates) AS m, json_array_elements(m.value) AS c
                    WHERE (c.value ->> 0)::bigint = p.place_id)
    AND NOT EXISTS (SELECT FROM news.demonym d WHERE d.place_id = p.place_id)
    AND NOT EXISTS (SELECT FROM news.focus f WHERE f.place_id = p.place_id)
    AND NOT EXISTS (SELECT FROM news.mention m WHERE m.other_place_id = p.place_id)
    AND NOT EXISTS (SELECT FROM news.place_override o WHERE o.place_id = p.place_id);

-- name: analyze_gazetteer
-- Lets the planner know the new gazetteer.
ANALYZE geo.place, geo.place_name;

-- name: read_places
-- Places of the current gazetteer, as CSV in a fixed order.
COPY (SELECT p.place_id, p.name, p.feature_class, p.feature_code, p.country_code, p.admin1_code, p.admin2_code, p.lat,
             p.lon, p.population, p.radius_km
      FROM geo.place p JOIN geo.gazetteer g USING (gazetteer_id) WHERE g.is_current ORDER BY p.place_id)
TO STDOUT (FORMAT csv);

-- name: read_names
-- Names of the current gazetteer, as CSV in a fixed order.
COPY (SELECT place_id, name, kind, language_code, valid_from, valid_to FROM geo.place_name ORDER BY place_id, kind, name)
TO STDOUT (FORMAT csv);

-- name: tagged_already
-- Which of these contents hold a tagging by this tagger, gazetteer and overrides.
SELECT t.content_id
FROM json_to_recordset(%(rows)s) AS r (content_id bigint, override_version text)
JOIN news.tagging t USING (content_id)
WHERE upper_inf(t.recorded) AND t.tagger = %(tagger)s AND t.gazetteer_id = %(gazetteer_id)s
  AND t.override_version IS NOT DISTINCT FROM r.override_version;

-- name: begin_taggings
-- Closes what earlier taggers said of these contents and opens new taggings; answers their ids.
UPDATE news.tagging t SET recorded = tstzrange(lower(t.recorded), %(at)s, '[)')
FROM json_to_recordset(%(rows)s) AS r (content_id bigint)
WHERE t.content_id = r.content_id AND upper_inf(t.recorded) AND lower(t.recorded) < %(at)s;
INSERT INTO news.tagging (content_id, tagger, gazetteer_id, override_version, run_id, recorded)
SELECT r.content_id, %(tagger)s, %(gazetteer_id)s, r.override_version, %(run_id)s, tstzrange(%(at)s, NULL, '[)')
FROM json_to_recordset(%(rows)s) AS r (content_id bigint, override_version text) ORDER BY r.content_id
RETURNING tagging_id, content_id;

-- name: keep_mentions
-- Stores mentions.
INSERT INTO news.mention (tagging_id, field, start_offset, end_offset, surface, role, place_id, lat, lon, country_code,
                          precision, radius_km, confidence, method, relation, relation_km, bearing, other_place_id)
SELECT r.tagging_id, r.field, r.start, r."end", r.surface, r.role, r.place_id, r.lat, r.lon, r.country_code,
       r.precision, r.radius_km, r.confidence, r.method, r.relation, r.relation_km, r.bearing, r.other_place_id
FROM json_to_recordset(%(rows)s) AS r (
    tagging_id bigint, field text, start integer, "end" integer, surface text, role text, place_id bigint,
    lat double precision, lon double precision, country_code text, precision smallint, radius_km real, confidence real,
    method text, relation text, relation_km real, bearing smallint, other_place_id bigint, n bigint)
ORDER BY r.n;

-- name: keep_evidence
-- Stores what the mentions of texts could have been.
INSERT INTO news.tagging_evidence (tagging_id, features, candidates)
SELECT r.tagging_id, r.features, news.padded(r.candidates)
FROM json_to_recordset(%(rows)s) AS r (tagging_id bigint, features text[], candidates json);

-- name: keep_demonyms
-- Stores people-words.
INSERT INTO news.demonym (tagging_id, field, start_offset, end_offset, surface, place_id)
SELECT r.tagging_id, r.field, r.start, r."end", r.surface, r.place_id
FROM json_to_recordset(%(rows)s) AS r (tagging_id bigint, field text, start integer, "end" integer, surface text, place_id bigint);

-- name: keep_focus
-- Stores what articles are about.
INSERT INTO news.focus (tagging_id, level, place_id, weight)
SELECT r.tagging_id, r.level, r.place_id, r.weight
FROM json_to_recordset(%(rows)s) AS r (tagging_id bigint, level text, place_id bigint, weight real);
