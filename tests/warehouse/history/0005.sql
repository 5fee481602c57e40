-- What polling learned, a page to ask again, an archive read in part.
INSERT INTO ops.listing (source_id, url, last_read_at) VALUES (1, 'https://courier.example/map.xml', '2022-07-04');
INSERT INTO ops.clock_offset (source_id, offset_minutes, entries, rule, recorded, run_id)
VALUES (1, -60, 40, 'whole_hour', tstzrange('2022-07-04', NULL), 1);
INSERT INTO ops.page (article_key, source_id, url, first_fetched_at, last_fetched_at, next_fetch_at)
VALUES ('https://courier.example/1', 1, 'https://courier.example/1', '2022-07-04', '2022-07-04', '2022-07-05');
INSERT INTO ops.archive_offset (source_id, file_name, file_mark, start_on, end_on, run_id, read_at)
VALUES (1, 'a.warc.gz', '1', '2022-07-04', '2022-07-05', 1, '2022-07-04');
