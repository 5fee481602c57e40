-- Takedowns: what there is of an article, and its removal.

-- name: may_take_down
-- Whether this login owns the warehouse.
SELECT pg_has_role(c.relowner, 'USAGE') FROM pg_class c WHERE c.oid = 'news.content'::regclass;

-- name: takedown_targets
-- The main articles of an id or of keys.
SELECT DISTINCT news.main_article(a.article_id) AS article_id
FROM news.article a
WHERE a.article_id = %(article_id)s
   OR a.article_id IN (SELECT k.article_id FROM news.article_key k WHERE k.article_key = ANY (%(keys)s))
ORDER BY 1;

-- name: takedown_members
-- An article and those merged into it, with their keys.
SELECT a.article_id, coalesce((SELECT array_agg(k.article_key ORDER BY k.article_key) FROM news.article_key k
                               WHERE k.article_id = a.article_id), '{}') AS keys
FROM unnest(news.articles_in(%(article_id)s)) AS a (article_id) ORDER BY 1;

-- name: takedown_contents
-- What these articles said, ever.
SELECT c.content_id, c.article_id, c.title, c.standfirst, c.body, c.captions
FROM news.content c WHERE c.article_id = ANY (%(articles)s) ORDER BY c.content_id;

-- name: takedown_counts
-- How much there is of these articles beside their contents.
SELECT (SELECT count(*) FROM news.version v WHERE v.article_id = ANY (%(articles)s)) AS versions,
       (SELECT count(*) FROM news.mention m JOIN news.tagging t USING (tagging_id) JOIN news.content c USING (content_id)
        WHERE c.article_id = ANY (%(articles)s)) AS mentions,
       (SELECT count(*) FROM news.edit e WHERE e.article_id = ANY (%(articles)s)) AS edits,
       (SELECT count(*) FROM news.upstream u JOIN news.content c USING (content_id)
        WHERE c.article_id = ANY (%(articles)s)) AS upstreams,
       (SELECT count(*) FROM news.fingerprint f WHERE f.article_id = ANY (%(articles)s)) AS fingerprints;

-- name: takedown_captures
-- The captures whose bytes were read as these articles.
SELECT DISTINCT f.fetch_id, f.run_id, f.source_id, f.blob_hash, f.fetched_at
FROM news.observation o JOIN ops.fetch f ON f.blob_hash = o.blob_hash
WHERE o.article_id = ANY (%(articles)s);

-- name: takedown_requests
-- Requests for pages and texts of entries at the time these articles were shown: some may be theirs and not have been read.
WITH span AS (
    SELECT source_id, min(since) AS since, max(until) AS until
    FROM (SELECT g.source_id, g.first_seen_at AS since, g.last_seen_at AS until FROM news.sighting g
          WHERE g.article_id = ANY (%(articles)s)
          UNION ALL
          SELECT f.source_id, f.fetched_at, f.fetched_at FROM news.observation o JOIN ops.fetch f USING (fetch_id)
          WHERE o.article_id = ANY (%(articles)s)) AS s
    GROUP BY source_id
)
SELECT f.fetch_id, f.run_id, f.source_id, f.kind, f.requested_url, f.final_url, f.blob_hash
FROM span JOIN ops.fetch f ON f.source_id = span.source_id
WHERE f.blob_hash IS NOT NULL AND f.fetched_at BETWEEN span.since - interval '1 day'
      AND span.until + CASE f.kind WHEN 'feed' THEN interval '2 days' ELSE interval '60 days' END;

-- name: takedown_listings
-- Listings read for the same source in the runs that captured these articles: an archive's are in no feed.
SELECT DISTINCT f.blob_hash
FROM (SELECT DISTINCT f.run_id, f.source_id FROM ops.fetch f WHERE f.fetch_id = ANY (%(fetch_ids)s)) AS own
JOIN ops.fetch f ON f.run_id = own.run_id AND f.source_id = own.source_id
WHERE f.kind = 'feed' AND f.blob_hash IS NOT NULL;

-- name: takedown_shared
-- Of these bodies, those that other articles were read from.
SELECT o.blob_hash, min(o.article_id) AS article_id FROM news.observation o
WHERE o.blob_hash = ANY (%(hashes)s::bytea[]) AND o.article_id <> ALL (%(articles)s)
GROUP BY o.blob_hash;

-- name: load_bodies
-- Bodies held, compressed.
SELECT k.blob_hash, b.body FROM raw.blob_key k JOIN raw.blob b ON b.blob_hash = k.blob_hash AND b.stored_month = k.stored_month
WHERE k.blob_hash = ANY (%(hashes)s::bytea[]);

-- name: takedown_copies
-- Articles alike these that stay, to be decided on: which copied which, how much.
SELECT DISTINCT ON (p.article_id) p.article_id, s.outlet, c.title, p.kind, round(p.similarity::numeric, 2) AS similarity,
       EXISTS (SELECT FROM news.copy_of o WHERE o.copy_article_id = p.article_id AND upper_inf(o.recorded)
               AND o.origin_article_id = ANY (%(articles)s)) AS is_copy,
       (SELECT min(k.article_key) FROM news.article_key k WHERE k.article_id = p.article_id AND k.kind <> 'alias') AS url
FROM (SELECT p.other_article_id AS article_id, p.kind, p.similarity FROM news.copy_pair p
      WHERE p.article_id = ANY (%(articles)s) AND upper_inf(p.recorded)
      UNION ALL
      SELECT p.article_id, p.kind, p.similarity FROM news.copy_pair p
      WHERE p.other_article_id = ANY (%(articles)s) AND upper_inf(p.recorded)
      UNION ALL
      SELECT o.copy_article_id, o.kind, o.similarity FROM news.copy_of o
      WHERE o.origin_article_id = ANY (%(articles)s) AND upper_inf(o.recorded)
      UNION ALL
      SELECT o.origin_article_id, o.kind, o.similarity FROM news.copy_of o
      WHERE o.copy_article_id = ANY (%(articles)s) AND upper_inf(o.recorded)) AS p
JOIN news.article a ON a.article_id = p.article_id
JOIN ops.source s USING (source_id)
JOIN news.version v ON v.article_id = p.article_id AND upper_inf(v.recorded) AND upper_inf(v.observed)
JOIN news.content c ON c.content_id = v.content_id
WHERE p.article_id <> ALL (%(articles)s)
ORDER BY p.article_id, p.similarity DESC;

-- name: bury
-- Notes what was taken down; its keys, bytes and text come in no more.
INSERT INTO ops.tombstone (tombstone_key, removed_at, reason, article_id)
SELECT DISTINCT ON (r.tombstone_key) r.tombstone_key, %(at)s, %(reason)s, r.article_id
FROM json_to_recordset(%(rows)s) AS r (tombstone_key text, article_id bigint)
ORDER BY r.tombstone_key, r.article_id
ON CONFLICT (tombstone_key) DO NOTHING;

-- name: erase_beside
-- Removes what stands beside the contents of these articles and quotes them.
WITH c AS (SELECT content_id, title, standfirst, body, captions FROM news.content WHERE article_id = ANY (%(articles)s)),
t AS (SELECT t.tagging_id FROM news.tagging t JOIN c USING (content_id)),
details AS (DELETE FROM news.content_detail d USING c WHERE d.content_id = c.content_id),
before AS (DELETE FROM news.content_before b USING c WHERE b.content_id = c.content_id),
edits AS (DELETE FROM news.edit e WHERE e.article_id = ANY (%(articles)s)),
edits_due AS (DELETE FROM ops.edit_due e WHERE e.article_id = ANY (%(articles)s)),
upstreams AS (DELETE FROM news.upstream u USING c WHERE u.content_id = c.content_id),
people AS (DELETE FROM news.demonym d USING t WHERE d.tagging_id = t.tagging_id),
evidence AS (DELETE FROM news.tagging_evidence e USING t WHERE e.tagging_id = t.tagging_id),
surfaces AS (UPDATE news.mention m SET surface = '[taken down]' FROM t WHERE m.tagging_id = t.tagging_id),
overrides AS (
    DELETE FROM news.place_override o USING c
    WHERE o.text_hash IN (sha256(convert_to(c.title, 'UTF8')), sha256(convert_to(c.standfirst, 'UTF8')),
                          sha256(convert_to(c.body, 'UTF8')), sha256(convert_to(c.captions, 'UTF8')))
), lines AS (
    DELETE FROM ops.line_seen l WHERE l.article_id = ANY (%(articles)s::bigint[])  -- its filters know no other integers
      AND (l.second_article_id IS NULL OR l.second_article_id = ANY (%(articles)s::bigint[]))
), lines_of_others AS (
    UPDATE ops.line_seen l SET second_article_id = NULL,
        article_id = CASE WHEN l.article_id = ANY (%(articles)s) THEN l.second_article_id ELSE l.article_id END
    WHERE (l.article_id = ANY (%(articles)s::bigint[]) AND l.second_article_id <> ALL (%(articles)s))
       OR (l.second_article_id = ANY (%(articles)s::bigint[]) AND l.article_id <> ALL (%(articles)s))
), shadows AS (
    DELETE FROM ops.shadow_content s WHERE s.article_id = ANY (%(articles)s) OR s.main_id = ANY (%(articles)s)
), shadow_tags AS (
    DELETE FROM ops.shadow_tagging s WHERE s.article_id = ANY (%(articles)s) OR s.main_id = ANY (%(articles)s)
), shadow_readings AS (
    DELETE FROM ops.shadow_reading s WHERE s.article_id = ANY (%(articles)s) OR s.main_id = ANY (%(articles)s)
), shadow_articles AS (
    DELETE FROM ops.shadow_article s WHERE s.article_id = ANY (%(articles)s)
)
DELETE FROM ops.shadow_difference s WHERE s.article_id = ANY (%(articles)s);

-- name: erase_contents
-- Empties the contents of these articles; the rows stay, so that counts and questions as of a time explain themselves.
UPDATE news.content SET title = NULL, standfirst = NULL, body = '[taken down]', captions = NULL, authors = '{}',
    section = NULL, site_name = NULL, published_as_stated = NULL, canonical_url = NULL,
    content_hash = decode(md5('taken down ' || content_id), 'hex'), sameness_hash = decode(md5('taken down ' || content_id), 'hex')
WHERE article_id = ANY (%(articles)s);

-- name: close_articles
-- Ends what these articles are held to say.
WITH dropped AS (
    DELETE FROM news.version v WHERE v.article_id = ANY (%(articles)s) AND upper_inf(v.recorded) AND lower(v.recorded) >= %(at)s
), said_dropped AS (
    DELETE FROM news.observed_content o
    WHERE o.article_id = ANY (%(articles)s) AND upper_inf(o.recorded) AND lower(o.recorded) >= %(at)s
), said AS (
    UPDATE news.observed_content o SET recorded = tstzrange(lower(o.recorded), %(at)s, '[)')
    WHERE o.article_id = ANY (%(articles)s) AND upper_inf(o.recorded) AND lower(o.recorded) < %(at)s
)
UPDATE news.version v SET recorded = tstzrange(lower(v.recorded), %(at)s, '[)')
WHERE v.article_id = ANY (%(articles)s) AND upper_inf(v.recorded) AND lower(v.recorded) < %(at)s;

-- name: erase_requests
-- Forgets what requests for these articles brought beside the bytes, and that their pages are to be asked again.
WITH headers AS (
    UPDATE ops.fetch SET headers = '{}', detail = NULL WHERE fetch_id = ANY (%(fetch_ids)s)
), stated AS (
    DELETE FROM raw.stated s WHERE s.fetch_id = ANY (%(fetch_ids)s) OR s.article_key = ANY (%(keys)s)
), told AS (
    UPDATE ops.ledger l SET detail = NULL, payload = NULL
    WHERE l.run_id = ANY (%(run_ids)s) AND (l.detail IS NOT NULL OR l.payload IS NOT NULL) AND l.stage IN ('fetch', 'extract')
      AND l.reason IS DISTINCT FROM 'tombstoned'
      AND (l.item_key = ANY (%(items)s) OR l.payload ->> 'article_key' = ANY (%(keys)s))
)
UPDATE ops.page SET hints = '{}', etag = NULL, last_modified = NULL, next_fetch_at = NULL WHERE article_key = ANY (%(keys)s);

-- name: erase_samples
-- Forgets the rows that checks found wrong among these.
UPDATE ops.check_result SET sample = '[]' WHERE sample <> '[]' AND sample::text ~ %(pattern)s;

-- name: cancel_work
-- Takes these items off the queue; where a run had claimed one, its ledger says why it was not done.
WITH gone AS (
    DELETE FROM ops.work w WHERE w.item_key = ANY (%(items)s) OR w.payload ->> 'article_key' = ANY (%(keys)s)
    RETURNING w.run_id, w.stage, w.item_key, w.source_id
), held AS (
    UPDATE ops.ledger l SET state = 'rejected', reason = 'tombstoned', detail = 'taken down', at = %(at)s
    FROM gone g WHERE l.run_id = g.run_id AND l.stage = g.stage AND l.item_key = g.item_key AND l.state = 'claimed'
        AND ops.item_hash(l.stage, l.item_key) = ops.item_hash(g.stage, g.item_key)
)
INSERT INTO ops.ledger (run_id, stage, item_key, source_id, state, reason, detail, at)
SELECT %(run_id)s, g.stage, g.item_key, g.source_id, 'rejected', 'tombstoned', 'taken down', %(at)s FROM gone g
WHERE g.run_id IS NULL
ON CONFLICT DO NOTHING;

-- name: redact_bodies
-- Puts bodies without an article in the place of those as received.
SELECT raw.redact(%(hashes)s::bytea[], %(bodies)s::bytea[], %(left_hashes)s::bytea[], %(article_id)s, %(at)s);

-- name: takedowns
-- What was taken down and is not lifted, the latest first.
SELECT t.article_id, min(t.removed_at) AS removed_at, min(t.reason) AS reason,
       min(substr(t.tombstone_key, 5)) FILTER (WHERE t.tombstone_key LIKE 'url:%%') AS url, count(*) AS keys
FROM ops.tombstone t GROUP BY t.article_id, CASE WHEN t.article_id IS NULL THEN t.tombstone_key END
ORDER BY 2 DESC, 1;

-- name: lift_takedown
-- Lets an article's keys, bytes and text in again; answers how many.
WITH gone AS (
    DELETE FROM ops.tombstone t WHERE t.article_id = ANY (%(articles)s) RETURNING t.tombstone_key
), bodies AS (
    DELETE FROM raw.redaction r WHERE r.article_id = ANY (%(articles)s) AND r.left_hash IS NULL
), again AS (
    UPDATE ops.page p SET next_fetch_at = %(at)s, blob_hash = NULL FROM gone g WHERE g.tombstone_key = 'url:' || p.article_key
)
SELECT count(*) FROM gone;

-- name: tombstones_of
-- Which articles the takedown of these keys was of.
SELECT DISTINCT tombstone_key, article_id FROM ops.tombstone WHERE tombstone_key = ANY (%(keys)s) AND article_id IS NOT NULL;

-- name: has_text_tombstones
-- Whether any text is blocked by its words.
SELECT EXISTS (SELECT FROM ops.tombstone WHERE tombstone_key >= 'text:' AND tombstone_key < 'text;');

-- name: blobs_of_captures
-- The bodies of these captures.
SELECT fetch_id, blob_hash FROM ops.fetch WHERE fetch_id = ANY (%(fetch_ids)s) AND blob_hash IS NOT NULL;
