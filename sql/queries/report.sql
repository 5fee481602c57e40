-- What the demo and `status` show a person.

-- name: articles_of_runs
-- Articles as they stand now, those first seen by these runs.
SELECT a.article_id, a.outlet, a.title, a.published_at, a.published_precision, a.language_code, a.versions,
       (a.run_id = ANY (%(run_ids)s)) AS is_new
FROM mart.article a ORDER BY a.published_at NULLS FIRST, a.article_id;

-- name: copies_now
-- Who copied whom, as it stands now.
SELECT copy_outlet, copy_title, origin_outlet, origin_title, kind, similarity, rule FROM mart.copy
ORDER BY origin_outlet, copy_outlet, copy_title;

-- name: places_now
-- Places with counts, commonest first.
SELECT place, country_code, feature_code, articles, mentions, place_id FROM mart.place
ORDER BY articles DESC, mentions DESC, place LIMIT %(limit)s;

-- name: rejections_of_run
-- What a run turned away, item by item.
SELECT stage, reason, item_key, detail FROM ops.ledger
WHERE run_id = %(run_id)s AND state = 'rejected' ORDER BY stage, reason, item_key;

-- name: row_counts
-- How many rows the data tables hold.
SELECT (SELECT count(*) FROM raw.blob_key) AS blobs, (SELECT count(*) FROM news.article) AS articles,
       (SELECT count(*) FROM news.content) AS contents, (SELECT count(*) FROM news.version) AS versions,
       (SELECT count(*) FROM news.mention) AS mentions, (SELECT count(*) FROM news.copy_of) AS copies;
