-- Requests and the bodies they brought.

-- name: keep_blobs
-- Stores bodies not yet held; the anti-join comes first, so a repeat writes nothing.
WITH r AS (
    SELECT DISTINCT ON (hash) hash, size, body
    FROM unnest(%(hashes)s::bytea[], %(sizes)s::bigint[], %(bodies)s::bytea[]) AS r (hash, size, body)
    ORDER BY hash
), bare AS (  -- a body that went and may come again: of what was taken down it may not
    SELECT k.blob_hash, k.stored_month FROM r JOIN raw.blob_key k ON k.blob_hash = r.hash
    WHERE NOT EXISTS (SELECT FROM raw.redaction d WHERE d.blob_hash = r.hash)
      AND NOT EXISTS (SELECT FROM raw.blob b WHERE b.blob_hash = k.blob_hash AND b.stored_month = k.stored_month)
), fresh AS (
    INSERT INTO raw.blob_key (blob_hash, stored_month, size)
    SELECT r.hash, date_trunc('month', %(at)s::timestamptz AT TIME ZONE 'UTC')::date, r.size FROM r
    WHERE NOT EXISTS (SELECT FROM raw.blob_key k WHERE k.blob_hash = r.hash)
    ORDER BY r.hash
    ON CONFLICT (blob_hash) DO NOTHING
    RETURNING blob_hash, stored_month
), reopened AS (  -- its month was gone through by rules of retention, and is to be once more
    DELETE FROM ops.retirement t USING bare WHERE t.stored_month = bare.stored_month
)
INSERT INTO raw.blob (blob_hash, stored_month, body)
SELECT f.blob_hash, f.stored_month, r.body FROM (SELECT * FROM fresh UNION ALL SELECT * FROM bare) AS f JOIN r ON r.hash = f.blob_hash;

-- name: held_blobs
-- Which of these bodies are held: they need not be compressed again.
SELECT k.blob_hash FROM raw.blob_key k
WHERE k.blob_hash = ANY (%(hashes)s::bytea[])
  AND (EXISTS (SELECT FROM raw.blob b WHERE b.blob_hash = k.blob_hash AND b.stored_month = k.stored_month)
       OR EXISTS (SELECT FROM raw.redaction d WHERE d.blob_hash = k.blob_hash));

-- name: ensure_month
-- Makes the body partition of an instant.
SELECT raw.ensure_month((%(at)s::timestamptz AT TIME ZONE 'UTC')::date);

-- name: note_fetches
-- Writes a row per request; answers the ids in the order given.
INSERT INTO ops.fetch (run_id, source_id, kind, requested_url, final_url, fetched_at, observed_at, outcome, reason,
                       status, headers, blob_hash, size, duration_ms, detail, covered_on)
SELECT %(run_id)s, r.source_id, r.kind, r.requested_url, r.final_url, r.fetched_at, r.observed_at, r.outcome, r.reason,
       r.status, coalesce(r.headers, '{}'), r.blob_hash::bytea, r.size, r.duration_ms, r.detail,
       coalesce(r.covered_on, (r.observed_at AT TIME ZONE 'UTC')::date)
FROM json_to_recordset(%(rows)s) AS r (
    source_id integer, kind text, requested_url text, final_url text, fetched_at timestamptz, observed_at timestamptz,
    outcome text, reason text, status smallint, headers jsonb, blob_hash text, size bigint, duration_ms integer,
    detail text, covered_on date, n bigint)
ORDER BY r.n
RETURNING fetch_id;

-- name: known_observations
-- Which of these (bytes, time) pairs an observation already holds, for the article a key leads to.
SELECT k.article_key, o.blob_hash, o.observed_at
FROM json_to_recordset(%(rows)s) AS r (article_key text, blob_hash text, observed_at timestamptz)
JOIN news.article_key k ON k.article_key = r.article_key
JOIN news.observation o ON o.article_id = k.article_id AND o.blob_hash = r.blob_hash::bytea
                       AND o.observed_at = r.observed_at;

-- name: load_captures
-- Captures with their bodies and what the source knows of them.
SELECT f.fetch_id, f.source_id, f.kind, f.requested_url, f.final_url, f.observed_at, f.headers, f.blob_hash,
       b.body, s.source_name, s.time_zone
FROM ops.fetch f
JOIN ops.source s USING (source_id)
JOIN raw.blob_key k ON k.blob_hash = f.blob_hash
JOIN raw.blob b ON b.blob_hash = k.blob_hash AND b.stored_month = k.stored_month
WHERE f.fetch_id = ANY (%(fetch_ids)s)
ORDER BY f.fetch_id;
