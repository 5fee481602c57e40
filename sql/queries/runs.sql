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
UPDATE ops.run SET finished_at = %(at)s WHERE run_id = %(run_id)s;

-- name: note_items
-- Writes ledger rows for items that never waited in a queue, in their final state; a repeat keeps the newest.
INSERT INTO ops.ledger (run_id, stage, item_key, source_id, state, reason, detail, at)
SELECT DISTINCT ON (r.item_key) %(run_id)s, %(stage)s, r.item_key, r.source_id, r.state, r.reason, r.detail, %(at)s
FROM json_to_recordset(%(rows)s) AS r (item_key text, source_id integer, state text, reason text, detail text)
ORDER BY r.item_key
ON CONFLICT (run_id, stage, item_key) DO UPDATE
    SET state = excluded.state, reason = excluded.reason, detail = excluded.detail, at = excluded.at;

-- name: stage_counts
-- Per stage of a run: seen, kept, released and each reason's rejections.
SELECT stage, state, reason, count(*)::integer AS n
FROM ops.ledger WHERE run_id = %(run_id)s
GROUP BY stage, state, reason ORDER BY stage, state, reason;

-- name: fill_coverage
-- Per source and day of a run: what was read, what was new, what was turned away.
WITH run AS (
    SELECT run_id, started_at, interval_start_at, interval_end_at FROM ops.run WHERE run_id = %(run_id)s
), read AS (
    SELECT f.source_id, (f.observed_at AT TIME ZONE 'UTC')::date AS covered_on,
           count(*) FILTER (WHERE f.outcome <> 'failed') AS fetched,
           count(*) FILTER (WHERE f.outcome = 'failed') AS failed,
           count(DISTINCT a.article_id) AS new
    FROM ops.fetch f
    LEFT JOIN news.observation o ON o.fetch_id = f.fetch_id
    LEFT JOIN news.article a ON a.article_id = o.article_id AND a.run_id = f.run_id
    WHERE f.run_id = %(run_id)s
    GROUP BY 1, 2
), turned_away AS (
    SELECT source_id, count(*) AS n FROM ops.ledger
    WHERE run_id = %(run_id)s AND state = 'rejected' AND source_id IS NOT NULL GROUP BY 1
), days AS (
    -- a backfill answers for each day of its interval and each source; other runs for what they read
    SELECT s.source_id, d::date AS covered_on, s.has_archive
    FROM run, ops.source s, generate_series(run.interval_start_at, run.interval_end_at - interval '1 second', interval '1 day') d
    WHERE %(is_backfill)s AND s.is_enabled
    UNION
    SELECT r.source_id, r.covered_on, true FROM read r
)
INSERT INTO ops.coverage_day (source_id, covered_on, expected, fetched, new, rejected, verdict, run_id)
SELECT d.source_id, d.covered_on, CASE WHEN %(is_backfill)s AND d.has_archive THEN coalesce(r.fetched, 0) + coalesce(r.failed, 0) END,
       coalesce(r.fetched, 0), coalesce(r.new, 0), coalesce(t.n, 0),
       CASE WHEN NOT d.has_archive THEN 'feed_has_no_past'
            WHEN coalesce(r.fetched, 0) > 0 THEN 'covered'
            WHEN coalesce(r.failed, 0) > 0 OR coalesce(t.n, 0) > 0 THEN 'failed'
            ELSE 'empty' END,
       %(run_id)s
FROM days d
LEFT JOIN read r USING (source_id, covered_on)
LEFT JOIN turned_away t USING (source_id)
ORDER BY d.source_id, d.covered_on
ON CONFLICT (source_id, covered_on) DO UPDATE SET
    expected = coalesce(excluded.expected, coverage_day.expected),
    fetched = greatest(excluded.fetched, coverage_day.fetched),
    new = coverage_day.new + CASE WHEN excluded.run_id = coverage_day.run_id THEN 0 ELSE excluded.new END,
    rejected = excluded.rejected,
    verdict = CASE WHEN coverage_day.verdict = 'covered' THEN 'covered' ELSE excluded.verdict END,
    run_id = excluded.run_id;

-- name: remember_check
-- Notes what a check found.
INSERT INTO ops.check_result (run_id, check_name, severity, offending, sample, checked_at)
VALUES (%(run_id)s, %(check_name)s, %(severity)s, %(offending)s, %(sample)s, %(at)s)
ON CONFLICT (run_id, check_name) DO UPDATE SET severity = excluded.severity, offending = excluded.offending,
    sample = excluded.sample, checked_at = excluded.checked_at;
