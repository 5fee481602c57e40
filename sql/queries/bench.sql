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
