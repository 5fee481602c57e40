-- Keeping the warehouse: backups, retention, health.

-- name: count_relations
-- How many tables and views of anybody's a database has.
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

-- name: analyze_all
-- Lets the planner know what was restored.
ANALYZE;

-- name: holdings
-- How much the warehouse holds.
SELECT (SELECT count(*) FROM news.article) AS articles, (SELECT count(*) FROM raw.blob) AS bodies;
