-- Backfills: which days of which archives were read to their end, why a run failed, and what a second try needs.

ALTER TABLE ops.coverage_day ADD COLUMN archive_run_id bigint REFERENCES ops.run;
COMMENT ON COLUMN ops.coverage_day.archive_run_id IS
    'The backfill that last read the source''s archive for that day to its end; null while none has';

UPDATE ops.coverage_day c SET archive_run_id = c.run_id
FROM ops.run r, ops.source s
WHERE r.run_id = c.run_id AND r.job = 'news_backfill' AND r.finished_at IS NOT NULL
  AND s.source_id = c.source_id AND s.has_archive;

ALTER TABLE ops.run ADD COLUMN failure text;
COMMENT ON COLUMN ops.run.failure IS 'Why it did not end well, one line; null while it runs, or if it did';

CREATE INDEX run_by_interval ON ops.run (job, interval_start_at) WHERE interval_start_at IS NOT NULL;

ALTER TABLE ops.ledger ADD COLUMN payload jsonb;
COMMENT ON COLUMN ops.ledger.payload IS
    'What the stage had beside the key, kept of what was turned away after it had waited, so that it can be tried again';

-- What of a backfill's days still waits to be fetched: an archive to be read, or pages its sitemap listed.
CREATE FUNCTION ops.days_owed() RETURNS TABLE (source_id integer, covered_on date, owed bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT w.source_id, d::date, count(*)
    FROM ops.work w
    CROSS JOIN LATERAL regexp_match(
        w.item_key, '^(?:archive:.*:|past:)(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)(?:$|:)') AS span (ends)
    CROSS JOIN LATERAL generate_series(span.ends[1]::date, span.ends[2]::date - 1, interval '1 day') AS d
    WHERE w.stage = 'fetch' AND (starts_with(w.item_key, 'archive:') OR starts_with(w.item_key, 'past:'))
      AND span.ends IS NOT NULL
    GROUP BY 1, 2
$$;
COMMENT ON FUNCTION ops.days_owed() IS
    'Per source and day of history: how many readings and pages of backfills still wait to be fetched';
