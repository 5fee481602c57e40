-- Fingerprints in half the room, and their index only for quarters in use: a quarter's index is made again from its
-- fingerprints when a batch needs it, so a warehouse of years carries that of months.

CREATE FUNCTION news.bands_of(sketch integer[], shingles integer) RETURNS integer[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT sketch[1:least(greatest(shingles / 18, 24), 96)] $$;
COMMENT ON FUNCTION news.bands_of(integer[], integer) IS
    'The keys under which a sketch is found: the smallest eighteenth of the hashes of its text, 24 at least, 96 at most';

CREATE FUNCTION news.bands_table(day date) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT format('news.fingerprint_band_%s_q%s', lpad(extract(year FROM day)::text, 4, '0'), extract(quarter FROM day))
$$;
COMMENT ON FUNCTION news.bands_table(date) IS 'The partition of news.fingerprint_band for the quarter of a day, be it there or not';

-- What is held already, while others still write. Of a hash of 64 bits the upper half stays, so their order does.
CREATE TABLE news.fingerprint_narrow (LIKE news.fingerprint INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMMENTS);
ALTER TABLE news.fingerprint_narrow ALTER sketch TYPE integer[] USING NULL;
CREATE FUNCTION pg_temp.narrowed(wide bigint[]) RETURNS integer[] LANGUAGE sql IMMUTABLE AS $$
SELECT ARRAY(SELECT DISTINCT (h >> 32)::integer FROM unnest(wide) AS h ORDER BY 1)
$$;
INSERT INTO news.fingerprint_narrow (content_id, article_id, seen_at, text_hash, sketch, numbers, shingles, agency, run_id, made_at, furniture)
SELECT content_id, article_id, seen_at, text_hash, pg_temp.narrowed(sketch), numbers, shingles, agency, run_id, made_at, furniture
FROM news.fingerprint ORDER BY content_id;
ALTER TABLE news.fingerprint_narrow ADD CONSTRAINT fingerprint_narrow_pkey PRIMARY KEY (content_id);
CREATE INDEX fingerprint_narrow_by_article ON news.fingerprint_narrow (article_id);
CREATE INDEX fingerprint_by_time ON news.fingerprint_narrow (seen_at);

-- Then, for which they wait, what they wrote meanwhile. Tables alone are locked, in the order in which others come to them:
-- first those that will be referred to, and who compares reads fingerprints before taking the lock of copies.
LOCK TABLE news.article, news.content, ops.run IN SHARE ROW EXCLUSIVE MODE;
LOCK TABLE news.fingerprint, news.fingerprint_band IN ACCESS EXCLUSIVE MODE;
DELETE FROM news.fingerprint_narrow n WHERE NOT EXISTS (
    SELECT FROM news.fingerprint f
    WHERE (f.content_id, f.article_id, f.seen_at, f.run_id, f.made_at) = (n.content_id, n.article_id, n.seen_at, n.run_id, n.made_at));
INSERT INTO news.fingerprint_narrow (content_id, article_id, seen_at, text_hash, sketch, numbers, shingles, agency, run_id, made_at, furniture)
SELECT content_id, article_id, seen_at, text_hash, pg_temp.narrowed(sketch), numbers, shingles, agency, run_id, made_at, furniture
FROM news.fingerprint f WHERE NOT EXISTS (SELECT FROM news.fingerprint_narrow n WHERE n.content_id = f.content_id)
ORDER BY content_id;
DROP FUNCTION pg_temp.narrowed(bigint[]);
DROP TABLE news.fingerprint_band;
DROP TABLE news.fingerprint;
ALTER TABLE news.fingerprint_narrow RENAME TO fingerprint;
ALTER TABLE news.fingerprint RENAME CONSTRAINT fingerprint_narrow_pkey TO fingerprint_pkey;
ALTER INDEX news.fingerprint_narrow_by_article RENAME TO fingerprint_by_article;
-- They held for every row it came from; a later, online migration looks again.
ALTER TABLE news.fingerprint
    ADD FOREIGN KEY (content_id) REFERENCES news.content NOT VALID,
    ADD FOREIGN KEY (article_id) REFERENCES news.article NOT VALID,
    ADD FOREIGN KEY (run_id) REFERENCES ops.run NOT VALID;
COMMENT ON TABLE news.fingerprint IS 'What is compared of a content';
COMMENT ON COLUMN news.fingerprint.sketch IS
    'The smallest hashes of its five-word shingles, of each the upper 32 bits, ascending';

CREATE TABLE news.fingerprint_band (
    bucket integer NOT NULL,
    seen_on date NOT NULL,
    content_id bigint NOT NULL,
    PRIMARY KEY (bucket, seen_on, content_id)
) PARTITION BY RANGE (seen_on);
COMMENT ON TABLE news.fingerprint_band IS
    'Index of fingerprints: contents that share two buckets are compared; by quarter, so a look-up reads one or two. Derived: quarters long past have none until many contents come that belong there';
COMMENT ON COLUMN news.fingerprint_band.bucket IS 'One of the smallest hashes of the sketch';
COMMENT ON COLUMN news.fingerprint_band.seen_on IS 'Day of the fingerprint, UTC';
COMMENT ON COLUMN news.fingerprint_band.content_id IS 'The content';

-- Under the lock of those who compare: no fingerprint comes while a quarter's index is made of them.
CREATE OR REPLACE FUNCTION news.ensure_bands(day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    first date := date_trunc('quarter', day)::date;
    until date := (first + interval '3 months')::date;
    part text := news.bands_table(day);
    filled bigint;
BEGIN
    IF to_regclass(part) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('news.copy_of'));
    IF to_regclass(part) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE %s (LIKE news.fingerprint_band, CHECK (seen_on >= %L AND seen_on < %L))', part, first, until);
    EXECUTE format(
        'INSERT INTO %s SELECT unnest(news.bands_of(f.sketch, f.shingles)), (f.seen_at AT TIME ZONE ''UTC'')::date, f.content_id
         FROM news.fingerprint f WHERE f.seen_at >= %L AND f.seen_at < %L ORDER BY 1, 2, 3',
        part, first::timestamp AT TIME ZONE 'UTC', until::timestamp AT TIME ZONE 'UTC');
    GET DIAGNOSTICS filled = ROW_COUNT;
    EXECUTE format('ALTER TABLE %s ADD PRIMARY KEY (bucket, seen_on, content_id)', part);
    EXECUTE format('ALTER TABLE news.fingerprint_band ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)', part, first, until);
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', part, (
        SELECT conname FROM pg_constraint WHERE conrelid = part::regclass AND contype = 'c'));
    IF filled > 0 THEN
        EXECUTE format('ANALYZE %s', part);
    END IF;
END $$;
COMMENT ON FUNCTION news.ensure_bands(date) IS 'Makes the index of fingerprints of a day''s quarter, of those that are held, if it is missing';

CREATE FUNCTION news.retire_bands(ended_before date, is_dry boolean) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    part text;
BEGIN
    IF NOT is_dry THEN
        PERFORM pg_advisory_xact_lock(hashtext('news.copy_of'));
    END IF;
    FOR part IN
        SELECT news.bands_table(q.first) FROM (
            SELECT make_date(substr(c.relname, 18, 4)::integer, 3 * right(c.relname, 1)::integer - 2, 1) AS first
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'news.fingerprint_band'::regclass) AS q
        WHERE q.first + interval '3 months' <= ended_before ORDER BY q.first
    LOOP
        IF NOT is_dry THEN
            BEGIN
                LOCK TABLE news.fingerprint_band IN ACCESS EXCLUSIVE MODE NOWAIT;
            EXCEPTION WHEN lock_not_available THEN RETURN;  -- a backup reads it: another day, then
            END;
            EXECUTE format('DROP TABLE %s', part);
        END IF;
        RETURN NEXT part;
    END LOOP;
END $$;
COMMENT ON FUNCTION news.retire_bands(date, boolean) IS
    'Lets go of the index of fingerprints of quarters that ended before a day; it is made again when it is needed. With is_dry it only tells';
