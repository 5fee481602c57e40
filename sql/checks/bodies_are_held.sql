-- severity: error
-- why: bytes that were received and are neither held, retired by rule nor taken down are lost, and nothing can be derived from them again
SELECT f.fetch_id, f.requested_url, encode(f.blob_hash, 'hex') AS sha256
FROM ops.fetch f JOIN raw.blob_key k USING (blob_hash)
WHERE (%(run_id)s::bigint IS NULL OR f.run_id = %(run_id)s) AND (k.retired_at IS NULL OR f.fetched_at > k.retired_at)
  AND NOT EXISTS (SELECT FROM raw.blob b WHERE (b.stored_month, b.blob_hash) = (k.stored_month, k.blob_hash))
  AND NOT EXISTS (SELECT FROM raw.redaction d WHERE d.blob_hash = f.blob_hash)
  AND NOT EXISTS (SELECT FROM ops.tombstone t WHERE t.tombstone_key = 'sha256:' || encode(f.blob_hash, 'hex'));
