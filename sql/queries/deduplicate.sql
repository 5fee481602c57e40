-- Copies: furniture learned, fingerprints kept, candidates found, pairs and decisions settled. One loader at a time.

-- name: lock_copies
-- One loader at a time learns, inserts, looks up and decides.
SELECT pg_advisory_xact_lock(hashtext('news.copy_of'));

-- name: find_furniture
-- Which of these outlets' lines are furniture.
SELECT f.outlet, f.line_hash
FROM json_to_recordset(%(rows)s) AS r (outlet text, line_hash bigint)
JOIN news.furniture_line f USING (outlet, line_hash);

-- name: learn_furniture
-- Notes which articles hold which lines; answers those that become furniture, as their third article has just come.
WITH r AS (
    SELECT r.outlet, r.line_hash, news.line_key(r.outlet, r.line_hash) AS line_key,
           array_agg(DISTINCT r.article_id ORDER BY r.article_id) AS article_ids
    FROM json_to_recordset(%(rows)s) AS r (outlet text, line_hash bigint, article_id bigint)
    GROUP BY 1, 2
), more AS (
    SELECT r.outlet, r.line_hash, line_key, s.article_id, s.second_article_id,
           ARRAY(SELECT a FROM unnest(r.article_ids) AS a
                 WHERE a IS DISTINCT FROM s.article_id AND a IS DISTINCT FROM s.second_article_id) AS fresh
    FROM r LEFT JOIN ops.line_seen s USING (line_key)
    WHERE NOT EXISTS (SELECT FROM news.furniture_line f WHERE (f.outlet, f.line_hash) = (r.outlet, r.line_hash))
), wanted AS (
    SELECT outlet, line_hash, line_key, (array_remove(ARRAY[article_id, second_article_id], NULL) || fresh)[1:3] AS article_ids
    FROM more WHERE cardinality(fresh) > 0
), noted AS (
    INSERT INTO ops.line_seen (line_key, article_id, second_article_id)
    SELECT line_key, article_ids[1], article_ids[2] FROM wanted WHERE cardinality(article_ids) < 3 ORDER BY line_key
    ON CONFLICT (line_key) DO UPDATE SET second_article_id = excluded.second_article_id
), moved AS (
    DELETE FROM ops.line_seen s USING wanted w WHERE s.line_key = w.line_key AND cardinality(w.article_ids) = 3
)
INSERT INTO news.furniture_line (outlet, line_hash, article_ids, learned_at)
SELECT outlet, line_hash, article_ids, %(at)s FROM wanted WHERE cardinality(article_ids) = 3 ORDER BY outlet, line_hash
RETURNING outlet, line_hash, article_ids;

-- name: find_fingerprinted
-- Contents of these articles that were compared before, with what is needed to fingerprint them anew.
SELECT f.content_id, f.article_id, f.seen_at, coalesce(s.outlet, s.source_name) AS outlet, c.title, c.body
FROM news.fingerprint f
JOIN news.content c USING (content_id)
JOIN news.article a ON a.article_id = f.article_id
JOIN ops.source s USING (source_id)
WHERE f.article_id = ANY (%(article_ids)s)
ORDER BY f.content_id;

-- name: load_article_fingerprints
-- Fingerprints of all contents of these articles.
SELECT content_id, article_id, seen_at, text_hash, sketch, numbers, shingles, agency, furniture
FROM news.fingerprint WHERE article_id = ANY (%(article_ids)s);

-- name: load_fingerprints
-- Fingerprints of these contents.
SELECT content_id, article_id, seen_at, text_hash, sketch, numbers, shingles, agency, furniture
FROM news.fingerprint WHERE content_id = ANY (%(content_ids)s);

-- name: load_compared_texts
-- The texts of these contents, with where their datelines stand: nowhere is at the beginning, and empty.
SELECT c.content_id, c.body, coalesce(d.dateline_start, 0) AS dateline_start, coalesce(d.dateline_end, 0) AS dateline_end
FROM news.content c LEFT JOIN news.content_detail d USING (content_id)
WHERE c.content_id = ANY (%(content_ids)s);

-- name: load_compared
-- Which of these contents are compared already, for which article and as of when.
SELECT content_id, article_id, seen_at FROM news.fingerprint WHERE content_id = ANY (%(content_ids)s);

-- name: ensure_bands
-- Makes the index of the quarters of these days where many lie in one, or nothing is held of it yet.
SELECT news.ensure_bands(q.first_on)
FROM (SELECT date_trunc('quarter', day)::date AS first_on, count(*) AS n FROM unnest(%(days)s::date[]) AS day GROUP BY 1) AS q
WHERE to_regclass(news.bands_table(q.first_on)) IS NULL AND (q.n >= %(many)s OR NOT EXISTS (
    SELECT FROM news.fingerprint f
    WHERE f.seen_at >= q.first_on::timestamp AT TIME ZONE 'UTC'
      AND f.seen_at < (q.first_on + interval '3 months') AT TIME ZONE 'UTC'));

-- name: keep_fingerprints
-- Stores fingerprints; one made anew replaces the old.
INSERT INTO news.fingerprint AS f (content_id, article_id, seen_at, text_hash, sketch, numbers, shingles, agency,
                                   furniture, run_id, made_at)
SELECT r.content_id, r.article_id, r.seen_at, r.text_hash::bytea, r.sketch, r.numbers, r.shingles, r.agency,
       r.furniture, %(run_id)s, %(at)s
FROM json_to_recordset(%(rows)s) AS r (content_id bigint, article_id bigint, seen_at timestamptz, text_hash text,
    sketch integer[], numbers text[], shingles integer, agency text, furniture bigint[])
ORDER BY r.content_id
ON CONFLICT (content_id) DO UPDATE SET article_id = excluded.article_id, seen_at = excluded.seen_at,
    text_hash = excluded.text_hash, sketch = excluded.sketch, numbers = excluded.numbers, shingles = excluded.shingles,
    agency = excluded.agency, furniture = excluded.furniture, run_id = excluded.run_id, made_at = excluded.made_at;

-- name: drop_bands
-- Takes contents out of the index, by the bands they are in.
DELETE FROM news.fingerprint_band b
USING (SELECT unnest(r.bands) AS bucket, r.seen_on, r.content_id
       FROM json_to_recordset(%(rows)s) AS r (content_id bigint, seen_on date, bands integer[])) AS r
WHERE (b.bucket, b.seen_on, b.content_id) = (r.bucket, r.seen_on, r.content_id);

-- name: keep_bands
-- Puts contents into the index, where their quarter has one.
INSERT INTO news.fingerprint_band (bucket, seen_on, content_id)
SELECT unnest(r.bands) AS bucket, r.seen_on, r.content_id
FROM json_to_recordset(%(rows)s) AS r (content_id bigint, seen_on date, bands integer[])
WHERE to_regclass(news.bands_table(r.seen_on)) IS NOT NULL
ORDER BY 1, 2, 3;

-- name: find_quarters
-- The quarters that some days lie in, in order, of each the part that does, and whether it has an index.
SELECT greatest(q.first_on, %(first_on)s::date) AS first_on,
       least((q.first_on + interval '3 months')::date - 1, %(last_on)s::date) AS last_on,
       to_regclass(news.bands_table(q.first_on)) IS NOT NULL AS is_indexed
FROM (SELECT day::date AS first_on
      FROM generate_series(date_trunc('quarter', %(first_on)s::timestamp), %(last_on)s::timestamp, interval '3 months') AS day) AS q
ORDER BY 1;

-- name: find_candidates
-- Contents in these buckets within some days, and the place in the list of each one's bucket; of a crowd the earliest.
-- Each bucket is looked up once, whoever asks for it, in the index's order, so that neighbours share its pages. Who
-- shares how many is counted by who asks: joined and grouped here it cost as much again as the look-ups. The buckets
-- come as text (an ARRAY of 50,000 constants takes longer to plan than to run), with the span of the whole batch, by
-- which partitions are chosen once.
SELECT coalesce(array_agg(a.n), '{}') AS places, coalesce(array_agg(b.content_id), '{}') AS content_ids
FROM unnest(%(buckets)s::integer[]) WITH ORDINALITY AS a (bucket, n)
CROSS JOIN LATERAL (
    SELECT b.content_id FROM news.fingerprint_band b
    WHERE b.bucket = a.bucket AND b.seen_on BETWEEN %(first_on)s AND %(last_on)s
    ORDER BY b.seen_on, b.content_id
    LIMIT %(crowd)s
) AS b;

-- name: find_candidates_unindexed
-- The same of days without an index, from their fingerprints.
-- For the few that come late: the index of their quarter would cost more than they do.
SELECT coalesce(array_agg(c.n ORDER BY c.n, c.rank), '{}') AS places,
       coalesce(array_agg(c.content_id ORDER BY c.n, c.rank), '{}') AS content_ids
FROM (
    SELECT a.n, f.content_id, row_number() OVER (PARTITION BY a.n ORDER BY f.seen_on, f.content_id) AS rank
    FROM (SELECT content_id, (seen_at AT TIME ZONE 'UTC')::date AS seen_on, unnest(news.bands_of(sketch, shingles)) AS bucket
          FROM news.fingerprint
          WHERE seen_at >= %(first_on)s::timestamp AT TIME ZONE 'UTC'
            AND seen_at < (%(last_on)s::timestamp + interval '1 day') AT TIME ZONE 'UTC') AS f
    JOIN unnest(%(buckets)s::integer[]) WITH ORDINALITY AS a (bucket, n) USING (bucket)
) AS c
WHERE c.rank <= %(crowd)s;

-- name: find_short
-- Which of these contents have few shingles.
SELECT content_id FROM news.fingerprint WHERE content_id = ANY (%(content_ids)s) AND shingles <= %(shingles)s;

-- name: close_pairs
-- Closes the pairs of these articles that are no longer found so; answers them.
WITH r AS (
    SELECT * FROM json_to_recordset(%(rows)s) AS r (article_id bigint, other_article_id bigint, similarity real,
                                                    containment real, kind text, rule text)
), stale AS (
    SELECT p.ctid AS place, p.article_id, p.other_article_id, lower(p.recorded) AS since FROM news.copy_pair p
    WHERE upper_inf(p.recorded)
      AND (p.article_id = ANY (%(article_ids)s) OR p.other_article_id = ANY (%(article_ids)s))
      AND NOT EXISTS (SELECT FROM r WHERE (r.article_id, r.other_article_id, r.similarity, r.containment, r.kind, r.rule)
                                        = (p.article_id, p.other_article_id, p.similarity, p.containment, p.kind, p.rule))
), dropped AS (
    DELETE FROM news.copy_pair p USING stale s WHERE p.ctid = s.place AND s.since >= %(at)s
), ended AS (
    UPDATE news.copy_pair p SET recorded = tstzrange(s.since, %(at)s, '[)')
    FROM stale s WHERE p.ctid = s.place AND s.since < %(at)s
)
SELECT article_id, other_article_id FROM stale;

-- name: open_pairs
-- Adds the pairs not yet held.
INSERT INTO news.copy_pair (article_id, other_article_id, similarity, containment, kind, rule, run_id, recorded)
SELECT r.article_id, r.other_article_id, r.similarity, r.containment, r.kind, r.rule, %(run_id)s,
       tstzrange(%(at)s, NULL, '[)')
FROM json_to_recordset(%(rows)s) AS r (article_id bigint, other_article_id bigint, similarity real, containment real,
                                       kind text, rule text)
WHERE NOT EXISTS (SELECT FROM news.copy_pair p WHERE upper_inf(p.recorded)
                  AND (p.article_id, p.other_article_id) = (r.article_id, r.other_article_id))
ORDER BY 1, 2;

-- name: find_groups
-- All articles tied to these by pairs, with their pairs.
WITH RECURSIVE tied (article_id) AS (
    SELECT unnest(%(article_ids)s::bigint[])
    UNION
    SELECT p.article_id FROM tied t CROSS JOIN LATERAL (
        SELECT p.other_article_id FROM news.copy_pair p WHERE upper_inf(p.recorded) AND p.article_id = t.article_id
        UNION ALL
        SELECT p.article_id FROM news.copy_pair p WHERE upper_inf(p.recorded) AND p.other_article_id = t.article_id
    ) AS p (article_id)
)
SELECT t.article_id, p.other_article_id, p.similarity, p.containment, p.kind, p.rule
FROM tied t LEFT JOIN news.copy_pair p ON p.article_id = t.article_id AND upper_inf(p.recorded);

-- name: load_standings
-- When these articles were first published and observed, by whom, and whom they credit: what decides who was the first.
-- The first key without min(), as in load_story_window.
SELECT a.article_id, coalesce(s.outlet, s.source_name) AS outlet, c.*,
       least(a.first_observed_at, (SELECT min(o.observed_at) FROM news.observation o
                                   WHERE o.article_id = ANY (c.article_ids))) AS observed_at,
       (SELECT (array_agg(k.article_key ORDER BY k.article_key))[1] FROM news.article_key k
        WHERE k.article_id = ANY (c.article_ids) AND k.kind <> 'alias') AS url
FROM news.article a
JOIN ops.source s USING (source_id)
CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT c.article_id) || a.article_id AS article_ids,
           (array_agg(c.published_at ORDER BY c.published_at, c.published_precision))[1] AS published_at,
           (array_agg(c.published_precision ORDER BY c.published_at, c.published_precision))[1] AS published_precision,
           array_remove(array_agg(DISTINCT f.agency), NULL) AS agencies,
           ARRAY(SELECT DISTINCT b FROM news.fingerprint f JOIN news.content c USING (content_id),
                 unnest(c.authors) AS b WHERE f.article_id = a.article_id ORDER BY b) AS bylines,
           coalesce(max(f.shingles), 0) AS length
    FROM news.fingerprint f JOIN news.content c USING (content_id)
    WHERE f.article_id = a.article_id
) AS c
WHERE a.article_id = ANY (%(article_ids)s);

-- name: close_copies
-- Closes the copies among these articles that were not decided so again; answers how many.
WITH r AS (
    SELECT * FROM json_to_recordset(%(rows)s) AS r (copy_article_id bigint, origin_article_id bigint,
        via_article_id bigint, kind text, similarity real, rule text)
), stale AS (
    SELECT c.ctid AS place, lower(c.recorded) AS since FROM news.copy_of c
    WHERE upper_inf(c.recorded) AND c.copy_article_id = ANY (%(article_ids)s)
      AND NOT EXISTS (
        SELECT FROM r
        WHERE (r.copy_article_id, r.origin_article_id, r.via_article_id, r.kind, r.similarity, r.rule)
            = (c.copy_article_id, c.origin_article_id, c.via_article_id, c.kind, c.similarity, c.rule))
), dropped AS (
    DELETE FROM news.copy_of c USING stale s WHERE c.ctid = s.place AND s.since >= %(at)s
), ended AS (
    UPDATE news.copy_of c SET recorded = tstzrange(s.since, %(at)s, '[)')
    FROM stale s WHERE c.ctid = s.place AND s.since < %(at)s
)
SELECT count(*) FROM stale;

-- name: open_copies
-- Adds the copies not yet held.
INSERT INTO news.copy_of (copy_article_id, origin_article_id, via_article_id, kind, similarity, rule, run_id, recorded)
SELECT r.copy_article_id, r.origin_article_id, r.via_article_id, r.kind, r.similarity, r.rule, %(run_id)s,
       tstzrange(%(at)s, NULL, '[)')
FROM json_to_recordset(%(rows)s) AS r (copy_article_id bigint, origin_article_id bigint, via_article_id bigint,
                                       kind text, similarity real, rule text)
WHERE NOT EXISTS (SELECT FROM news.copy_of c WHERE upper_inf(c.recorded) AND c.copy_article_id = r.copy_article_id)
ORDER BY 1;

-- name: current_copies
-- Every copy that holds now.
SELECT copy_article_id, origin_article_id, via_article_id, kind, similarity, rule
FROM news.copy_of WHERE upper_inf(recorded) ORDER BY copy_article_id;
