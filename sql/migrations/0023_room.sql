-- Less room for what is kept of every text: of the terms of stories half a hash and a count (five bytes each, for twelve), and
-- of what mentions could have been a text that Postgres compresses. Both tables are made anew, for an UPDATE would double them.

CREATE FUNCTION ops.item_hash(stage text, item_key text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN hashtextextended(stage || ' ' || item_key, 0);
COMMENT ON FUNCTION ops.item_hash(text, text) IS
    'An item of a stage in eight bytes; that any two of ten million share one has odds of three in a million. Stored in an index only, by the function Postgres''s own hash indexes and partitions rest on from version to version';

CREATE FUNCTION news.padded(given json) RETURNS json LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN octet_length(given::text) BETWEEN 150 AND 2047
            THEN (given::text || repeat(' ', 2048 - octet_length(given::text)))::json ELSE given END;
COMMENT ON FUNCTION news.padded(json) IS
    'The same value, with spaces up to two kilobytes: Postgres compresses no smaller row, whatever the table''s settings; then the spaces take thirty bytes, and the whole a third less than it took. What is shorter than 150 characters would gain nothing';

CREATE TABLE news.story_feature_slim (
    article_id bigint PRIMARY KEY,
    content_id bigint NOT NULL,
    seen_at timestamptz NOT NULL,
    terms integer[] NOT NULL,
    counts bytea NOT NULL,
    CHECK (cardinality(terms) = length(counts))
);
CREATE TABLE news.tagging_evidence_slim (
    tagging_id bigint PRIMARY KEY,
    features text[] NOT NULL,
    candidates json NOT NULL
);

-- A weight is 1 + ln(count), to four places: the count is told by it to the unit, as far as a byte goes.
CREATE FUNCTION pg_temp.fill() RETURNS void LANGUAGE sql AS $$
INSERT INTO news.story_feature_slim (article_id, content_id, seen_at, terms, counts)
SELECT f.article_id, f.content_id, f.seen_at, t.terms, t.counts
FROM news.story_feature f
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(one.term ORDER BY one.term), '{}') AS terms,
           coalesce(string_agg(set_byte('\x00', 0, one.count), '' ORDER BY one.term), '') AS counts
    FROM (SELECT (u.term >> 32)::integer AS term, least(sum(round(exp(u.weight::float8 - 1))), 255)::integer AS count
          FROM unnest(f.terms, f.weights) AS u (term, weight) GROUP BY 1) AS one) AS t
WHERE NOT EXISTS (SELECT FROM news.story_feature_slim s WHERE s.article_id = f.article_id);
INSERT INTO news.tagging_evidence_slim (tagging_id, features, candidates)
SELECT e.tagging_id, e.features, news.padded(e.candidates)
FROM news.tagging_evidence e
WHERE NOT EXISTS (SELECT FROM news.tagging_evidence_slim s WHERE s.tagging_id = e.tagging_id)
$$;

-- What is held already, while others still write; then, for which they wait, what they wrote meanwhile. Whatever could have
-- been written since the beginning has a younger transaction than any that was then over.
DO $$
DECLARE
    since xid := pg_snapshot_xmin(pg_current_snapshot())::xid;
BEGIN
    PERFORM pg_temp.fill();
    CREATE INDEX story_feature_slim_by_time ON news.story_feature_slim (seen_at);
    LOCK TABLE news.article, news.content, news.tagging, news.story_feature, news.tagging_evidence IN ACCESS EXCLUSIVE MODE;
    DELETE FROM news.story_feature_slim s WHERE NOT EXISTS (
        SELECT FROM news.story_feature f WHERE f.article_id = s.article_id AND age(f.xmin) > age(since));
    DELETE FROM news.tagging_evidence_slim s WHERE NOT EXISTS (
        SELECT FROM news.tagging_evidence e WHERE e.tagging_id = s.tagging_id AND age(e.xmin) > age(since));
    PERFORM pg_temp.fill();
END $$;
DROP FUNCTION pg_temp.fill();

CREATE OR REPLACE VIEW news.mention_candidate AS
SELECT m.mention_id, c.rank::smallint AS rank, (c.said ->> 0)::bigint AS place_id, (c.said ->> 1)::real AS score,
       coalesce((SELECT jsonb_object_agg(t.features[(c.said ->> n)::integer + 1], c.said -> (n + 1))
                 FROM generate_series(2, json_array_length(c.said) - 2, 2) AS n), '{}') AS evidence
FROM news.mention m
JOIN news.tagging_evidence_slim t USING (tagging_id)
CROSS JOIN LATERAL json_array_elements(t.candidates -> concat_ws(' ', m.field, m.start_offset, m.end_offset))
    WITH ORDINALITY AS c (said, rank);

DROP TABLE news.story_feature;
DROP TABLE news.tagging_evidence;
ALTER TABLE news.story_feature_slim RENAME TO story_feature;
ALTER TABLE news.tagging_evidence_slim RENAME TO tagging_evidence;
ALTER INDEX news.story_feature_slim_by_time RENAME TO story_feature_by_time;
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT conrelid::regclass AS of, conname AS name FROM pg_constraint
               WHERE conrelid IN ('news.story_feature'::regclass, 'news.tagging_evidence'::regclass) LOOP
        EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', one.of, one.name, replace(one.name, '_slim', ''));
    END LOOP;
END $$;
-- What is held obeyed them before; the next migration reads it all to say so, while others work.
ALTER TABLE news.story_feature
    ADD CONSTRAINT story_feature_article_id_fkey FOREIGN KEY (article_id) REFERENCES news.article NOT VALID,
    ADD CONSTRAINT story_feature_content_id_fkey FOREIGN KEY (content_id) REFERENCES news.content NOT VALID;
ALTER TABLE news.tagging_evidence
    ADD CONSTRAINT tagging_evidence_tagging_id_fkey FOREIGN KEY (tagging_id) REFERENCES news.tagging NOT VALID;

COMMENT ON TABLE news.story_feature IS 'What stories compare of an article''s first content: its terms';
COMMENT ON COLUMN news.story_feature.article_id IS 'The article';
COMMENT ON COLUMN news.story_feature.content_id IS 'The content they were taken from';
COMMENT ON COLUMN news.story_feature.seen_at IS 'Publication, else observation';
COMMENT ON COLUMN news.story_feature.terms IS 'The upper halves of the hashes of its words and names, ascending';
COMMENT ON COLUMN news.story_feature.counts IS
    'How often each counts in it, a byte each, 255 at most, a name and the headline more than a word; its weight before rarity is 1 + ln of that';
COMMENT ON TABLE news.tagging_evidence IS 'The places the mentions of a text could have been, and what spoke for each, in little room; news.mention_candidate shows it by rows';
COMMENT ON COLUMN news.tagging_evidence.tagging_id IS 'The tagging';
COMMENT ON COLUMN news.tagging_evidence.features IS 'Names of the features that spoke for any';
COMMENT ON COLUMN news.tagging_evidence.candidates IS
    'By mention ("body 120 126": field and span): candidates, the best first, each [place_id, score, feature, contribution, feature, contribution …]; a feature by its number, from 0. With spaces at its end, so that it is compressed';
