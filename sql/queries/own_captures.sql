-- Captures of our own, out to archives and back.

-- name: own_capture_days
-- How many captures articles rest on, by day of observation, UTC.
SELECT (o.observed_at AT TIME ZONE 'UTC')::date AS day, count(*) AS captures
FROM news.observation o JOIN ops.fetch f USING (fetch_id) JOIN ops.source s ON s.source_id = f.source_id
WHERE o.observed_at >= %(start)s AND o.observed_at < %(end)s
  AND (%(names)s::text[] IS NULL OR s.source_name = ANY (%(names)s))
GROUP BY 1 ORDER BY 1;

-- name: own_captures
-- What is known of the captures of an interval beside their bytes, in an order of their own.
SELECT f.fetch_id, f.kind, f.requested_url, f.final_url, o.observed_at, f.status, s.source_name,
       coalesce(t.article_key, (SELECT coalesce(min(k.article_key) FILTER (WHERE k.kind <> 'alias'), min(k.article_key))
                                FROM news.article_key k WHERE k.article_id = o.article_id)) AS article_key,
       coalesce(t.hints, '{}') AS hints,
       coalesce((SELECT json_agg(json_build_array(g.source_name, encode(n.guid_hash, 'hex'), n.first_seen_at, n.last_seen_at)
                                 ORDER BY g.source_name, n.guid_hash)
                 FROM news.sighting n JOIN ops.source g ON g.source_id = n.source_id
                 WHERE n.article_id = o.article_id), '[]') AS seen
FROM news.observation o
JOIN ops.fetch f USING (fetch_id)
JOIN ops.source s ON s.source_id = f.source_id
LEFT JOIN raw.stated t ON t.fetch_id = f.fetch_id
WHERE o.observed_at >= %(start)s AND o.observed_at < %(end)s
  AND (%(names)s::text[] IS NULL OR s.source_name = ANY (%(names)s))
ORDER BY o.observed_at, f.requested_url, f.kind, o.blob_hash;

-- name: restore_feed_items
-- Enters feed entries as another warehouse saw them; what is known here stays.
INSERT INTO ops.feed_item (source_id, guid_hash, item_hash, url_key, first_seen_at, last_seen_at)
SELECT DISTINCT ON (r.source_id, r.guid_hash, r.url_key)
       r.source_id, r.guid_hash::bytea, '', r.url_key, r.first_seen_at, r.last_seen_at
FROM json_to_recordset(%(rows)s) AS r (
    source_id integer, guid_hash text, url_key text, first_seen_at timestamptz, last_seen_at timestamptz)
ORDER BY r.source_id, r.guid_hash, r.url_key
ON CONFLICT DO NOTHING;

-- name: own_corrections
-- Analysts' corrections that hold, without our ids.
SELECT surface, place_id, note, outlet, language_code, text_hash, field, start_offset AS start
FROM news.place_override WHERE upper_inf(recorded)
ORDER BY surface, outlet, language_code, text_hash, field, start_offset, lower(recorded), place_id;

-- name: holds_articles
-- Whether there is any article.
SELECT EXISTS (SELECT FROM news.article);
