-- severity: error
-- why: a source that was asked for a day and has no entry for it is a gap nobody can see
SELECT DISTINCT s.source_name, f.covered_on, f.run_id
FROM ops.fetch f JOIN ops.run r USING (run_id) JOIN ops.source s USING (source_id)
WHERE (f.run_id = %(run_id)s OR %(run_id)s::bigint IS NULL AND r.finished_at IS NOT NULL)
  AND NOT EXISTS (SELECT FROM ops.coverage_day c WHERE (c.source_id, c.covered_on) = (f.source_id, f.covered_on));
