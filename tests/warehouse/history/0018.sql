-- Candidates by rows: two of one mention, with evidence of several kinds and of none.
UPDATE news.mention_candidate SET evidence = '{"prior": 5.876, "near_500": 0.10, "whole": 2.0, "far": -1}';
INSERT INTO news.mention_candidate SELECT 1, 2, place_id, 0.1, '{}' FROM geo.place;
INSERT INTO news.mention_candidate SELECT 2, 1, place_id, 1e-05, '{"prior": 5.3}' FROM geo.place;
