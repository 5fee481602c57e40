-- Politeness a host, shared by all workers.

-- name: commits_do_not_wait
-- For this connection: what it writes may be lost in a crash, and is not waited for.
SET synchronous_commit = off;

-- name: reserve_host
-- Takes the next slots of a host, unless the first is too far off; answers the seconds until it, and why it is paused.
WITH held AS MATERIALIZED (
    SELECT extract(epoch FROM greatest(next_request_at, clock_timestamp()) - clock_timestamp()) AS wait_s,
           CASE WHEN paused_until > clock_timestamp() THEN pause_reason END AS pause_reason
    FROM ops.host_state WHERE host = %(host)s FOR UPDATE
), taken AS (
    INSERT INTO ops.host_state AS h (host, next_request_at)
    SELECT %(host)s, clock_timestamp() + make_interval(secs => %(taken_s)s)
    WHERE NOT EXISTS (SELECT FROM held WHERE wait_s > %(max_wait_s)s)
    ON CONFLICT (host) DO UPDATE
        SET next_request_at = greatest(h.next_request_at, clock_timestamp()) + make_interval(secs => %(taken_s)s)
    RETURNING extract(epoch FROM next_request_at - clock_timestamp()) - %(taken_s)s AS wait_s
)
SELECT greatest(0, coalesce(held.wait_s, taken.wait_s))::double precision AS wait_s,
       taken IS NOT NULL AS is_taken, held.pause_reason
FROM (SELECT) AS always LEFT JOIN held ON true LEFT JOIN taken ON true;

-- name: back_off_host
-- Leaves a host alone for a while, and says why.
INSERT INTO ops.host_state AS h (host, next_request_at, paused_until, pause_reason)
VALUES (%(host)s, clock_timestamp() + make_interval(secs => %(pause_s)s),
        clock_timestamp() + make_interval(secs => %(pause_s)s), %(why)s)
ON CONFLICT (host) DO UPDATE
    SET next_request_at = greatest(h.next_request_at, excluded.next_request_at),
        paused_until = excluded.paused_until, pause_reason = excluded.pause_reason;

-- name: host_robots
-- The robots.txt held for a host.
SELECT robots_body, robots_status, robots_fetched_at FROM ops.host_state
WHERE host = %(host)s AND robots_fetched_at IS NOT NULL;

-- name: keep_robots
-- Keeps a host's robots.txt.
INSERT INTO ops.host_state (host, robots_body, robots_status, robots_fetched_at)
VALUES (%(host)s, %(body)s, %(status)s, %(at)s)
ON CONFLICT (host) DO UPDATE SET robots_body = excluded.robots_body, robots_status = excluded.robots_status,
    robots_fetched_at = excluded.robots_fetched_at;

-- name: hosts_to_read
-- Of these hosts, those to ask for ai.txt and tdmrep.json: they answer, and did not say within a week; tried daily.
SELECT host FROM ops.host_state
WHERE host = ANY (%(hosts)s) AND robots_status > 0 AND coalesce(paused_until < clock_timestamp(), true)
  AND coalesce(notices_read_at <= %(at)s - interval '7 days', true)
  AND coalesce(notices_asked_at <= %(at)s - interval '1 day', true)
ORDER BY notices_asked_at NULLS FIRST, host LIMIT %(most)s;

-- name: note_notices
-- Keeps what hosts say in ai.txt and tdmrep.json; of one that gave no answer, what it said before.
UPDATE ops.host_state h SET notices_asked_at = %(at)s,
    notices_read_at = CASE WHEN r.is_read THEN %(at)s ELSE h.notices_read_at END,
    ai_txt = CASE WHEN r.is_read THEN r.ai_txt ELSE h.ai_txt END,
    tdmrep = CASE WHEN r.is_read THEN r.tdmrep ELSE h.tdmrep END
FROM json_to_recordset(%(rows)s) AS r (host text, is_read boolean, ai_txt text, tdmrep text)
WHERE h.host = r.host;
