-- Merges: articles that one capture's keys led to prove to be one.

-- name: find_merges
-- What articles these keys lead to, and what those were merged into.
SELECT k.article_key, k.article_id, news.main_article(k.article_id) AS main_id
FROM news.article_key k WHERE k.article_key = ANY (%(keys)s) ORDER BY k.article_key;

-- name: load_merge_members
-- Every article of these merges, with what decides which is the main one.
SELECT a.article_id, main.main_id, m.article_key, m.rule,
       (SELECT min(o.observed_at) FROM news.observation o WHERE o.article_id = a.article_id) AS observed_at,
       (SELECT min(k.article_key) FROM news.article_key k WHERE k.article_id = a.article_id) AS first_key,
       EXISTS (SELECT FROM news.article_split s WHERE s.article_id = a.article_id) AS is_split
FROM unnest(%(main_ids)s::bigint[]) AS main (main_id)
CROSS JOIN LATERAL unnest(news.articles_in(main.main_id)) AS a (article_id)
LEFT JOIN news.article_merge m ON m.from_article_id = a.article_id AND upper_inf(m.recorded)
ORDER BY a.article_id;

-- name: keep_split
-- Says that an article is none of the group it is in; answers which article speaks for that.
INSERT INTO news.article_split (article_id, main_article_id, reason, run_id, split_at)
SELECT %(article_id)s, main, %(reason)s, %(run_id)s, %(at)s
FROM news.main_article(%(article_id)s) AS main
WHERE main <> %(article_id)s OR EXISTS (SELECT FROM news.article_merge m
                                        WHERE m.into_article_id = %(article_id)s AND upper_inf(m.recorded))
RETURNING main_article_id;

-- name: list_merges
-- Which articles are read as part of another, the latest first, and what was split by hand.
SELECT m.from_article_id, (SELECT min(k.article_key) FROM news.article_key k WHERE k.article_id = m.from_article_id) AS from_key,
       m.into_article_id, (SELECT min(k.article_key) FROM news.article_key k WHERE k.article_id = m.into_article_id) AS into_key,
       lower(m.recorded) AS at, m.article_key || ' led to both' AS why, false AS is_split
FROM news.article_merge m WHERE upper_inf(m.recorded)
UNION ALL
SELECT s.article_id, (SELECT min(k.article_key) FROM news.article_key k WHERE k.article_id = s.article_id),
       s.main_article_id, (SELECT min(k.article_key) FROM news.article_key k WHERE k.article_id = s.main_article_id),
       s.split_at, s.reason, true
FROM news.article_split s
ORDER BY at DESC, from_article_id LIMIT %(most)s;

-- name: close_merges
-- Closes the merges of these articles that are no longer held so.
WITH r AS (
    SELECT * FROM json_to_recordset(%(rows)s) AS r (from_article_id bigint, into_article_id bigint)
), stale AS (
    SELECT m.ctid AS place, lower(m.recorded) AS since FROM news.article_merge m
    WHERE upper_inf(m.recorded) AND m.from_article_id = ANY (%(article_ids)s)
      AND NOT EXISTS (SELECT FROM r WHERE (r.from_article_id, r.into_article_id) = (m.from_article_id, m.into_article_id))
), dropped AS (
    DELETE FROM news.article_merge m USING stale s WHERE m.ctid = s.place AND s.since >= %(at)s
)
UPDATE news.article_merge m SET recorded = tstzrange(s.since, %(at)s, '[)')
FROM stale s WHERE m.ctid = s.place AND s.since < %(at)s;

-- name: open_merges
-- Adds the merges not yet held; answers the articles that are now read as part of another, or of another than before.
INSERT INTO news.article_merge (from_article_id, into_article_id, article_key, rule, run_id, recorded)
SELECT r.from_article_id, r.into_article_id, r.article_key, r.rule, %(run_id)s, tstzrange(%(at)s, NULL, '[)')
FROM json_to_recordset(%(rows)s) AS r (from_article_id bigint, into_article_id bigint, article_key text, rule text)
WHERE NOT EXISTS (SELECT FROM news.article_merge m WHERE upper_inf(m.recorded) AND m.from_article_id = r.from_article_id)
ORDER BY r.from_article_id
RETURNING from_article_id, into_article_id;

-- name: forget_compared
-- Takes back what was drawn from articles that are now part of others: they are compared again as what they are.
WITH pairs AS (
    SELECT p.ctid AS place, lower(p.recorded) AS since FROM news.copy_pair p
    WHERE upper_inf(p.recorded) AND (p.article_id = ANY (%(article_ids)s) OR p.other_article_id = ANY (%(article_ids)s))
), pairs_dropped AS (
    DELETE FROM news.copy_pair p USING pairs s WHERE p.ctid = s.place AND s.since >= %(at)s
), pairs_ended AS (
    UPDATE news.copy_pair p SET recorded = tstzrange(s.since, %(at)s, '[)')
    FROM pairs s WHERE p.ctid = s.place AND s.since < %(at)s
), copies AS (
    SELECT c.ctid AS place, lower(c.recorded) AS since FROM news.copy_of c
    WHERE upper_inf(c.recorded)
      AND (c.copy_article_id = ANY (%(article_ids)s) OR c.origin_article_id = ANY (%(article_ids)s)
           OR c.via_article_id = ANY (%(article_ids)s))
), copies_dropped AS (
    DELETE FROM news.copy_of c USING copies s WHERE c.ctid = s.place AND s.since >= %(at)s
), copies_ended AS (
    UPDATE news.copy_of c SET recorded = tstzrange(s.since, %(at)s, '[)')
    FROM copies s WHERE c.ctid = s.place AND s.since < %(at)s
), told AS (
    SELECT t.ctid AS place, lower(t.recorded) AS since FROM news.story_article t
    WHERE upper_inf(t.recorded) AND t.article_id = ANY (%(article_ids)s)
), told_dropped AS (
    DELETE FROM news.story_article t USING told s WHERE t.ctid = s.place AND s.since >= %(at)s
), told_ended AS (
    UPDATE news.story_article t SET recorded = tstzrange(s.since, %(at)s, '[)')
    FROM told s WHERE t.ctid = s.place AND s.since < %(at)s
), features AS (
    DELETE FROM news.story_feature WHERE article_id = ANY (%(article_ids)s) RETURNING seen_at
), due AS (
    INSERT INTO ops.story_due (due_on) SELECT DISTINCT news.stretch_of(seen_at) FROM features ON CONFLICT DO NOTHING
), marks AS (
    DELETE FROM news.fingerprint WHERE article_id = ANY (%(article_ids)s) RETURNING content_id, seen_at, sketch
)
DELETE FROM news.fingerprint_band b USING marks m
WHERE b.content_id = m.content_id AND b.seen_on = (m.seen_at AT TIME ZONE 'UTC')::date AND b.bucket = ANY (m.sketch);

-- name: contents_of_articles
-- The contents of these articles with their sources.
SELECT c.content_id, a.source_id FROM news.content c JOIN news.article a USING (article_id)
WHERE c.article_id = ANY (%(article_ids)s) ORDER BY c.content_id;
