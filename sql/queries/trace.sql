-- The way back from a row to the bytes it was made of.

-- name: trace_row
-- Every line of the way from a row back to its bytes.
SELECT * FROM mart.trace WHERE kind = %(kind)s AND id = %(row_id)s ORDER BY part DESC, article_id, content_id;

-- name: trace_removed
-- When and why an article was taken down, or what it was merged into, where there is no way back from it.
SELECT min(t.removed_at) AS removed_at, min(t.reason) AS reason, nullif(news.main_article(%(article_id)s), %(article_id)s) AS into_article_id
FROM ops.tombstone t WHERE t.article_id = %(article_id)s;

-- name: trace_bytes
-- The bytes of a capture as held, compressed, with the sha256 of what was received.
SELECT f.blob_hash, b.body FROM ops.fetch f
JOIN raw.blob_key k ON k.blob_hash = f.blob_hash
JOIN raw.blob b ON b.blob_hash = k.blob_hash AND b.stored_month = k.stored_month
WHERE f.fetch_id = %(fetch_id)s;
