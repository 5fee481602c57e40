-- Politeness a host, shared by all workers.

-- name: reserve_host
-- Takes the next slot of a host; answers how many seconds to wait for it.
INSERT INTO ops.host_state AS h (host, next_request_at) VALUES (%(host)s, clock_timestamp() + make_interval(secs => %(delay_s)s))
ON CONFLICT (host) DO UPDATE
    SET next_request_at = greatest(h.next_request_at, clock_timestamp()) + make_interval(secs => %(delay_s)s)
RETURNING greatest(0, extract(epoch FROM next_request_at - clock_timestamp()) - %(delay_s)s)::double precision AS wait_s;

-- name: back_off_host
-- Leaves a host alone for a while.
INSERT INTO ops.host_state AS h (host, next_request_at) VALUES (%(host)s, clock_timestamp() + make_interval(secs => %(pause_s)s))
ON CONFLICT (host) DO UPDATE
    SET next_request_at = greatest(h.next_request_at, clock_timestamp() + make_interval(secs => %(pause_s)s));

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
