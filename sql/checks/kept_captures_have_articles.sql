-- severity: error
-- why: a capture that extraction kept must be an observation of an article, or its text was lost
SELECT l.item_key
FROM ops.ledger l
JOIN ops.fetch f ON f.fetch_id = substr(l.item_key, 9)::bigint
WHERE (%(run_id)s::bigint IS NULL OR l.run_id = %(run_id)s) AND l.stage = 'extract' AND l.state = 'kept'
  AND NOT EXISTS (SELECT FROM news.observation o WHERE o.blob_hash = f.blob_hash AND o.observed_at = f.observed_at);
