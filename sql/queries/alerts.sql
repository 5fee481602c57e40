-- Alerts: what somebody should know of, and who was told.

-- name: lock_alerts
-- One at a time settles alerts, until the transaction ends.
SELECT pg_advisory_xact_lock(hashtext('ops.alert'));

-- name: settle_alerts
-- Opens alerts for what is seen now, renews those open already, and closes those of these kinds that are not seen any more.
WITH seen AS (
    SELECT DISTINCT ON (r.alert_key) r.*
    FROM json_to_recordset(%(rows)s) AS r (alert_key text, kind text, title text, detail text, what_to_do text, run_id bigint)
    ORDER BY r.alert_key
), again AS (
    UPDATE ops.alert a SET last_seen_at = %(at)s, title = s.title, detail = s.detail, what_to_do = s.what_to_do, run_id = s.run_id
    FROM seen s WHERE a.alert_key = s.alert_key AND a.resolved_at IS NULL
), over AS (
    UPDATE ops.alert a SET resolved_at = %(at)s
    WHERE a.resolved_at IS NULL AND a.kind = ANY (%(kinds)s) AND NOT EXISTS (SELECT FROM seen s WHERE s.alert_key = a.alert_key)
)
INSERT INTO ops.alert (alert_key, kind, title, detail, what_to_do, run_id, first_seen_at, last_seen_at)
SELECT s.alert_key, s.kind, s.title, s.detail, s.what_to_do, s.run_id, %(at)s, %(at)s FROM seen s
WHERE NOT EXISTS (SELECT FROM ops.alert a WHERE a.alert_key = s.alert_key AND a.resolved_at IS NULL)
ORDER BY s.alert_key;

-- name: failing_checks
-- Checks that found something wrong of a run and were not found well since, of each the latest runs first.
SELECT check_name, run_id
FROM (SELECT check_name, run_id, row_number() OVER (PARTITION BY check_name ORDER BY run_id DESC) AS place
      FROM ops.check_result WHERE severity = 'error' AND offending > 0) AS r
WHERE place <= %(most)s ORDER BY check_name, run_id DESC;

-- name: silent_sources
-- Sources that answer, yet bring nothing for longer than their rhythm explains.
SELECT q.source_name, q.silent_since, q.silence, q.expected_within, s.url
FROM mart.silent_source q JOIN ops.source s USING (source_name) ORDER BY q.source_name;

-- name: failed_runs
-- Per job the latest run that ended without its checks: this one, one that was told of, or one begun a day ago.
SELECT DISTINCT ON (r.job) r.run_id, r.job, r.external_id, r.started_at, r.failure
FROM ops.run r
WHERE r.finished_at IS NULL AND r.started_at > %(at)s::timestamptz - interval '30 days'
  AND (r.run_id = %(run_id)s AND %(is_ended)s OR r.started_at < %(at)s::timestamptz - interval '1 day'
       OR EXISTS (SELECT FROM ops.alert a WHERE a.alert_key = 'run:' || r.job AND a.resolved_at IS NULL AND a.run_id = r.run_id))
  AND NOT EXISTS (SELECT FROM ops.run l WHERE l.job = r.job AND l.run_id > r.run_id AND l.finished_at IS NOT NULL)
ORDER BY r.job, r.run_id DESC;

-- name: lock_sending
-- Whether nobody else is sending: what they do not reach they try again.
SELECT pg_try_advisory_lock(hashtext('ops.alert_delivery'));

-- name: unlock_sending
-- Lets others send.
SELECT pg_advisory_unlock(hashtext('ops.alert_delivery'));

-- name: undelivered_alerts
-- What a channel was not told: that something is wrong, and that what it was told of is over.
SELECT a.alert_id, a.alert_key, a.kind, a.title, a.detail, a.what_to_do, a.run_id, a.first_seen_at, a.resolved_at,
       a.resolved_at IS NOT NULL AS is_over
FROM ops.alert a
WHERE (a.resolved_at IS NULL OR a.resolved_at > %(at)s::timestamptz - interval '30 days' AND EXISTS (
          SELECT FROM ops.alert_delivery d
          WHERE d.alert_id = a.alert_id AND d.channel = %(channel)s AND NOT d.is_over AND d.sent_at IS NOT NULL))
  AND NOT EXISTS (
          SELECT FROM ops.alert_delivery d
          WHERE d.alert_id = a.alert_id AND d.channel = %(channel)s AND d.is_over = (a.resolved_at IS NOT NULL)
            AND d.sent_at IS NOT NULL)
ORDER BY a.alert_id LIMIT %(limit)s;

-- name: note_deliveries
-- Keeps whether a channel took what it was told.
INSERT INTO ops.alert_delivery AS d (alert_id, is_over, channel, attempts, sent_at, failure)
SELECT r.alert_id, r.is_over, %(channel)s, 1, CASE WHEN %(failure)s::text IS NULL THEN %(at)s::timestamptz END, %(failure)s
FROM json_to_recordset(%(rows)s) AS r (alert_id bigint, is_over boolean) ORDER BY r.alert_id
ON CONFLICT (alert_id, is_over, channel) DO UPDATE
    SET attempts = d.attempts + 1, sent_at = excluded.sent_at, failure = excluded.failure;
