-- The queue: items are queued once, claimed in batches, held by a lease, and finished or given back.

-- name: queue_work
-- Queues items; one already waiting stays as it is.
INSERT INTO ops.work (stage, item_key, source_id, payload, queued_by, queued_at)
SELECT DISTINCT ON (r.stage, r.item_key) r.stage, r.item_key, r.source_id, coalesce(r.payload, '{}'), %(run_id)s, %(at)s
FROM json_to_recordset(%(rows)s) AS r (stage text, item_key text, source_id integer, payload jsonb)
ORDER BY r.stage, r.item_key
ON CONFLICT (stage, item_key) DO NOTHING;

-- name: claim_work
-- Takes a batch and notes it in the ledger: a run's own items first of all, then what finished or silent runs left.
-- Nothing here grows with what waits: each source gives its first few, found by index, and the earliest of these are
-- taken. More are looked at than taken, so that two who claim at the same moment do not leave with nothing.
WITH RECURSIVE any_source (source_id) AS (  -- of the stage, one look-up each however much waits of it
    (SELECT source_id FROM ops.work WHERE stage = %(stage)s AND %(sources)s::integer[] IS NULL
     ORDER BY source_id LIMIT 1)
    UNION ALL
    SELECT (SELECT w.source_id FROM ops.work w WHERE w.stage = %(stage)s AND w.source_id > s.source_id
            ORDER BY w.source_id LIMIT 1)
    FROM any_source s WHERE s.source_id IS NOT NULL
), asked AS MATERIALIZED (
    SELECT source_id FROM any_source WHERE source_id IS NOT NULL
    UNION ALL
    SELECT s FROM unnest(%(sources)s::integer[]) AS s
    WHERE EXISTS (SELECT FROM ops.work w WHERE w.stage = %(stage)s AND w.source_id = s)
), few AS MATERIALIZED (
    SELECT greatest(4, 2 * %(limit)s / greatest(1, count(*))) AS n FROM asked
), own AS MATERIALIZED (
    SELECT o.work_id, o.rank, false AS is_left
    FROM asked a CROSS JOIN LATERAL (
        SELECT w.work_id, w.rank FROM ops.work AS w
        WHERE w.stage = %(stage)s AND w.source_id = a.source_id AND w.queued_by = %(run_id)s
          AND (rank = 0 OR NOT EXISTS (  -- what is only asked again waits for its source's new, not for what was put off
              SELECT FROM ops.work v WHERE v.stage = w.stage AND v.source_id = w.source_id AND v.rank = 0
                AND (v.lease_until IS NULL OR v.lease_until < clock_timestamp() OR v.owner = %(owner)s)))
          AND item_key ~ %(pattern)s AND work_id <> ALL (%(in_hand)s)
          AND (lease_until IS NULL OR lease_until < clock_timestamp() OR owner = %(owner)s)
        ORDER BY w.rank, w.work_id LIMIT (SELECT n FROM few)
    ) AS o
    ORDER BY o.rank, o.work_id LIMIT 2 * %(limit)s
), others AS MATERIALIZED (
    SELECT o.work_id, o.rank, true AS is_left
    FROM asked a CROSS JOIN LATERAL (
        SELECT w.work_id, w.rank FROM ops.work AS w
        WHERE w.stage = %(stage)s AND w.source_id = a.source_id AND w.queued_by <> %(run_id)s
          AND (rank = 0 OR NOT EXISTS (
              SELECT FROM ops.work v WHERE v.stage = w.stage AND v.source_id = w.source_id AND v.rank = 0
                AND (v.lease_until IS NULL OR v.lease_until < clock_timestamp() OR v.owner = %(owner)s)))
          AND item_key ~ %(pattern)s AND work_id <> ALL (%(in_hand)s)
          AND (lease_until IS NULL OR lease_until < clock_timestamp() OR owner = %(owner)s)
          AND (queued_at < clock_timestamp() - make_interval(secs => %(lease_s)s)
               OR EXISTS (SELECT FROM ops.run r WHERE r.run_id = queued_by AND r.finished_at IS NOT NULL))
        ORDER BY w.queued_by, w.rank, w.work_id LIMIT (SELECT n FROM few)
    ) AS o
    WHERE (SELECT count(*) FROM own) < %(limit)s
    ORDER BY o.rank, o.work_id LIMIT 2 * %(limit)s
), free AS (
    SELECT w.work_id, w.run_id AS held_by
    FROM (SELECT * FROM own UNION ALL SELECT * FROM others) AS near JOIN ops.work w USING (work_id)
    WHERE w.lease_until IS NULL OR w.lease_until < clock_timestamp() OR w.owner = %(owner)s
    ORDER BY near.rank, near.is_left, w.work_id
    LIMIT %(limit)s
    FOR UPDATE OF w SKIP LOCKED
), claimed AS (
    UPDATE ops.work w
    SET run_id = %(run_id)s, owner = %(owner)s, attempts = attempts + 1,
        lease_until = clock_timestamp() + make_interval(secs => %(lease_s)s)
    FROM free WHERE w.work_id = free.work_id
    RETURNING w.work_id, w.item_key, w.source_id, w.payload, w.attempts, free.held_by
), noted AS (
    INSERT INTO ops.ledger (run_id, stage, item_key, source_id, state, at)
    SELECT %(run_id)s, %(stage)s, item_key, source_id, 'claimed', clock_timestamp() FROM claimed ORDER BY item_key
    ON CONFLICT (run_id, ops.item_hash(stage, item_key)) DO UPDATE
        SET state = 'claimed', reason = NULL, detail = NULL, at = excluded.at
), taken_over AS (
    UPDATE ops.ledger l SET state = 'released', detail = 'lease ran out', at = clock_timestamp()
    FROM claimed c
    WHERE l.run_id = c.held_by AND c.held_by <> %(run_id)s AND l.stage = %(stage)s AND l.item_key = c.item_key
      AND ops.item_hash(l.stage, l.item_key) = ops.item_hash(%(stage)s, c.item_key) AND l.state = 'claimed'
)
SELECT work_id, item_key, source_id, payload, attempts FROM claimed ORDER BY work_id;

-- name: renew_leases
-- Prolongs all leases of an owner that have not run out, but for items that are being ended right now.
UPDATE ops.work w SET lease_until = clock_timestamp() + make_interval(secs => %(lease_s)s)
FROM (
    SELECT work_id FROM ops.work
    WHERE owner = %(owner)s AND run_id = %(run_id)s AND lease_until > clock_timestamp()
    FOR UPDATE SKIP LOCKED
) AS mine
WHERE w.work_id = mine.work_id;

-- name: hold_work
-- Of these items, which this owner still holds; they stay locked until the transaction ends.
SELECT work_id FROM ops.work
WHERE work_id = ANY (%(work_ids)s) AND owner = %(owner)s AND run_id = %(run_id)s
ORDER BY work_id FOR UPDATE;

-- name: finish_work
-- Ends items as kept or rejected: out of the queue, into the ledger.
WITH r AS (
    SELECT * FROM json_to_recordset(%(rows)s) AS r (work_id bigint, state text, reason text, detail text)
), done AS (
    DELETE FROM ops.work w USING r WHERE w.work_id = r.work_id
    RETURNING w.stage, w.item_key, w.payload, r.state, r.reason, r.detail
)
UPDATE ops.ledger l SET state = d.state, reason = d.reason, detail = d.detail, at = clock_timestamp(),
    payload = CASE WHEN d.state = 'rejected' AND d.reason <> 'tombstoned' AND d.payload <> '{}' THEN d.payload END
FROM done d WHERE l.run_id = %(run_id)s AND l.stage = d.stage AND l.item_key = d.item_key
    AND ops.item_hash(l.stage, l.item_key) = ops.item_hash(d.stage, d.item_key);

-- name: release_work
-- Gives items back, to be taken again after a pause.
WITH r AS (
    SELECT * FROM json_to_recordset(%(rows)s) AS r (work_id bigint, pause_s double precision, detail text)
), freed AS (
    UPDATE ops.work w
    SET run_id = NULL, owner = NULL,
        lease_until = CASE WHEN r.pause_s > 0 THEN clock_timestamp() + make_interval(secs => r.pause_s) END,
        attempts = CASE WHEN r.pause_s > 0 THEN w.attempts ELSE greatest(w.attempts - 1, 0) END
    FROM r WHERE w.work_id = r.work_id AND w.owner = %(owner)s
    RETURNING w.stage, w.item_key, r.detail
)
UPDATE ops.ledger l SET state = 'released', detail = f.detail, at = clock_timestamp()
FROM freed f WHERE l.run_id = %(run_id)s AND l.stage = f.stage AND l.item_key = f.item_key AND l.state = 'claimed'
    AND ops.item_hash(l.stage, l.item_key) = ops.item_hash(f.stage, f.item_key);

-- name: waiting_work
-- How much waits, by stage.
SELECT stage, count(*)::integer AS n FROM ops.work GROUP BY stage ORDER BY stage;

-- name: abandon_runs
-- Ends runs that were cut off and frees what they held; only for a server that nobody else uses.
WITH cut AS (
    UPDATE ops.run SET finished_at = %(at)s WHERE finished_at IS NULL RETURNING run_id
), freed AS (
    UPDATE ops.work w SET run_id = NULL, owner = NULL, lease_until = NULL FROM cut WHERE w.run_id = cut.run_id
)
UPDATE ops.ledger l SET state = 'released', detail = 'run was cut off', at = %(at)s
FROM cut WHERE l.run_id = cut.run_id AND l.state = 'claimed';
