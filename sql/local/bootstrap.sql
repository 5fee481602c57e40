-- Roles and databases of a fresh embedded server; run by psql as its superuser, safe to repeat.
-- The caller sets :owner_password, :loader_password and :analyst_password on standard input, so they appear in no command line or log.

-- `dateline` owns the databases; CREATEDB is for scratch copies made by tests and measurements.
SELECT 'CREATE ROLE dateline' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dateline') \gexec
ALTER ROLE dateline LOGIN NOSUPERUSER CREATEDB NOCREATEROLE PASSWORD :'owner_password';

-- `dateline_loader` is what runs log in as: the migrations grant it rows to write, and nothing of the schema. It sees what
-- other sessions are doing, since it tells of transactions that stay open too long.
SELECT 'CREATE ROLE dateline_loader' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dateline_loader') \gexec
ALTER ROLE dateline_loader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'loader_password';
SELECT 'GRANT pg_read_all_stats TO dateline_loader' WHERE NOT pg_has_role('dateline_loader', 'pg_read_all_stats', 'member') \gexec

-- `dateline_analyst` asks questions: it reads what the migrations grant, and no question runs for ever.
SELECT 'CREATE ROLE dateline_analyst' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dateline_analyst') \gexec
ALTER ROLE dateline_analyst LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'analyst_password';
ALTER ROLE dateline_analyst SET default_transaction_read_only = on;
ALTER ROLE dateline_analyst SET statement_timeout = '60s';
ALTER ROLE dateline_analyst SET idle_in_transaction_session_timeout = '60s';

-- The warehouse, and Airflow's own state beside it.
SELECT 'CREATE DATABASE dateline OWNER dateline' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'dateline') \gexec
SELECT 'CREATE DATABASE dateline_airflow OWNER dateline' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'dateline_airflow') \gexec
REVOKE ALL ON DATABASE dateline_airflow FROM PUBLIC;
REVOKE TEMPORARY ON DATABASE dateline FROM PUBLIC;

-- Postgres lets everyone make large objects; who only reads must not.
\connect dateline
REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) TO dateline;
