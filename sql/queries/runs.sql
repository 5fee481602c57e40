-- Runs, the ledger and what a run shows of itself.

-- name: begin_run
-- Answers the run of this job and external id, making it the first time.
WITH made AS (
    INSERT INTO ops.run (job, external_id, interval_start_at, interval_end_at, code_version, started_at)
    VALUES (%(job)s, %(external_id)s, %(start)s, %(end)s, %(code_version)s, %(at)s)
    ON CONFLICT (job, external_id) DO NOTHING
    RETURNING run_id
)
SELECT run_id FROM made
UNION ALL
SELECT run_id FROM ops.run WHERE job = %(job)s AND external_id = %(external_id)s
LIMIT 1;

-- name: run_interval
-- The data interval of a run.
SELECT interval_start_at AS start, interval_end_at AS "end" FROM ops.run WHERE run_id = %(run_id)s;

-- name: finish_run
-- Notes that a run's checks are done.
UPDATE ops.run SET finished_at = %(at)s, failure = NULL WHERE run_id = %(run_id)s;

-- name: note_failure
-- Notes why a run did not end well.
UPDATE ops.run SET failure = %(failure)s WHERE run_id = %(run_id)s;

-- name: note_items
-- Writes ledger rows for items that never waited in a queue, in their final state; a repeat keeps the newest.
INSERT INTO ops.ledger (run_id, stage, item_key, source_id, state, reason, detail, at)
SELECT DISTINCT ON (r.item_key) %(run_id)s, %(stage)s, r.item_key, r.source_id, r.state, r.reason, r.detail, %(at)s
FROM json_to_recordset(%(rows)s) AS r (item_key text, source_id integer, state text, reason text, detail text)
ORDER BY r.item_key
ON CONFLICT (run_id, ops.item_hash(stage, item_key)) DO UPDATE
    SET state = excluded.state, reason = excluded.reason, detail = excluded.detail, at = excluded.at;

-- name: stage_counts
-- Per stage of a run: seen, kept, released and each reason's rejections.
SELECT stage, state, reason, count(*)::integer AS n
FROM ops.ledger WHERE run_id = %(run_id)s
GROUP BY stage, state, reason ORDER BY stage, state, reason;

-- name: remember_check
-- Notes what a check found.
INSERT INTO ops.check_result (run_id, check_name, severity, offending, sample, checked_at)
VALUES (%(run_id)s, %(check_name)s, %(severity)s, %(offending)s, %(sample)s, %(at)s)
ON CONFLICT (run_id, check_name) DO UPDATE SET severity = excluded.severity, offending = excluded.offending,
    sample = excluded.sample, checked_at = excluded.checked_at;
