-- History, day by day: what was had of it.

CREATE VIEW mart.backfill_day AS
SELECT s.source_name, s.kind, c.covered_on,
       CASE WHEN w.owed > 0 THEN 'owed'
            WHEN c.verdict = 'failed' OR r.failure IS NOT NULL THEN 'failed'
            WHEN c.archive_run_id IS NULL THEN 'missing'
            ELSE 'had' END AS state,
       c.expected, c.fetched, c.new, c.rejected, coalesce(w.owed, 0) AS owed, c.archive_run_id AS run_id,
       r.finished_at AS read_at, r.failure
FROM ops.coverage_day c
JOIN ops.source s USING (source_id)
LEFT JOIN ops.run r ON r.run_id = c.archive_run_id
LEFT JOIN ops.days_owed() w USING (source_id, covered_on)
WHERE s.has_archive;
COMMENT ON VIEW mart.backfill_day IS
    'An archive and a day somebody asked for: had (read to its end), owed (pages still wait), failed, or missing (not read yet)';
COMMENT ON COLUMN mart.backfill_day.state IS
    'had (read to its end), owed (begun: pages still wait), failed, or missing (not read to its end yet)';
COMMENT ON COLUMN mart.backfill_day.owed IS 'Readings and pages that still wait to be fetched';
COMMENT ON COLUMN mart.backfill_day.read_at IS 'When the backfill that read it last was over';
