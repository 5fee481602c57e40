-- An analyst's correction.
INSERT INTO news.place_override (surface, place_id, note, recorded) VALUES ('Kiev', 703448, 'spelling', tstzrange('2022-07-04', NULL));
