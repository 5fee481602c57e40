-- Who may do what: the owner migrates, the loader works, the analyst reads.

-- name: missing_roles
-- Which of these roles the server does not have.
SELECT role FROM unnest(%(roles)s::text[]) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) ORDER BY role;

-- name: role_statements
-- What makes the missing ones, in order, as statements to run or to hand to an administrator.
SELECT statement FROM (VALUES
    (1, %(loader)s, 'CREATE ROLE %%I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE'),
    (2, %(analyst)s, 'CREATE ROLE %%I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE'),
    (3, %(analyst)s, 'ALTER ROLE %%I SET default_transaction_read_only = on'),
    (4, %(analyst)s, 'ALTER ROLE %%I SET statement_timeout = ''60s'''),
    (5, %(analyst)s, 'ALTER ROLE %%I SET idle_in_transaction_session_timeout = ''60s''')
) AS t (n, role, form)
CROSS JOIN LATERAL format(t.form, t.role) AS statement
WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = t.role)
ORDER BY n;

-- name: grant_access
-- Gives loader and analyst, where they exist, what they need of every schema of ours, now and later, and takes the rest.
DO $$
DECLARE
    analyst text := (SELECT rolname FROM pg_roles WHERE rolname = %(analyst)s);
    loader text := (SELECT rolname FROM pg_roles WHERE rolname = %(loader)s);
    s text;
    f regprocedure;
    rights text;
BEGIN
    FOR s IN SELECT nspname FROM pg_namespace
             WHERE pg_get_userbyid(nspowner) = current_user AND nspname NOT IN ('public', 'information_schema')
               AND nspname !~ '^pg_' ORDER BY 1
    LOOP
        IF analyst IS NOT NULL AND s IN ('news', 'geo', 'ops', 'mart') THEN
            EXECUTE format('GRANT USAGE ON SCHEMA %%I TO %%I', s, analyst);
            EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %%I TO %%I', s, analyst);
            EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %%I GRANT SELECT ON TABLES TO %%I', s, analyst);
        ELSIF analyst IS NOT NULL THEN
            EXECUTE format('REVOKE ALL ON SCHEMA %%I FROM %%I', s, analyst);
        END IF;
        IF loader IS NOT NULL THEN
            rights := CASE s WHEN 'raw' THEN 'SELECT, INSERT' WHEN 'geo' THEN 'SELECT' WHEN 'mart' THEN 'SELECT'
                             ELSE 'SELECT, INSERT, UPDATE, DELETE' END;
            EXECUTE format('GRANT USAGE ON SCHEMA %%I TO %%I', s, loader);
            EXECUTE format('GRANT %%s ON ALL TABLES IN SCHEMA %%I TO %%I', rights, s, loader);
            EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %%I TO %%I', s, loader);
            EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %%I GRANT %%s ON TABLES TO %%I', s, rights, loader);
        END IF;
    END LOOP;
    -- Facts and removals stay as they were written, whoever asks.
    IF loader IS NOT NULL THEN
        EXECUTE format('REVOKE UPDATE, DELETE ON news.content, news.observation, ops.tombstone FROM %%I', loader);
        -- Reprocessing puts what better code reads beside a text (never the text, its title or its dates) in place.
        EXECUTE format('GRANT UPDATE (sameness_hash, section, site_name, language_code, language_confidence,
                            published_precision, published_origin, published_as_stated, published_claimed_at,
                            published_clock_version, modified_at, modified_origin, canonical_url, extractor, code_version)
                        ON news.content TO %%I', loader);
        EXECUTE format('REVOKE INSERT ON ops.tombstone FROM %%I', loader);
        EXECUTE format('GRANT SELECT ON public.dateline_migration TO %%I', loader);
    END IF;
    IF analyst IS NOT NULL THEN
        EXECUTE format('GRANT SELECT ON public.dateline_migration TO %%I', analyst);
    END IF;
    -- What works with the owner's rights and changes something is for the loader alone; others could call it by default.
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
             WHERE p.prosecdef AND p.provolatile = 'v' AND pg_get_userbyid(p.proowner) = current_user AND n.nspname !~ '^pg_'
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %%s FROM PUBLIC', f);
        IF loader IS NOT NULL THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %%s TO %%I', f, loader);
        END IF;
    END LOOP;
END $$;
