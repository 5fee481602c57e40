-- What `make bench` compares loading with, and how it readies its scratch databases.

-- name: bench_table
-- Makes the bare table that texts are put into for comparison.
CREATE TABLE bench_bare (url text, title text, body text);

-- name: bench_insert
-- Puts texts into the bare table.
INSERT INTO bench_bare (url, title, body)
SELECT r.url, r.title, r.body FROM json_to_recordset(%(rows)s) AS r (url text, title text, body text);

-- name: bench_statistics
-- Refreshes the planner's statistics, as autovacuum has done in a warehouse that was not filled a second ago.
ANALYZE;

-- name: bench_copy_bands
-- Fills the index of fingerprints.
COPY news.fingerprint_band (bucket, seen_on, content_id) FROM STDIN (FORMAT binary);

-- name: bench_settle
-- What autovacuum has done some minutes after a large load: statistics, and pages known to be visible to all.
VACUUM ANALYZE news.fingerprint_band;

-- name: bench_probe
-- As many look-ups by primary key as a batch has bands: the least an index of bands can cost.
SELECT count(*)
FROM (SELECT * FROM unnest(%(buckets)s::integer[], %(content_ids)s::bigint[]) AS q (bucket, content_id)
      ORDER BY bucket) AS q
CROSS JOIN LATERAL (
    SELECT FROM news.fingerprint_band b
    WHERE b.bucket = q.bucket AND b.seen_on BETWEEN %(first_on)s AND %(last_on)s AND b.content_id = q.content_id
    LIMIT 1) AS b;

-- name: bench_articles
-- How many articles there are.
SELECT count(*) FROM news.article;
