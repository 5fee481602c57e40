-- The registry in the warehouse, what is due, and what polling learned.

-- name: synchronise_sources
-- Makes ops.source agree with the registry: new ones in, changed ones changed, removed ones disabled.
WITH r AS (
    SELECT * FROM json_to_recordset(%(rows)s) AS r (
        name text, kind text, url text, outlet text, owner text, country_code text, language_code text,
        home_region text, time_zone text, tier smallint, terms text, link_selector text, poll_minutes integer, has_archive boolean,
        is_enabled boolean, allow_private boolean)
), gone AS (
    UPDATE ops.source s SET is_enabled = false, disabled_at = %(at)s
    WHERE %(is_whole)s AND s.is_enabled AND NOT EXISTS (SELECT FROM r WHERE r.name = s.source_name)
), put AS (
    INSERT INTO ops.source AS s (source_name, kind, url, outlet, owner, country_code, language_code, home_region,
                            time_zone, tier, terms, link_selector, poll_minutes, has_archive, is_enabled, is_private_allowed,
                            created_at)
    SELECT name, kind, url, outlet, owner, country_code, language_code, home_region, time_zone, tier, terms,
           link_selector, poll_minutes, has_archive, is_enabled, allow_private, %(at)s
    FROM r ORDER BY name
    ON CONFLICT (source_name) DO UPDATE SET
        kind = excluded.kind, url = excluded.url, outlet = excluded.outlet, owner = excluded.owner,
        country_code = excluded.country_code, language_code = excluded.language_code,
        home_region = excluded.home_region, time_zone = excluded.time_zone, tier = excluded.tier,
        terms = excluded.terms, link_selector = excluded.link_selector, poll_minutes = excluded.poll_minutes, has_archive = excluded.has_archive,
        is_private_allowed = excluded.is_private_allowed, is_enabled = excluded.is_enabled,
        disabled_at = CASE WHEN excluded.is_enabled THEN NULL ELSE coalesce(s.disabled_at, %(at)s) END
    RETURNING source_id
)
INSERT INTO ops.source_state (source_id) SELECT source_id FROM put ORDER BY source_id ON CONFLICT DO NOTHING;

-- name: list_sources
-- All sources with what polling learned.
SELECT s.source_id, s.source_name, s.kind, s.url, s.outlet, s.owner, s.country_code, s.language_code, s.home_region,
       s.time_zone, s.tier, s.terms, s.link_selector, s.poll_minutes, s.has_archive, s.is_enabled, s.is_private_allowed,
       t.etag, t.last_modified, t.blob_hash, t.next_poll_at, t.last_polled_at, t.last_new_at, t.failure_weight,
       t.moved_to_url, t.is_gone
FROM ops.source s JOIN ops.source_state t USING (source_id)
ORDER BY s.source_name;

-- name: queue_due
-- Queues a poll for every feed that is due, or for those named whether due or not.
WITH due AS (
    SELECT s.source_id, s.source_name, t.next_poll_at
    FROM ops.source s JOIN ops.source_state t USING (source_id)
    WHERE s.kind = 'feed' AND s.is_enabled AND NOT t.is_gone
      AND (%(names)s::text[] IS NULL OR s.source_name = ANY (%(names)s))
      AND (%(is_forced)s OR t.next_poll_at <= %(at)s)
)
INSERT INTO ops.work (stage, item_key, source_id, payload, queued_by, queued_at)
SELECT 'fetch', 'feed:' || source_name, source_id, '{"kind": "feed"}', %(run_id)s, %(at)s FROM due ORDER BY source_name
ON CONFLICT (stage, item_key) DO NOTHING;

-- name: waiting_fetches
-- The sources that have something to fetch now, with the address that tells their host.
SELECT DISTINCT s.source_id, s.url
FROM ops.work w JOIN ops.source s USING (source_id)
WHERE w.stage = 'fetch' AND w.item_key ~ %(pattern)s AND (w.lease_until IS NULL OR w.lease_until < %(at)s)
  AND (%(names)s::text[] IS NULL OR s.source_name = ANY (%(names)s))
ORDER BY s.source_id;

-- name: queue_archives
-- Queues the reading of every archive for one interval; the interval is part of the key.
INSERT INTO ops.work (stage, item_key, source_id, payload, queued_by, queued_at)
SELECT 'fetch', 'archive:' || source_name || ':' || %(start)s || '/' || %(end)s, source_id,
       jsonb_build_object('kind', 'archive', 'start', %(start)s, 'end', %(end)s), %(run_id)s, %(at)s
FROM ops.source
WHERE has_archive AND is_enabled AND (%(names)s::text[] IS NULL OR source_name = ANY (%(names)s))
ORDER BY source_name
ON CONFLICT (stage, item_key) DO NOTHING;

-- name: note_polls
-- Keeps what polls learned: validators, when to ask next, how often it failed.
UPDATE ops.source_state t SET
    etag = CASE WHEN r.is_success THEN coalesce(r.etag, CASE WHEN r.is_unmodified THEN t.etag END) ELSE t.etag END,
    last_modified = CASE WHEN r.is_success
        THEN coalesce(r.last_modified, CASE WHEN r.is_unmodified THEN t.last_modified END) ELSE t.last_modified END,
    blob_hash = coalesce(r.blob_hash::bytea, t.blob_hash),
    last_polled_at = %(at)s,
    last_new_at = CASE WHEN r.new > 0 THEN %(at)s ELSE t.last_new_at END,
    next_poll_at = %(at)s + make_interval(mins => r.pause_minutes),
    failure_weight = CASE WHEN r.is_success THEN 0 ELSE t.failure_weight + r.weight END,
    moved_to_url = coalesce(r.moved_to, t.moved_to_url),
    is_gone = t.is_gone OR r.is_gone
FROM json_to_recordset(%(rows)s) AS r (
    source_id integer, is_success boolean, is_unmodified boolean, etag text, last_modified text, blob_hash text,
    new integer, pause_minutes integer, weight numeric, moved_to text, is_gone boolean)
WHERE t.source_id = r.source_id;

-- name: new_items
-- Of these feed entries, which are new or changed; all of them are remembered as seen.
WITH r AS (
    SELECT DISTINCT ON (r.source_id, r.guid_hash) r.source_id, r.guid_hash::bytea AS guid_hash,
           r.item_hash::bytea AS item_hash, r.url_key
    FROM json_to_recordset(%(rows)s) AS r (source_id integer, guid_hash text, item_hash text, url_key text)
    ORDER BY r.source_id, r.guid_hash
), fresh AS (
    SELECT r.* FROM r LEFT JOIN ops.feed_item f USING (source_id, guid_hash)
    WHERE f.item_hash IS DISTINCT FROM r.item_hash
), put AS (
    INSERT INTO ops.feed_item (source_id, guid_hash, item_hash, url_key, first_seen_at, last_seen_at)
    SELECT source_id, guid_hash, item_hash, url_key, %(at)s, %(at)s FROM fresh
    ON CONFLICT (source_id, guid_hash) DO UPDATE
        SET item_hash = excluded.item_hash, url_key = excluded.url_key, last_seen_at = excluded.last_seen_at
), seen AS (
    UPDATE ops.feed_item f SET last_seen_at = %(at)s
    FROM r WHERE f.source_id = r.source_id AND f.guid_hash = r.guid_hash AND f.item_hash = r.item_hash
      AND f.last_seen_at < %(at)s - interval '1 day'
)
SELECT source_id, guid_hash FROM fresh;
