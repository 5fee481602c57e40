-- Pages as last fetched, and when they are asked again.

-- name: queue_refetches
-- Queues pages that are due to be asked again, a limited number a source, those waiting longest first.
INSERT INTO ops.work (stage, item_key, source_id, payload, rank, queued_by, queued_at)
SELECT 'fetch', 'page:' || p.article_key, s.source_id,
       jsonb_build_object('kind', 'page', 'is_again', true, 'url', p.url, 'article_key', p.article_key, 'hints', p.hints,
                          'etag', p.etag, 'last_modified', p.last_modified,
                          'blob_hash', encode(p.blob_hash, 'hex')),
       1, %(run_id)s, %(at)s
FROM ops.source s
CROSS JOIN LATERAL (
    SELECT * FROM ops.page
    WHERE source_id = s.source_id AND next_fetch_at <= %(at)s
    ORDER BY next_fetch_at, article_key LIMIT %(most)s
) p
WHERE s.is_enabled AND (%(names)s::text[] IS NULL OR s.source_name = ANY (%(names)s))
ORDER BY p.next_fetch_at, p.article_key
ON CONFLICT (stage, item_key) DO NOTHING;

-- name: learn_pages
-- Keeps what fetching pages taught: validators, when to ask again, whether they are gone.
INSERT INTO ops.page AS p (article_key, source_id, url, hints, etag, last_modified, blob_hash, first_fetched_at,
                           last_fetched_at, next_fetch_at)
SELECT DISTINCT ON (r.article_key) r.article_key, r.source_id, r.url, coalesce(r.hints, '{}'), r.etag, r.last_modified,
       r.blob_hash::bytea, r.fetched_at, r.fetched_at, r.next_fetch_at
FROM json_to_recordset(%(rows)s) AS r (article_key text, source_id integer, url text, hints jsonb, etag text,
    last_modified text, blob_hash text, fetched_at timestamptz, next_fetch_at timestamptz, n bigint)
WHERE NOT EXISTS (SELECT FROM ops.tombstone t WHERE t.tombstone_key = 'url:' || r.article_key)
ORDER BY r.article_key, r.n
ON CONFLICT (article_key) DO UPDATE SET
    url = CASE WHEN excluded.blob_hash IS NULL THEN p.url ELSE excluded.url END,
    hints = CASE WHEN excluded.blob_hash IS NULL THEN p.hints ELSE excluded.hints END,
    etag = CASE WHEN excluded.blob_hash IS NULL THEN p.etag ELSE excluded.etag END,
    last_modified = CASE WHEN excluded.blob_hash IS NULL THEN p.last_modified ELSE excluded.last_modified END,
    blob_hash = coalesce(excluded.blob_hash, p.blob_hash),
    last_fetched_at = excluded.last_fetched_at, next_fetch_at = excluded.next_fetch_at,
    gone_at = CASE WHEN excluded.blob_hash IS NULL THEN p.gone_at END;

-- name: bury_pages
-- Notes pages that are no longer there: they are not asked again.
UPDATE ops.page SET gone_at = coalesce(gone_at, %(at)s), last_fetched_at = %(at)s, next_fetch_at = NULL
WHERE article_key = ANY (%(keys)s);

-- name: find_pages
-- Pages held already, with what they gave last.
SELECT article_key, first_fetched_at, blob_hash, next_fetch_at FROM ops.page WHERE article_key = ANY (%(keys)s);
