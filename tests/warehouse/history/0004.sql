-- The second copied the first, and both tell one story.
INSERT INTO news.furniture_line VALUES ('Courier', 1, '{1,2}', NULL);
INSERT INTO news.fingerprint (content_id, article_id, seen_at, text_hash, sketch, numbers, shingles, run_id, made_at)
SELECT n, n, '2022-07-04', '\x00112233445566778899aabbccddeeff', '{4294967297,8589934594,12884901891}', '{}', 3, 1, '2022-07-04 09:04+00'
FROM generate_series(1, 2) AS n;
SELECT news.ensure_bands('2022-07-04');
INSERT INTO news.fingerprint_band VALUES (4294967297, '2022-07-04', 1), (4294967297, '2022-07-04', 2);
INSERT INTO news.copy_pair VALUES (1, 2, 1, 1, 'exact', 'test', 1, tstzrange('2022-07-04 09:04+00', NULL));
INSERT INTO news.copy_of (copy_article_id, origin_article_id, via_article_id, kind, similarity, rule, run_id, recorded)
VALUES (2, 1, 1, 'exact', 1, 'test', 1, tstzrange('2022-07-04 09:04+00', NULL));
INSERT INTO news.story_feature VALUES (1, 1, '2022-07-04', '{1}', '{1}');
INSERT INTO news.story (created_at) VALUES ('2022-07-04 09:04+00');
INSERT INTO news.story_article SELECT 1, n, 1, tstzrange('2022-07-04 09:04+00', NULL) FROM generate_series(1, 2) AS n;
