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

-- name: missing_partitions
-- Partitions of this month and the three after it that are not there yet.
SELECT name FROM (
    SELECT 'raw.' || to_char(m, '"blob_"YYYY_MM') AS name
    FROM generate_series(date_trunc('month', %(today)s::timestamp), %(today)s::timestamp + interval '3 months', interval '1 month') m
    UNION
    SELECT news.bands_table(m::date)
    FROM generate_series(date_trunc('quarter', %(today)s::timestamp), %(today)s::timestamp + interval '3 months', interval '3 months') m
) AS p WHERE to_regclass(name) IS NULL ORDER BY name;

-- name: ensure_quarters
-- Makes the partitions of fingerprints of this quarter and the one three months ahead.
DO $$
BEGIN
    IF to_regprocedure('news.ensure_bands(date)') IS NOT NULL THEN  -- not yet in a schema brought only so far
        PERFORM news.ensure_bands((%(today)s::date + make_interval(months => n))::date) FROM generate_series(0, 3, 3) n;
    END IF;
END $$;

-- name: retire_bands
-- Lets go of the index of fingerprints of quarters that ended before a day, or says which would go.
SELECT news.retire_bands(%(ended_before)s, %(is_dry)s) AS name;

-- name: retire_bodies
-- Lets go of bodies by rules of retention, or says what would go, by month.
SELECT stored_month, bodies, bytes, texts
FROM raw.retire(%(kinds)s::text[], %(befores)s::timestamptz[], %(rules)s, %(at)s, %(is_dry)s);

-- name: analyze_stale
-- Renews the statistics of tables that changed much since they were taken, or says which would be.
SELECT ops.analyze_stale(%(is_dry)s) AS name;

-- name: fold_changes
-- Leaves of some changes before an instant the newest of each article; answers how many rows went, of how many.
SELECT gone, seen FROM ops.fold_changes(%(before)s, %(most)s);

-- name: health
-- How the warehouse is: what was looked at, what was seen, and what to do where that is not well.
WITH bloat AS (
    SELECT string_agg(format('%%s.%%s %%s %%%% dead', schemaname, relname, 100 * n_dead_tup / (n_live_tup + n_dead_tup)), ', '
                      ORDER BY n_dead_tup DESC) AS worst
    FROM pg_stat_user_tables WHERE n_dead_tup > 100000 AND n_dead_tup > n_live_tup / 2
), idle AS (
    SELECT string_agg(format('%%s (pid %%s, %%s) since %%s', coalesce(usename, '?'), pid, coalesce(nullif(application_name, ''), '?'),
                             to_char(xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')), ', ' ORDER BY xact_start) AS longest
    FROM pg_stat_activity
    WHERE datname = current_database() AND xact_start < clock_timestamp() - interval '1 hour' AND backend_type = 'client backend'
), leases AS (
    SELECT count(*) AS n, min(lease_until) AS since FROM ops.work
    WHERE run_id IS NOT NULL AND lease_until < %(at)s::timestamptz - interval '1 hour'
), waiting AS (
    SELECT count(*) AS n, min(queued_at) AS since FROM ops.work WHERE rank = 0
), run AS (
    SELECT job || ' ' || run_id || ' since ' || to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS oldest
    FROM ops.run WHERE finished_at IS NULL ORDER BY started_at LIMIT 1
)
SELECT 'size' AS what, pg_size_pretty(pg_database_size(current_database())) AS seen, NULL AS what_to_do
UNION ALL
SELECT 'bloat', coalesce(worst, 'none'), CASE WHEN worst IS NOT NULL THEN
    'Autovacuum does not keep up: end long transactions, then VACUUM these tables as their owner.' END FROM bloat
UNION ALL
SELECT 'transactions', coalesce(longest, 'none open for an hour'), CASE WHEN longest IS NOT NULL THEN
    'They hold up vacuuming and migrations: SELECT pg_terminate_backend(pid) ends one.' END FROM idle
UNION ALL
SELECT 'leases', CASE WHEN n = 0 THEN 'none dead' ELSE format('%%s items held by runs that are gone, since %%s', n,
    to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')) END,
    CASE WHEN n > 0 THEN 'The next run takes them up; if none comes, see whether the scheduler runs and its DAGs are unpaused.' END
FROM leases
UNION ALL
SELECT 'waiting', CASE WHEN n = 0 THEN 'nothing' ELSE format('%%s items, the oldest since %%s', n,
    to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')) END,
    CASE WHEN since < %(at)s::timestamptz - interval '2 days'
         THEN 'Runs do not keep up: more workers, or see which stage waits with `dateline status`.' END
FROM waiting
UNION ALL
SELECT 'runs', coalesce((SELECT oldest FROM run), 'none unfinished'), NULL;
