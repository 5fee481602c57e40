-- An edit, and whom a text names as its source.
INSERT INTO news.edit (article_id, from_content_id, to_content_id, changed_at, ordinal, kind, field, before_text, before_start,
                       before_end, after_text, after_start, after_end, number_before, number_after, measure, about, run_id, recorded)
VALUES (1, 1, 1, '2022-07-04', 1, 'number', 'body', '9', 0, 1, '14', 0, 2, 9, 14, 'injured', '{}', 1, tstzrange('2022-07-04', NULL));
INSERT INTO news.upstream VALUES (1, 'reuters', 'agency', 'body', 0, 3, 'The', 'test', 1, tstzrange('2022-07-04', NULL));
