-- The change feed, what was taken down, and indexes for questions as of a time.

-- Questions as of a time read closed rows too: the indexes so far hold only what is open.

CREATE INDEX copy_of_origin_history ON news.copy_of (origin_article_id);
CREATE INDEX story_article_story_history ON news.story_article (story_id);
CREATE INDEX story_article_history ON news.story_article (article_id);
CREATE INDEX article_merge_into_history ON news.article_merge (into_article_id);
CREATE INDEX version_history ON news.version (article_id);
CREATE INDEX content_by_publication ON news.content (published_at) WHERE published_at IS NOT NULL;

-- Eras: positions in the feed are transaction ids, which begin anew where a backup is restored.

CREATE TABLE ops.change_era (
    era smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cluster_id bigint NOT NULL,
    database_oid oid NOT NULL,
    begun_at timestamptz NOT NULL,
    UNIQUE (cluster_id, database_oid)
);
COMMENT ON TABLE ops.change_era IS 'Databases this warehouse has lived in: transaction ids are comparable within one; a restored backup begins the next';
COMMENT ON COLUMN ops.change_era.era IS 'Number, counted up';
COMMENT ON COLUMN ops.change_era.cluster_id IS 'System identifier of the server';
COMMENT ON COLUMN ops.change_era.database_oid IS 'Id of the database there';
COMMENT ON COLUMN ops.change_era.begun_at IS 'When the first change was written there';

CREATE TABLE ops.change (
    era smallint NOT NULL REFERENCES ops.change_era,
    transaction_id xid8 NOT NULL,
    article_id bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    what smallint NOT NULL CHECK (what > 0),
    PRIMARY KEY (era, transaction_id, article_id)
);
CREATE INDEX change_by_article ON ops.change (article_id, era, transaction_id);
COMMENT ON TABLE ops.change IS
    'What changed of which article, one row a transaction and article; the newest of each article is kept for good, those before it 30 days';
COMMENT ON COLUMN ops.change.era IS 'Which database counted the transaction';
COMMENT ON COLUMN ops.change.transaction_id IS 'The transaction that wrote it: shown once no older one is open, so that nothing can slip in behind a reader';
COMMENT ON COLUMN ops.change.article_id IS 'The article whose rows changed; where it was merged, the main one changed with it';
COMMENT ON COLUMN ops.change.changed_at IS 'Start of that transaction';
COMMENT ON COLUMN ops.change.what IS
    'Sum of: 1 added, 2 text, 4 places, 8 copies, 16 story, 32 edits, 64 upstreams, 128 address, 256 merged, 512 takedown';

CREATE TABLE ops.change_fold (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    era smallint NOT NULL,
    transaction_id xid8 NOT NULL,
    article_id bigint NOT NULL
);
INSERT INTO ops.change_fold (era, transaction_id, article_id) VALUES (0, '0', 0);
COMMENT ON TABLE ops.change_fold IS 'How far the feed has been folded: up to here one row an article is left, its newest';
COMMENT ON COLUMN ops.change_fold.is_only IS 'There is one row';
COMMENT ON COLUMN ops.change_fold.era IS 'Era of the last row folded';
COMMENT ON COLUMN ops.change_fold.transaction_id IS 'Transaction of the last row folded';
COMMENT ON COLUMN ops.change_fold.article_id IS 'Article of the last row folded';

CREATE FUNCTION ops.change_era_here() RETURNS smallint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
SELECT e.era FROM ops.change_era e
WHERE e.cluster_id = (SELECT system_identifier FROM pg_control_system())
  AND e.database_oid = (SELECT oid FROM pg_database WHERE datname = current_database())
$$;
COMMENT ON FUNCTION ops.change_era_here() IS 'The era of this database; null until the first change is written here';

CREATE FUNCTION ops.change_era_now() RETURNS smallint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    found smallint := ops.change_era_here();
BEGIN
    IF found IS NULL THEN  -- of two that come first together the second waits for the first
        INSERT INTO ops.change_era (cluster_id, database_oid, begun_at)
        SELECT s.system_identifier, d.oid, now() FROM pg_control_system() s, pg_database d WHERE d.datname = current_database()
        ON CONFLICT (cluster_id, database_oid) DO NOTHING;
        found := ops.change_era_here();
    END IF;
    RETURN found;
END $$;
COMMENT ON FUNCTION ops.change_era_now() IS 'The era of this database; begins it if a change is the first here';

CREATE FUNCTION ops.note_change(articles bigint[], flag integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
INSERT INTO ops.change AS c (era, transaction_id, article_id, changed_at, what)
SELECT (SELECT ops.change_era_now()), pg_current_xact_id(), a.article_id, now(), flag
FROM (SELECT DISTINCT unnest(articles) AS article_id) AS a
WHERE a.article_id IS NOT NULL
ORDER BY a.article_id
ON CONFLICT (era, transaction_id, article_id) DO UPDATE SET what = c.what | excluded.what
WHERE c.what & (excluded.what | 1) = 0  -- that it was added says it all
$$;
COMMENT ON FUNCTION ops.note_change(bigint[], integer) IS 'Writes that these articles changed, once a transaction; the flag is one of ops.change.what';

-- One trigger function for every table that makes a state current: which flag, and which columns lead to the article.
CREATE FUNCTION ops.note_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    sides text[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY['came'] WHEN 'DELETE' THEN ARRAY['went'] ELSE ARRAY['came', 'went'] END;
    side text;
    n integer;
    met bigint[];
    articles bigint[] := '{}';
BEGIN
    FOREACH side IN ARRAY sides LOOP
        FOR n IN 1 .. TG_NARGS - 1 LOOP
            IF TG_ARGV[n] = 'content_id' THEN
                EXECUTE format('SELECT array_agg(DISTINCT c.article_id) FROM %I JOIN news.content c USING (content_id)', side)
                INTO met;
            ELSE
                EXECUTE format('SELECT array_agg(DISTINCT %I) FROM %I', TG_ARGV[n], side) INTO met;
            END IF;
            articles := articles || met;
        END LOOP;
    END LOOP;
    IF cardinality(articles) > 0 THEN
        PERFORM ops.note_change(articles, TG_ARGV[0]::integer);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION ops.note_changes() IS 'Statement trigger: notes the articles of changed rows; its arguments are the flag and the columns that lead to articles';

ALTER TABLE ops.tombstone ADD COLUMN article_id bigint REFERENCES news.article;
CREATE INDEX tombstone_by_article ON ops.tombstone (article_id);
COMMENT ON COLUMN ops.tombstone.article_id IS 'The article that was taken down; null where a key was blocked by hand';
COMMENT ON COLUMN ops.tombstone.tombstone_key IS 'url:… (a key), sha256:… (bytes) or text:… (the folded words of a body)';

DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT * FROM (VALUES
        ('news.article', 'INSERT', 1, 'article_id'),
        ('news.article_key', 'INSERT UPDATE DELETE', 128, 'article_id'),
        ('news.version', 'INSERT UPDATE DELETE', 2, 'article_id'),
        ('news.content_detail', 'INSERT UPDATE DELETE', 2, 'content_id'),
        ('news.tagging', 'INSERT UPDATE DELETE', 4, 'content_id'),
        ('news.copy_of', 'INSERT UPDATE DELETE', 8, 'copy_article_id origin_article_id'),
        ('news.story_article', 'INSERT UPDATE DELETE', 16, 'article_id'),
        ('news.edit', 'INSERT UPDATE DELETE', 32, 'article_id'),
        ('news.upstream', 'INSERT UPDATE DELETE', 64, 'content_id'),
        ('news.article_merge', 'INSERT UPDATE DELETE', 256, 'from_article_id into_article_id'),
        ('ops.tombstone', 'INSERT UPDATE DELETE', 512, 'article_id')) AS t (table_name, events, flag, columns)
        CROSS JOIN LATERAL string_to_table(t.events, ' ') AS event
    LOOP
        EXECUTE format(
            'CREATE TRIGGER change_%s AFTER %s ON %s REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION ops.note_changes(%L, %s)',
            lower(one.event), one.event, one.table_name,
            CASE one.event WHEN 'INSERT' THEN 'NEW TABLE AS came' WHEN 'DELETE' THEN 'OLD TABLE AS went'
                           ELSE 'OLD TABLE AS went NEW TABLE AS came' END,
            one.flag, (SELECT string_agg(quote_literal(c), ', ') FROM string_to_table(one.columns, ' ') AS c));
    END LOOP;
END $$;

-- What was there before the feed was: added, all at once.
SELECT ops.note_change(ARRAY(SELECT article_id FROM news.article), 1);

CREATE FUNCTION ops.fold_changes(before timestamptz, most integer DEFAULT 100000) RETURNS TABLE (gone bigint, seen bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
WITH last AS (
    SELECT era, transaction_id, article_id FROM ops.change_fold FOR UPDATE
), next AS (
    SELECT c.era, c.transaction_id, c.article_id, c.changed_at
    FROM ops.change c
    WHERE (c.era, c.transaction_id, c.article_id) > (SELECT era, transaction_id, article_id FROM last)
      AND (c.era IS DISTINCT FROM (SELECT ops.change_era_here())
           OR c.transaction_id < (SELECT pg_snapshot_xmin(pg_current_snapshot())))
    ORDER BY c.era, c.transaction_id, c.article_id LIMIT most
), aged AS (  -- up to the first that is young
    SELECT * FROM (SELECT n.*, bool_and(n.changed_at < before) OVER (ORDER BY n.era, n.transaction_id, n.article_id) AS is_aged
                   FROM next n) AS n WHERE n.is_aged
), newest AS (
    SELECT DISTINCT ON (article_id) article_id, era, transaction_id FROM aged
    ORDER BY article_id, era DESC, transaction_id DESC
), gone AS (
    DELETE FROM ops.change c USING newest n
    WHERE c.article_id = n.article_id AND (c.era, c.transaction_id) < (n.era, n.transaction_id)
    RETURNING c.article_id, c.what
), kept AS (
    UPDATE ops.change c SET what = c.what | g.what
    FROM (SELECT article_id, bit_or(what) AS what FROM gone GROUP BY article_id) AS g JOIN newest n USING (article_id)
    WHERE (c.era, c.transaction_id, c.article_id) = (n.era, n.transaction_id, n.article_id)
), moved AS (
    UPDATE ops.change_fold f SET era = a.era, transaction_id = a.transaction_id, article_id = a.article_id
    FROM (SELECT * FROM aged ORDER BY era DESC, transaction_id DESC, article_id DESC LIMIT 1) AS a
)
SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM aged)
$$;
COMMENT ON FUNCTION ops.fold_changes(timestamptz, integer) IS
    'Of changes before an instant leaves the newest of each article, which then tells all of them; answers how many rows went, of how many gone through';

-- Taken down: bodies that are held no more, or without the entry that spoke of an article.

CREATE TABLE raw.redaction (
    blob_hash bytea NOT NULL REFERENCES raw.blob_key,
    article_id bigint NOT NULL REFERENCES news.article,
    redacted_at timestamptz NOT NULL,
    left_hash bytea,
    PRIMARY KEY (blob_hash, article_id)
);
COMMENT ON TABLE raw.redaction IS 'Bodies that are not held as received, since an article in them was taken down; the same bytes are not stored again';
COMMENT ON COLUMN raw.redaction.blob_hash IS 'sha256 of the bytes as received';
COMMENT ON COLUMN raw.redaction.article_id IS 'The article taken down';
COMMENT ON COLUMN raw.redaction.redacted_at IS 'When';
COMMENT ON COLUMN raw.redaction.left_hash IS 'sha256 of what is held in their place: a listing without the entry; null where nothing is';

CREATE FUNCTION raw.redact(hashes bytea[], bodies bytea[], left_hashes bytea[], article bigint, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ops.tombstone t WHERE t.article_id = article) THEN
        RAISE EXCEPTION 'article % was not taken down', article;
    END IF;
    DELETE FROM raw.blob b USING raw.blob_key k, unnest(hashes, bodies) AS r (hash, body)
    WHERE k.blob_hash = r.hash AND b.blob_hash = k.blob_hash AND b.stored_month = k.stored_month AND r.body IS NULL
      AND NOT EXISTS (SELECT FROM news.observation o WHERE o.blob_hash = r.hash AND o.article_id NOT IN (
          SELECT t.article_id FROM ops.tombstone t WHERE t.article_id IS NOT NULL));
    UPDATE raw.blob b SET body = r.body FROM raw.blob_key k, unnest(hashes, bodies) AS r (hash, body)
    WHERE k.blob_hash = r.hash AND b.blob_hash = k.blob_hash AND b.stored_month = k.stored_month AND r.body IS NOT NULL
      AND NOT EXISTS (SELECT FROM news.observation o WHERE o.blob_hash = r.hash);
    INSERT INTO raw.redaction (blob_hash, article_id, redacted_at, left_hash)
    SELECT r.hash, article, at, r.left_hash FROM unnest(hashes, left_hashes) AS r (hash, left_hash) ORDER BY r.hash
    ON CONFLICT (blob_hash, article_id) DO UPDATE SET left_hash = excluded.left_hash;
    INSERT INTO ops.tombstone (tombstone_key, removed_at, reason, article_id)
    SELECT 'sha256:' || encode(r.hash, 'hex'), at, (SELECT min(t.reason) FROM ops.tombstone t WHERE t.article_id = article), article
    FROM unnest(hashes, left_hashes) AS r (hash, left_hash) WHERE r.left_hash IS NULL ORDER BY r.hash
    ON CONFLICT (tombstone_key) DO NOTHING;
END $$;
COMMENT ON FUNCTION raw.redact(bytea[], bytea[], bytea[], bigint, timestamptz) IS
    'Puts bodies without an article taken down in the place of those as received, or nothing (null); bodies that other articles were read from stay';
