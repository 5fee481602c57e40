-- Keeping: what a run touched, alerts, retention, statistics.

-- What checks look at: the cost of a check is that of its run, not of history.

CREATE FUNCTION ops.articles_touched(run bigint) RETURNS TABLE (article_id bigint) LANGUAGE sql STABLE ROWS 100
SET search_path = pg_catalog AS $$
SELECT a.article_id FROM news.article a WHERE run IS NULL
UNION
SELECT o.article_id FROM ops.fetch f JOIN news.observation o ON o.fetch_id = f.fetch_id WHERE f.run_id = run
UNION
SELECT o.article_id FROM ops.ledger l JOIN news.observation o ON o.fetch_id = substr(l.item_key, 9)::bigint
WHERE l.run_id = run AND l.stage = 'extract' AND l.state = 'kept' AND l.item_key LIKE 'capture:%'
UNION
SELECT c.article_id FROM ops.ledger l JOIN news.content c ON c.content_id = substr(l.item_key, 9)::bigint
WHERE l.run_id = run AND l.stage IN ('deduplicate', 'geotag') AND l.item_key LIKE 'content:%'
$$;
COMMENT ON FUNCTION ops.articles_touched(bigint) IS 'Articles a run captured, read or worked on; all of them without a run';

CREATE FUNCTION ops.contents_touched(run bigint) RETURNS TABLE (content_id bigint) LANGUAGE sql STABLE ROWS 100
SET search_path = pg_catalog AS $$
SELECT c.content_id FROM ops.articles_touched(run) t JOIN news.content c ON c.article_id = t.article_id
$$;
COMMENT ON FUNCTION ops.contents_touched(bigint) IS 'What the articles a run touched say or said; all there is without a run';

CREATE INDEX story_article_left ON news.story_article (upper(recorded)) WHERE NOT upper_inf(recorded);

-- Alerts ---------------------------------------------------------------------

CREATE TABLE ops.alert (
    alert_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert_key text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('check', 'source', 'run', 'health')),
    title text NOT NULL,
    detail text NOT NULL,
    what_to_do text NOT NULL,
    run_id bigint REFERENCES ops.run,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    resolved_at timestamptz
);
CREATE UNIQUE INDEX alert_open ON ops.alert (alert_key) WHERE resolved_at IS NULL;
COMMENT ON TABLE ops.alert IS 'What somebody should know of: a failed check, a silent source, a failed run, poor health; told once, and once more when it is over';
COMMENT ON COLUMN ops.alert.alert_id IS 'Surrogate key';
COMMENT ON COLUMN ops.alert.alert_key IS 'What it is about, as check:ledger_balances or source:courier: one is open at a time';
COMMENT ON COLUMN ops.alert.kind IS 'check, source, run or health';
COMMENT ON COLUMN ops.alert.title IS 'One line for a person';
COMMENT ON COLUMN ops.alert.detail IS 'What was seen, with the first rows';
COMMENT ON COLUMN ops.alert.what_to_do IS 'What to do about it';
COMMENT ON COLUMN ops.alert.run_id IS 'The run that saw it last, if one did';
COMMENT ON COLUMN ops.alert.first_seen_at IS 'When it began';
COMMENT ON COLUMN ops.alert.last_seen_at IS 'When it was last seen';
COMMENT ON COLUMN ops.alert.resolved_at IS 'When it was over; null while it is not';

CREATE TABLE ops.alert_delivery (
    alert_id bigint NOT NULL REFERENCES ops.alert,
    is_over boolean NOT NULL,
    channel text NOT NULL CHECK (channel IN ('webhook', 'mail')),
    attempts integer NOT NULL,
    sent_at timestamptz,
    failure text,
    PRIMARY KEY (alert_id, is_over, channel)
);
COMMENT ON TABLE ops.alert_delivery IS 'Who was told of an alert, and whom it did not reach yet: tried again each time';
COMMENT ON COLUMN ops.alert_delivery.alert_id IS 'The alert';
COMMENT ON COLUMN ops.alert_delivery.is_over IS 'false: that it began; true: that it is over';
COMMENT ON COLUMN ops.alert_delivery.channel IS 'webhook or mail';
COMMENT ON COLUMN ops.alert_delivery.attempts IS 'How often it was tried';
COMMENT ON COLUMN ops.alert_delivery.sent_at IS 'When it was taken; null while it was not';
COMMENT ON COLUMN ops.alert_delivery.failure IS 'Why the last attempt failed';

-- Retention --------------------------------------------------------------------

ALTER TABLE raw.blob_key ADD COLUMN retired_at timestamptz, ADD COLUMN retired_rule text;
COMMENT ON COLUMN raw.blob_key.retired_at IS 'When the body was last let go of, though it may have come again since; key, hash and size stay. Null where it never was';
COMMENT ON COLUMN raw.blob_key.retired_rule IS 'The rule that let it go, as feed=90d';

CREATE TABLE ops.retirement (
    stored_month date NOT NULL,
    rules text NOT NULL,
    retired_at timestamptz NOT NULL,
    bodies bigint NOT NULL,
    bytes bigint NOT NULL,
    PRIMARY KEY (stored_month, rules)
);
COMMENT ON TABLE ops.retirement IS 'Months whose bodies were gone through by rules of retention, so that none is gone through twice; one in which a body came again is forgotten here';
COMMENT ON COLUMN ops.retirement.stored_month IS 'The month of first sight';
COMMENT ON COLUMN ops.retirement.rules IS 'The rules, as feed=90d';
COMMENT ON COLUMN ops.retirement.retired_at IS 'When';
COMMENT ON COLUMN ops.retirement.bodies IS 'How many bodies went';
COMMENT ON COLUMN ops.retirement.bytes IS 'How much they took, compressed';

-- A body goes when every request that brought it is of a kind whose time is up, it was last brought before that time, no
-- stage waits for it, and its whole month is past: then the month can be given back as one. Who calls it needs no right to
-- delete. Without is_dry it does what with it it says it would.
CREATE FUNCTION raw.retire(kinds text[], befores timestamptz[], rules text, at timestamptz, is_dry boolean)
RETURNS TABLE (stored_month date, bodies bigint, bytes bigint, texts bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    one date;
    hashes bytea[];
    part text;
    is_left boolean;
BEGIN
    IF EXISTS (SELECT FROM unnest(befores) AS b WHERE b > now() - interval '1 day') THEN
        RAISE EXCEPTION 'bodies are kept for a day at least';
    END IF;
    FOR one IN
        SELECT DISTINCT p.month FROM (
            SELECT to_date(substr(c.relname, 6), 'YYYY_MM') AS month
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'raw.blob'::regclass AND c.relname ~ '^blob_\d{4}_\d\d$') AS p
        WHERE p.month + interval '1 month' <= (SELECT max(b) FROM unnest(befores) AS b) AT TIME ZONE 'UTC'
          AND NOT EXISTS (SELECT FROM ops.retirement r WHERE (r.stored_month, r.rules) = (p.month, retire.rules))
        ORDER BY 1
    LOOP
        SELECT array_agg(b.blob_hash), count(*), coalesce(sum(length(b.body)), 0),
               count(*) FILTER (WHERE EXISTS (SELECT FROM news.observation o JOIN ops.fetch f ON f.fetch_id = o.fetch_id
                                              WHERE f.blob_hash = b.blob_hash))
        INTO hashes, bodies, bytes, texts
        FROM raw.blob b
        WHERE b.stored_month = one
          AND EXISTS (SELECT FROM ops.fetch f WHERE f.blob_hash = b.blob_hash)
          AND NOT EXISTS (
              SELECT FROM ops.fetch f
              WHERE f.blob_hash = b.blob_hash
                AND NOT EXISTS (SELECT FROM unnest(kinds, befores) AS k (kind, before)
                                WHERE k.kind = f.kind AND f.fetched_at < k.before))
          AND NOT EXISTS (
              SELECT FROM ops.fetch f JOIN ops.work w ON w.stage = 'extract' AND w.item_key = 'capture:' || f.fetch_id
              WHERE f.blob_hash = b.blob_hash);
        stored_month := one;
        IF NOT is_dry THEN
            UPDATE raw.blob_key k SET retired_at = at, retired_rule = retire.rules WHERE k.blob_hash = ANY (hashes);
            DELETE FROM raw.blob b WHERE b.stored_month = one AND b.blob_hash = ANY (hashes);
            part := to_char(one, '"raw.blob_"YYYY_MM');
            EXECUTE format('SELECT EXISTS (SELECT FROM %s)', part::regclass) INTO is_left;
            IF NOT is_left THEN  -- gives the space back at once, unless a backup reads it: then vacuum does, later
                BEGIN
                    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE NOWAIT', part::regclass);
                    EXECUTE format('TRUNCATE %s', part::regclass);
                EXCEPTION WHEN lock_not_available THEN NULL;
                END;
            END IF;
            -- what is of these kinds and was brought again too lately is looked at another time
            IF NOT EXISTS (SELECT FROM raw.blob b JOIN ops.fetch f USING (blob_hash)
                           WHERE b.stored_month = one AND f.kind = ANY (kinds)) THEN
                INSERT INTO ops.retirement AS r (stored_month, rules, retired_at, bodies, bytes)
                VALUES (one, retire.rules, at, retire.bodies, retire.bytes);
            END IF;
        END IF;
        IF bodies > 0 THEN
            RETURN NEXT;
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION raw.retire(text[], timestamptz[], text, timestamptz, boolean) IS
    'Lets go of bodies of these kinds brought before these times, month by month; keys, hashes and a note stay. With is_dry it only tells';

CREATE FUNCTION ops.analyze_stale(is_dry boolean) RETURNS SETOF text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    one regclass;
BEGIN
    FOR one IN
        SELECT s.relid::regclass FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
        WHERE s.schemaname IN ('raw', 'news', 'geo', 'ops') AND c.relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
          AND s.n_mod_since_analyze > 1000 + greatest(c.reltuples, 0) / 10
        UNION  -- autovacuum leaves the heads of partitioned tables alone; as one reads every partition, the whole must have changed
        SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'p' AND n.nspname IN ('raw', 'news', 'ops')
          AND (SELECT abs(sum(s.n_live_tup) - greatest(c.reltuples, 0)) FROM pg_inherits i JOIN pg_stat_user_tables s ON s.relid = i.inhrelid
               WHERE i.inhparent = c.oid) > 1000 + greatest(c.reltuples, 0) / 10
        ORDER BY 1
    LOOP
        IF NOT is_dry THEN
            EXECUTE format('ANALYZE %s', one);
        END IF;
        RETURN NEXT one::text;
    END LOOP;
END $$;
COMMENT ON FUNCTION ops.analyze_stale(boolean) IS 'Renews the statistics of tables that changed much since they were taken; answers which. With is_dry it only tells';

CREATE INDEX check_result_failing ON ops.check_result (check_name, run_id) WHERE severity = 'error' AND offending > 0;
CREATE INDEX run_unfinished ON ops.run (started_at) WHERE finished_at IS NULL;
