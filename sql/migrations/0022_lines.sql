-- Lines in little room: nearly all that an article holds are never seen again, and each took a row of 120 bytes that named
-- its outlet. Those of one or two articles so far are noted by a key; news.furniture_line holds what is furniture, no more.

CREATE FUNCTION news.line_key(outlet text, line_hash bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN line_hash # ('x' || substr(md5(outlet), 1, 16))::bit(64)::bigint;
COMMENT ON FUNCTION news.line_key(text, bigint) IS 'What ops.line_seen knows a line of an outlet by; the same in every version of PostgreSQL';

CREATE TABLE ops.line_seen (
    line_key bigint NOT NULL,
    article_id bigint NOT NULL,
    second_article_id bigint
);
COMMENT ON TABLE ops.line_seen IS
    'Lines that one or two articles of an outlet hold so far; with the third it is furniture and moves to news.furniture_line';
COMMENT ON COLUMN ops.line_seen.line_key IS 'The line and its outlet, as news.line_key makes one of them';
COMMENT ON COLUMN ops.line_seen.article_id IS 'The first article seen to hold it';
COMMENT ON COLUMN ops.line_seen.second_article_id IS 'The second; null before it comes';

-- What is held already, while others still learn; then, for which they wait, what they learned meanwhile: rows written since.
-- What a takedown removed meanwhile is told by its tombstones. Takedowns find the lines of an article by filters, for which
-- the order of rows does not matter: a line that is seen again leaves its place.
DO $$
DECLARE
    since xid := pg_snapshot_xmin(pg_current_snapshot())::xid;
BEGIN
    INSERT INTO ops.line_seen (line_key, article_id, second_article_id)
    SELECT news.line_key(outlet, line_hash), article_ids[1], article_ids[2]
    FROM news.furniture_line WHERE learned_at IS NULL;
    ALTER TABLE ops.line_seen ADD PRIMARY KEY (line_key);
    CREATE INDEX line_seen_by_article ON ops.line_seen USING brin (article_id int8_bloom_ops, second_article_id int8_bloom_ops)
        WITH (pages_per_range = 64, autosummarize = on);
    IF EXISTS (SELECT FROM ops.line_seen) THEN ANALYZE ops.line_seen; END IF;  -- else its filters are not used

    LOCK TABLE news.furniture_line IN ACCESS EXCLUSIVE MODE;
    CREATE TEMP TABLE kept ON COMMIT DROP AS
    SELECT * FROM news.furniture_line WHERE learned_at IS NOT NULL OR age(xmin) <= age(since);
    DELETE FROM ops.line_seen s USING kept k WHERE s.line_key = news.line_key(k.outlet, k.line_hash);
    INSERT INTO ops.line_seen (line_key, article_id, second_article_id)
    SELECT news.line_key(outlet, line_hash), article_ids[1], article_ids[2] FROM kept WHERE learned_at IS NULL;
    DELETE FROM ops.line_seen WHERE article_id IN (SELECT t.article_id FROM ops.tombstone t)
                                 OR second_article_id IN (SELECT t.article_id FROM ops.tombstone t);
    TRUNCATE news.furniture_line;
    INSERT INTO news.furniture_line SELECT * FROM kept WHERE learned_at IS NOT NULL;
END $$;

ALTER TABLE news.furniture_line DROP CONSTRAINT furniture_line_check;
ALTER TABLE news.furniture_line DROP CONSTRAINT furniture_line_article_ids_check;
ALTER TABLE news.furniture_line ADD CONSTRAINT furniture_line_article_ids_check CHECK (cardinality(article_ids) = 3);
ALTER TABLE news.furniture_line ALTER learned_at SET NOT NULL;
COMMENT ON TABLE news.furniture_line IS
    'Lines that are furniture of their outlet: they recur in three articles, and are not compared. Its version is learned_at, for a line never ceases to be furniture; results name the lines they used (news.fingerprint.furniture)';
COMMENT ON COLUMN news.furniture_line.learned_at IS
    'When the third came. What was known at an instant is what was learned until then';
