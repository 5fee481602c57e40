-- Source by day: what came in, and what is missing.

-- name: fill_coverage
-- Per source and day that a run touched: what all runs read, found new and turned away, so that a repeat changes nothing.
WITH run AS (
    SELECT run_id, job, (started_at AT TIME ZONE 'UTC')::date AS day, interval_start_at, interval_end_at
    FROM ops.run WHERE run_id = %(run_id)s
), peers AS (
    -- what runs of one day turned away counts for that day: of a backfill all its runs for the interval
    SELECT r.run_id FROM run JOIN ops.run r ON r.run_id = run.run_id OR r.job = run.job AND CASE WHEN %(is_backfill)s
        THEN (r.interval_start_at, r.interval_end_at) = (run.interval_start_at, run.interval_end_at)
        ELSE r.started_at >= run.day::timestamp AT TIME ZONE 'UTC' AND r.started_at < (run.day + 1)::timestamp AT TIME ZONE 'UTC' END
), turned_away AS (
    SELECT l.source_id, count(DISTINCT (l.stage, l.item_key)) AS n
    FROM peers JOIN ops.ledger l USING (run_id)
    WHERE l.state = 'rejected' AND l.source_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM peers p JOIN ops.ledger m USING (run_id) WHERE %(is_backfill)s AND m.state = 'kept'
                      AND (m.stage, m.item_key) = (l.stage, l.item_key) AND m.run_id > l.run_id
                      AND ops.item_hash(m.stage, m.item_key) = ops.item_hash(l.stage, l.item_key))
    GROUP BY 1
), archives AS (
    -- the archives this run answers for; another run may have taken one over
    SELECT l.source_id, bool_and(l.state = 'kept') AS is_read
    FROM run JOIN ops.ledger l USING (run_id)
    WHERE %(is_backfill)s AND l.stage = 'fetch' AND starts_with(l.item_key, 'archive:') GROUP BY 1
), days AS (
    -- a backfill answers for each day of its interval and each source it was to read; other runs for the days they asked on
    SELECT s.source_id, d::date AS covered_on, NOT s.has_archive AS is_without_past
    FROM run, ops.source s, generate_series(run.interval_start_at, run.interval_end_at - interval '1 second', interval '1 day') d
    WHERE %(is_backfill)s AND s.is_enabled
      AND (NOT s.has_archive OR EXISTS (SELECT FROM archives a WHERE a.source_id = s.source_id)
           OR EXISTS (SELECT FROM ops.coverage_day c WHERE c.source_id = s.source_id AND c.covered_on = d::date))
    UNION
    SELECT source_id, covered_on, false FROM ops.fetch WHERE run_id = %(run_id)s
    UNION
    SELECT t.source_id, run.day, false FROM run, turned_away t WHERE NOT %(is_backfill)s
), read AS (
    SELECT d.source_id, d.covered_on,
           -- a broken line of a file is kept, and is no document that was had
           count(DISTINCT f.requested_url) FILTER (WHERE f.kind <> 'feed' AND f.outcome <> 'failed' AND NOT (
               f.kind = 'file' AND f.headers ->> 'content-type' = 'application/jsonl')) AS fetched,
           count(*) FILTER (WHERE f.kind = 'feed' AND f.outcome <> 'failed') AS looked,
           count(DISTINCT f.requested_url) FILTER (WHERE f.outcome = 'failed') AS failed,
           count(DISTINCT a.article_id) AS new
    FROM (SELECT DISTINCT source_id, covered_on FROM days) d
    JOIN ops.fetch f USING (source_id, covered_on)
    LEFT JOIN news.observation o ON o.fetch_id = f.fetch_id
    LEFT JOIN news.article a ON a.article_id = o.article_id AND a.run_id = f.run_id AND a.first_observed_at = o.observed_at
    GROUP BY 1, 2
), judged AS (
    SELECT d.source_id, d.covered_on, bool_and(d.is_without_past) AS is_without_past, s.kind,
           coalesce(max(r.fetched), 0) AS fetched, coalesce(max(r.looked), 0) AS looked,
           coalesce(max(r.failed), 0) AS failed, coalesce(max(r.new), 0) AS new, coalesce(max(x.n), 0) AS rejected,
           bool_or(a.is_read) AS is_read
    FROM days d
    JOIN ops.source s USING (source_id)
    LEFT JOIN archives a USING (source_id)
    LEFT JOIN read r USING (source_id, covered_on)
    LEFT JOIN turned_away x USING (source_id)
    GROUP BY d.source_id, d.covered_on, s.kind
)
INSERT INTO ops.coverage_day AS c (source_id, covered_on, expected, fetched, new, rejected, verdict, run_id, archive_run_id)
SELECT source_id, covered_on, CASE WHEN %(is_backfill)s AND kind = 'files' THEN fetched + failed END, fetched, new, rejected,
       CASE WHEN is_without_past AND fetched + looked = 0 THEN 'feed_has_no_past'
            WHEN fetched > 0 THEN 'covered'
            WHEN looked > 0 THEN 'empty'
            WHEN failed > 0 OR rejected > 0 THEN 'failed'
            ELSE 'empty' END,
       %(run_id)s, CASE WHEN is_read THEN %(run_id)s END
FROM judged
ORDER BY source_id, covered_on
ON CONFLICT (source_id, covered_on) DO UPDATE SET
    expected = coalesce(excluded.expected, c.expected), fetched = excluded.fetched, new = excluded.new,
    rejected = excluded.rejected, verdict = excluded.verdict, run_id = excluded.run_id,
    archive_run_id = coalesce(excluded.archive_run_id, c.archive_run_id);

-- name: note_expected
-- Keeps how many pages an archive said it has for each day.
INSERT INTO ops.coverage_day AS c (source_id, covered_on, expected, verdict, run_id)
SELECT r.source_id, r.covered_on, r.expected, 'empty', %(run_id)s
FROM json_to_recordset(%(rows)s) AS r (source_id integer, covered_on date, expected integer)
ORDER BY r.source_id, r.covered_on
ON CONFLICT (source_id, covered_on) DO UPDATE SET expected = excluded.expected;
