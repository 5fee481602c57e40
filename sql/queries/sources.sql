-- The registry in the warehouse, what is due, and what polling learned.

-- name: synchronise_sources
-- Makes ops.source agree with the registry: new ones in, changed ones changed, removed ones disabled.
WITH r AS (
    SELECT * FROM json_to_recordset(%(rows)s) AS r (
        name text, kind text, url text, outlet text, owner text, country_code text, language_code text,
        home_region text, time_zone text, tier smallint, terms text, link_selector text, poll_minutes integer, has_archive boolean,
        is_enabled boolean, allow_private boolean)
), moved AS (
    -- another address is another thing: what was learned of the old one does not hold
    UPDATE ops.source_state t SET etag = NULL, last_modified = NULL, is_validator_trusted = true, blob_hash = NULL,
        not_modified_count = 0, failure_weight = 0, given_up_at = NULL, gone_at = NULL, moved_to_url = NULL,
        moved_at = NULL, last_reason = NULL, next_poll_at = '-infinity'
    FROM ops.source s JOIN r ON r.name = s.source_name
    WHERE t.source_id = s.source_id AND (r.url, r.kind) <> (s.url, s.kind)
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
-- Sources with what polling learned, and the clock offset in force.
SELECT s.source_id, s.source_name, s.kind, s.url, s.outlet, s.owner, s.country_code, s.language_code, s.home_region,
       s.time_zone, s.tier, s.terms, s.link_selector, s.poll_minutes, s.is_enabled, s.is_private_allowed,
       t.etag, t.last_modified, t.is_validator_trusted, t.validators_judged_at, t.validators_judgement,
       t.not_modified_count, t.last_body_at, t.blob_hash, t.next_poll_at, t.last_polled_at, t.last_success_at,
       t.last_new_at, t.last_reason, t.failure_weight, t.given_up_at, t.gone_at, t.moved_to_url, t.moved_at,
       t.ttl_minutes, t.skip_hours, t.skip_days, t.gap_minutes, t.longest_gap_minutes, t.entries, t.is_overflowing,
       t.opt_outs_read_at, c.offset_minutes, c.clock_version
FROM ops.source s
JOIN ops.source_state t USING (source_id)
LEFT JOIN ops.clock_offset c ON c.source_id = s.source_id AND upper_inf(c.recorded)
WHERE %(source_ids)s::integer[] IS NULL OR s.source_id = ANY (%(source_ids)s)
ORDER BY s.source_name;

-- name: queue_due
-- Queues a poll for every source that is asked over the network and due, or for those named whether due or not.
WITH due AS (
    SELECT s.source_id, s.source_name, s.kind
    FROM ops.source s JOIN ops.source_state t USING (source_id)
    WHERE s.kind IN ('feed', 'sitemap', 'pages') AND s.is_enabled
      AND (%(names)s::text[] IS NULL OR s.source_name = ANY (%(names)s))
      AND (%(is_forced)s OR t.next_poll_at <= %(at)s)
)
INSERT INTO ops.work (stage, item_key, source_id, payload, queued_by, queued_at)
SELECT 'fetch', kind || ':' || source_name, source_id, '{"kind": "listing"}', %(run_id)s, %(at)s FROM due ORDER BY source_name
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
-- Keeps what polls learned and when to ask next.
UPDATE ops.source_state t SET
    etag = r.etag, last_modified = r.last_modified, is_validator_trusted = r.is_validator_trusted,
    validators_judged_at = r.validators_judged_at, validators_judgement = r.validators_judgement,
    not_modified_count = r.not_modified_count, last_body_at = r.last_body_at, blob_hash = r.blob_hash::bytea,
    last_polled_at = r.last_polled_at, last_success_at = r.last_success_at, last_new_at = r.last_new_at,
    last_reason = r.last_reason, failure_weight = r.failure_weight, given_up_at = r.given_up_at, gone_at = r.gone_at,
    moved_to_url = r.moved_to_url, moved_at = r.moved_at, ttl_minutes = r.ttl_minutes, skip_hours = r.skip_hours,
    skip_days = r.skip_days, gap_minutes = r.gap_minutes, longest_gap_minutes = r.longest_gap_minutes,
    entries = r.entries, is_overflowing = r.is_overflowing, next_poll_at = coalesce(r.next_poll_at, t.next_poll_at),
    next_poll_rule = coalesce(r.next_poll_rule, t.next_poll_rule), silent_after_minutes = r.silent_after_minutes
FROM json_to_recordset(%(rows)s) AS r (
    source_id integer, etag text, last_modified text, is_validator_trusted boolean, validators_judged_at timestamptz,
    validators_judgement text, not_modified_count integer, last_body_at timestamptz, blob_hash text,
    last_polled_at timestamptz, last_success_at timestamptz, last_new_at timestamptz, last_reason text,
    failure_weight numeric, given_up_at timestamptz, gone_at timestamptz, moved_to_url text, moved_at timestamptz,
    ttl_minutes integer, skip_hours smallint[], skip_days smallint[], gap_minutes double precision,
    longest_gap_minutes double precision, entries integer, is_overflowing boolean, next_poll_at timestamptz,
    next_poll_rule text, silent_after_minutes double precision)
WHERE t.source_id = r.source_id;

-- name: same_items
-- Of these entries, those stated exactly as when they were read; that they are still shown is noted once a day.
WITH r AS (
    SELECT DISTINCT r.source_id, r.guid_hash::bytea AS guid_hash, r.url_key, r.stated_hash::bytea AS stated_hash
    FROM json_to_recordset(%(rows)s) AS r (source_id integer, guid_hash text, url_key text, stated_hash text)
), same AS (
    SELECT f.source_id, f.guid_hash, f.url_key, f.last_seen_at
    FROM r JOIN ops.feed_item f USING (source_id, guid_hash, url_key, stated_hash)
), seen AS (
    UPDATE ops.feed_item f SET last_seen_at = %(at)s
    FROM same s WHERE (f.source_id, f.guid_hash, f.url_key) = (s.source_id, s.guid_hash, s.url_key)
      AND s.last_seen_at < %(at)s - interval '1 day'
)
SELECT source_id, guid_hash, url_key FROM same;

-- name: new_items
-- Of these entries, which are new or changed; all of them are remembered as seen.
WITH r AS (
    SELECT DISTINCT ON (r.source_id, r.guid_hash, r.url_key) r.source_id, r.guid_hash::bytea AS guid_hash, r.url_key,
           r.item_hash::bytea AS item_hash, r.stated_hash::bytea AS stated_hash, r.claimed_at, r.date_rule,
           r.clock_version, r.waited_minutes
    FROM json_to_recordset(%(rows)s) AS r (source_id integer, guid_hash text, url_key text, item_hash text,
        stated_hash text, claimed_at timestamptz, date_rule text, clock_version integer, waited_minutes real)
    ORDER BY r.source_id, r.guid_hash, r.url_key
), fresh AS (
    SELECT r.*, coalesce(held.ids, 0) AS ids, coalesce(held.is_same, false) AND f.source_id IS NULL AS is_same
    FROM r LEFT JOIN ops.feed_item f USING (source_id, guid_hash, url_key)
    CROSS JOIN LATERAL (SELECT count(*) AS ids, bool_or(g.item_hash = r.item_hash) AS is_same FROM ops.feed_item g
                        WHERE g.url_key = r.url_key AND g.source_id = r.source_id) held
    WHERE f.item_hash IS DISTINCT FROM r.item_hash
), put AS (
    -- a feed that makes up ids anew at each poll would fill the table: the first few of an unchanged entry are enough
    INSERT INTO ops.feed_item (source_id, guid_hash, url_key, item_hash, stated_hash, claimed_at, date_rule,
                               clock_version, waited_minutes, first_seen_at, last_seen_at)
    SELECT source_id, guid_hash, url_key, item_hash, stated_hash, claimed_at, date_rule, clock_version,
           CASE WHEN ids = 0 THEN waited_minutes END, %(at)s, %(at)s
    FROM fresh WHERE NOT (is_same AND ids >= 5) ORDER BY source_id, guid_hash, url_key
    ON CONFLICT (source_id, guid_hash, url_key) DO UPDATE
        SET item_hash = excluded.item_hash, stated_hash = excluded.stated_hash, last_seen_at = excluded.last_seen_at
), seen AS (
    -- with it how it is stated now: markup that differs at every poll must not be written at every poll
    UPDATE ops.feed_item f SET last_seen_at = %(at)s, stated_hash = r.stated_hash
    FROM r WHERE (f.source_id, f.guid_hash, f.url_key, f.item_hash) = (r.source_id, r.guid_hash, r.url_key, r.item_hash)
      AND f.last_seen_at < %(at)s - interval '1 day'
)
SELECT source_id, guid_hash, url_key, ids = 0 AS is_new FROM fresh WHERE NOT is_same;

-- name: find_listings
-- The further listings of a source that were read before.
SELECT url, stated_at, etag, last_modified, blob_hash FROM ops.listing WHERE source_id = %(source_id)s;

-- name: note_listings
-- Keeps what reading further listings taught.
INSERT INTO ops.listing AS l (source_id, url, stated_at, etag, last_modified, blob_hash, last_read_at)
SELECT DISTINCT ON (r.source_id, r.url) r.source_id, r.url, r.stated_at, r.etag, r.last_modified, r.blob_hash::bytea, r.read_at
FROM json_to_recordset(%(rows)s) AS r (source_id integer, url text, stated_at timestamptz, etag text, last_modified text,
    blob_hash text, read_at timestamptz, n bigint)
ORDER BY r.source_id, r.url, r.n DESC
ON CONFLICT (source_id, url) DO UPDATE SET stated_at = excluded.stated_at,
    etag = coalesce(excluded.etag, l.etag), last_modified = coalesce(excluded.last_modified, l.last_modified),
    blob_hash = coalesce(excluded.blob_hash, l.blob_hash), last_read_at = excluded.last_read_at;

-- name: said_by_hosts
-- Of the hosts of these answers, what they say to machines, where it was read after their sources last stated it.
SELECT DISTINCT host, h.robots_body, h.ai_txt, h.tdmrep
FROM json_to_recordset(%(rows)s) AS r (host text, stated_at timestamptz) LEFT JOIN ops.host_state h USING (host)
WHERE r.stated_at IS NULL OR r.stated_at <= %(at)s - interval '1 day' OR h.notices_read_at >= r.stated_at;

-- name: note_opt_outs
-- Keeps what sources say to machines that read for training or mining.
UPDATE ops.source_state t SET opt_outs = r.opt_outs, opt_outs_read_at = %(at)s
FROM json_to_recordset(%(rows)s) AS r (source_id integer, opt_outs jsonb)
WHERE t.source_id = r.source_id;
