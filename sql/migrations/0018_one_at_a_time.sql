-- One row at a time: what an observation says, what an article said, how a content is tagged. Exclusion constraints kept it
-- so far; an entry in their GiST costs ten of a btree, a look-up in it thirty, and the planner took it for look-ups.

CREATE FUNCTION news.refuse_overlaps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one text;
BEGIN
    IF NOT EXISTS (SELECT FROM came) THEN RETURN NULL; END IF;
    IF current_setting('transaction_isolation') <> 'read committed' THEN  -- it would not see what others committed meanwhile
        RAISE EXCEPTION '% is written at read committed, not at %', TG_RELID::regclass, current_setting('transaction_isolation')
            USING ERRCODE = 'feature_not_supported';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext(TG_ARGV[0]));
    EXECUTE format(
        'SELECT a::text FROM (SELECT DISTINCT %1$I FROM came) AS touched JOIN %2$s a USING (%1$I)
         JOIN %2$s b ON b.%1$I = a.%1$I AND b.ctid > a.ctid AND %3$s LIMIT 1', TG_ARGV[1], TG_RELID::regclass, TG_ARGV[2]) INTO one;
    IF one IS NOT NULL THEN
        RAISE EXCEPTION '% holds two rows for one time: %', TG_RELID::regclass, one USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION news.refuse_overlaps() IS
    'Statement trigger: of what a statement touched no two rows (a, b) hold at one time. Its arguments are the lock that writers of the table share until they commit, so that each sees those before it; the column rows are found by; when two overlap';

DO $$
DECLARE
    one record;
    event text;
BEGIN
    FOR one IN SELECT * FROM (VALUES
        ('observed_content', 'news.article', 'article_id',
         'a.recorded && b.recorded AND (a.observed_at, a.blob_hash) = (b.observed_at, b.blob_hash)',
         'observed_content_article_id_observed_at_blob_hash_recorded_excl', 'overlap'),
        ('version', 'news.article', 'article_id', 'a.recorded && b.recorded AND a.observed && b.observed',
         'version_article_id_observed_recorded_excl', 'overlap'),
        ('tagging', 'news.report', 'content_id', 'a.recorded && b.recorded', 'tagging_content_id_recorded_excl',
         'tagging_overlap')  -- of several triggers the name decides: after the words, which take long, are made
    ) AS t (name, lock, key, condition, was, trigger) LOOP
        FOREACH event IN ARRAY ARRAY['insert', 'update'] LOOP
            EXECUTE format('CREATE TRIGGER %I AFTER %s ON news.%I REFERENCING NEW TABLE AS came FOR EACH STATEMENT
                            EXECUTE FUNCTION news.refuse_overlaps(%L, %L, %L)',
                           one.trigger || '_' || event, event, one.name, one.lock, one.key, one.condition);
        END LOOP;
        EXECUTE format('ALTER TABLE news.%I DROP CONSTRAINT %I', one.name, one.was);
    END LOOP;
END $$;
