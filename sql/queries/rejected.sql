-- What was turned away and is not had since, and what a second try needs.

-- name: rejections_open
-- Items turned away by their latest try and not had since, newest first.
WITH latest AS (
    SELECT DISTINCT ON (l.stage, l.item_key) l.stage, l.item_key, l.reason, l.detail, l.at, l.run_id, l.source_id, l.payload
    FROM ops.ledger l
    WHERE l.state = 'rejected' AND l.at >= %(since)s
      AND (%(item_key)s::text IS NULL OR l.item_key = %(item_key)s)
    ORDER BY l.stage, l.item_key, l.at DESC, l.run_id DESC
), known AS (
    SELECT l.*, s.source_name, r.job,
           CASE WHEN l.item_key ~ '^capture:\d{1,18}$' THEN substr(l.item_key, 9)::bigint
                WHEN l.item_key ~ '^file:.*#\d+$'  -- a line whose bytes were kept though it is no article
                THEN (SELECT max(f.fetch_id) FROM ops.fetch f WHERE f.run_id = l.run_id AND f.requested_url = l.item_key) END AS fetch_id,
           CASE WHEN l.item_key ~ '^content:\d{1,18}$' THEN substr(l.item_key, 9)::bigint END AS content_id
    FROM latest l JOIN ops.run r USING (run_id) LEFT JOIN ops.source s ON s.source_id = l.source_id
    WHERE (%(reason)s::text IS NULL OR l.reason = %(reason)s)
      AND (%(stage)s::text IS NULL OR l.stage = %(stage)s)
      AND (%(source)s::text IS NULL OR s.source_name = %(source)s)
)
SELECT k.stage, k.item_key, k.reason, k.detail, k.at, k.run_id, k.job, k.source_id, k.source_name, k.fetch_id, k.payload,
       f.requested_url, f.observed_at, f.headers ->> 'content-type' AS media_type, f.size, encode(f.blob_hash, 'hex') AS sha256,
       EXISTS (SELECT FROM raw.blob b JOIN raw.blob_key y USING (blob_hash, stored_month) WHERE b.blob_hash = f.blob_hash)
           AS has_bytes,
       EXISTS (SELECT FROM news.content c WHERE c.content_id = k.content_id) AS has_content,
       EXISTS (SELECT FROM ops.work w WHERE (w.stage, w.item_key) = (k.stage, k.item_key)) AS is_waiting
FROM known k
LEFT JOIN ops.fetch f ON f.fetch_id = k.fetch_id
WHERE NOT EXISTS (SELECT FROM news.observation o WHERE k.stage = 'extract' AND o.fetch_id = k.fetch_id)
  AND NOT EXISTS (SELECT FROM news.tagging t WHERE k.stage = 'geotag' AND t.content_id = k.content_id)
  AND NOT EXISTS (SELECT FROM news.fingerprint p WHERE k.stage = 'deduplicate' AND p.content_id = k.content_id)
  AND NOT EXISTS (SELECT FROM ops.page p WHERE k.stage = 'fetch' AND p.blob_hash IS NOT NULL
                  AND p.article_key = regexp_replace(k.item_key, '^(?:page|past:[-0-9/]+):', ''))
ORDER BY k.at DESC, k.stage, k.item_key
LIMIT %(limit)s;

-- name: rejection_tries
-- Every try of an item, oldest first.
SELECT r.job, l.run_id, r.code_version, l.stage, l.state, l.reason, l.detail, l.at
FROM ops.ledger l JOIN ops.run r USING (run_id)
WHERE l.item_key = %(item_key)s ORDER BY l.at, l.run_id;

-- name: items_ended
-- How these items (stage and key) ended in a run.
SELECT stage, item_key, state, reason FROM ops.ledger
WHERE run_id = %(run_id)s AND stage || ' ' || item_key = ANY (%(keys)s);
