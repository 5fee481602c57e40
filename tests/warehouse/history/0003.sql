-- A gazetteer of one town, named once in each text.
INSERT INTO geo.gazetteer (version, places, names, loaded_at, is_current) VALUES ('test-1', 1, 1, '2022-07-01', true);
INSERT INTO geo.place (place_id, name, feature_class, feature_code, country_code, lat, lon, population, radius_km, gazetteer_id)
VALUES (703448, 'Kyiv', 'P', 'PPLC', 'UA', 50.45, 30.52, 2797553, 15, 1);
INSERT INTO geo.place_name VALUES (703448, 'Kyiv', 'primary', 'en', NULL, NULL);
INSERT INTO news.tagging (content_id, tagger, gazetteer_id, run_id, recorded)
SELECT n, 'test 1', 1, 1, tstzrange('2022-07-04 09:03+00', NULL) FROM generate_series(1, 2) AS n;
INSERT INTO news.mention (tagging_id, field, start_offset, end_offset, surface, role, place_id, lat, lon, country_code,
                          precision, radius_km, confidence, method)
SELECT n, 'body', 14, 18, 'Kyiv', 'event', 703448, 50.45, 30.52, 'UA', 1, 15, 0.9, 'test' FROM generate_series(1, 2) AS n;
INSERT INTO news.mention_candidate VALUES (1, 1, 703448, 0.9, '{}');
INSERT INTO news.demonym VALUES (1, 'body', 0, 3, 'The', 703448);
INSERT INTO news.focus VALUES (1, 'place', 703448, 1);
