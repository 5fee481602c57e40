-- Queries of the migration runner.

-- name: create_migration_table
-- Makes the runner's own memory in an empty database.
CREATE TABLE IF NOT EXISTS public.dateline_migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE public.dateline_migration IS 'Migrations applied; number 0 stands for the views';
COMMENT ON COLUMN public.dateline_migration.number IS 'Number of the file';
COMMENT ON COLUMN public.dateline_migration.name IS 'Name of the file';
COMMENT ON COLUMN public.dateline_migration.checksum IS 'sha256 of its text';
COMMENT ON COLUMN public.dateline_migration.applied_at IS 'When';

-- name: has_migrations
-- Whether the runner was ever here.
SELECT to_regclass('public.dateline_migration');

-- name: lock_migrations
-- Keeps other migrators away, if none works on this database; one that waited inside would hold up index builds.
SELECT pg_try_advisory_lock(hashtext('dateline.migrate'));

-- name: limit_lock_wait
-- Gives a lock up that cannot be had soon, for the rest of this transaction.
SELECT set_config('lock_timeout', %(milliseconds)s::text, true);

-- name: is_invalid_index
-- Whether an index is there but was never finished.
SELECT NOT i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relname = %(index)s AND c.relnamespace = to_regnamespace(%(schema)s);

-- name: unlock_migrations
-- Lets the next migrator in.
SELECT pg_advisory_unlock(hashtext('dateline.migrate'));

-- name: applied_migrations
-- Which migrations the database has.
SELECT number, name, checksum FROM public.dateline_migration WHERE number > 0 ORDER BY number;

-- name: remember_migration
-- Notes that a migration was applied.
INSERT INTO public.dateline_migration (number, name, checksum) VALUES (%(number)s, %(name)s, %(checksum)s);

-- name: views_checksum
-- Which text the views were made from.
SELECT checksum FROM public.dateline_migration WHERE number = 0;

-- name: remember_views
-- Notes which text the views were made from.
INSERT INTO public.dateline_migration (number, name, checksum) VALUES (0, 'views', %(checksum)s)
ON CONFLICT (number) DO UPDATE SET checksum = excluded.checksum, applied_at = now();

-- name: drop_views
-- Drops the public views, to be made anew.
DROP SCHEMA IF EXISTS mart CASCADE;
CREATE SCHEMA mart;
COMMENT ON SCHEMA mart IS 'The public interface: views that stay stable across migrations';

-- name: ensure_months
-- Makes the body partitions of this month and the three after it.
SELECT raw.ensure_month((%(today)s::date + make_interval(months => n))::date) FROM generate_series(0, 3) n;
