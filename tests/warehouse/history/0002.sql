-- Two articles, each seen once.
INSERT INTO news.article (source_id, first_observed_at, run_id, created_at)
SELECT 1, '2022-07-04 09:01+00', 1, '2022-07-04 09:02+00' FROM generate_series(1, 2);
INSERT INTO news.article_key VALUES ('https://courier.example/1', 1, 'url', 1, '2022-07-04 09:02+00'),
                                    ('https://courier.example/2', 2, 'url', 1, '2022-07-04 09:02+00');
INSERT INTO news.observation VALUES (1, '2022-07-04 09:01+00', sha256('one'), 1), (2, '2022-07-04 09:01+00', sha256('two'), 2);
INSERT INTO news.content (article_id, content_hash, title, body, authors, language_code, published_at, published_precision,
                          published_origin, extractor, code_version, run_id, created_at)
SELECT n, sha256(n::text::bytea), 'Bridge closed', 'The bridge at Kyiv is closed.', '{}', 'en', '2022-07-04', 'day', 'meta',
       'test 1', '0', 1, '2022-07-04 09:02+00' FROM generate_series(1, 2) AS n;
INSERT INTO news.observed_content
SELECT n, '2022-07-04 09:01+00', sha256(b), n, tstzrange('2022-07-04 09:02+00', NULL)
FROM (VALUES (1, 'one'::bytea), (2, 'two')) AS t (n, b);
SELECT news.settle_versions(ARRAY[1, 2]::bigint[], '2022-07-04 09:02+00');
INSERT INTO news.sighting VALUES (1, 1, 'g', '2022-07-04 09:00+00', '2022-07-04 09:00+00');
