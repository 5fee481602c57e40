-- What a mention could have been, of all mentions of a text in one row: a row a candidate took two hundred bytes, half of them
-- names of the same few features again, and a fifth of the time of a load. news.mention_candidate goes on as a view.

CREATE TABLE news.tagging_evidence (
    tagging_id bigint PRIMARY KEY REFERENCES news.tagging,
    features text[] NOT NULL,
    candidates json NOT NULL
);
COMMENT ON TABLE news.tagging_evidence IS 'The places the mentions of a text could have been, and what spoke for each, in little room; news.mention_candidate shows it by rows';
COMMENT ON COLUMN news.tagging_evidence.tagging_id IS 'The tagging';
COMMENT ON COLUMN news.tagging_evidence.features IS 'Names of the features that spoke for any';
COMMENT ON COLUMN news.tagging_evidence.candidates IS
    'By mention ("body 120 126": field and span): candidates, the best first, each [place_id, score, feature, contribution, feature, contribution …]; a feature by its number, from 0';

CREATE FUNCTION pg_temp.pack(taggings bigint[]) RETURNS void LANGUAGE sql AS $$
INSERT INTO news.tagging_evidence (tagging_id, features, candidates)
SELECT t.tagging_id, t.features, ('{' || string_agg(m.packed, ',' ORDER BY m.mention_id) || '}')::json
FROM (
    SELECT m.tagging_id, coalesce(array_agg(DISTINCT k) FILTER (WHERE k IS NOT NULL), '{}') AS features
    FROM news.mention m JOIN news.mention_candidate c USING (mention_id)
    LEFT JOIN LATERAL jsonb_object_keys(c.evidence) AS k ON true
    WHERE m.tagging_id = ANY (taggings) GROUP BY 1
) AS t
CROSS JOIN LATERAL (
    SELECT m.mention_id, format('"%s %s %s":[%s]', m.field, m.start_offset, m.end_offset,
                                string_agg('[' || concat_ws(',', c.place_id, c.score, e.pairs) || ']', ',' ORDER BY c.rank)) AS packed
    FROM news.mention m JOIN news.mention_candidate c USING (mention_id)
    CROSS JOIN LATERAL (
        SELECT string_agg(array_position(t.features, k.key) - 1 || ',' || k.value::text, ',' ORDER BY k.key) AS pairs
        FROM jsonb_each(c.evidence) AS k
    ) AS e
    WHERE m.tagging_id = t.tagging_id GROUP BY m.mention_id
) AS m
GROUP BY 1, 2
$$;

-- What is held already, while others still write; then, for which they wait, what they wrote meanwhile.
DO $$
DECLARE
    held bigint[] := ARRAY(SELECT tagging_id FROM news.tagging ORDER BY 1);
    shown text;
BEGIN
    FOR n IN 1 .. coalesce(cardinality(held), 0) BY 1000 LOOP
        PERFORM pg_temp.pack(held[n:n + 999]);
    END LOOP;
    LOCK TABLE news.mention_candidate IN ACCESS EXCLUSIVE MODE;
    PERFORM pg_temp.pack(ARRAY(
        SELECT DISTINCT m.tagging_id FROM news.mention m JOIN news.mention_candidate c USING (mention_id)
        WHERE NOT EXISTS (SELECT FROM news.tagging_evidence e WHERE e.tagging_id = m.tagging_id)));
    shown := pg_get_viewdef(to_regclass('mart.mention_candidate'));
    DROP TABLE news.mention_candidate CASCADE;
    CREATE VIEW news.mention_candidate AS
    SELECT m.mention_id, c.rank::smallint AS rank, (c.said ->> 0)::bigint AS place_id, (c.said ->> 1)::real AS score,
           coalesce((SELECT jsonb_object_agg(t.features[(c.said ->> n)::integer + 1], c.said -> (n + 1))
                     FROM generate_series(2, json_array_length(c.said) - 2, 2) AS n), '{}') AS evidence
    FROM news.mention m
    JOIN news.tagging_evidence t USING (tagging_id)
    CROSS JOIN LATERAL json_array_elements(t.candidates -> concat_ws(' ', m.field, m.start_offset, m.end_offset))
        WITH ORDINALITY AS c (said, rank);
    IF shown IS NOT NULL THEN  -- so that nobody finds it missing until the views are renewed
        EXECUTE 'CREATE VIEW mart.mention_candidate AS ' || shown;
    END IF;
END $$;
COMMENT ON VIEW news.mention_candidate IS 'The places a mention could have been, and what spoke for each';
COMMENT ON COLUMN news.mention_candidate.mention_id IS 'The mention';
COMMENT ON COLUMN news.mention_candidate.rank IS '1 is best';
COMMENT ON COLUMN news.mention_candidate.place_id IS 'The place';
COMMENT ON COLUMN news.mention_candidate.score IS 'Sum of the evidence';
COMMENT ON COLUMN news.mention_candidate.evidence IS 'Each feature''s contribution';
DROP FUNCTION pg_temp.pack(bigint[]);
