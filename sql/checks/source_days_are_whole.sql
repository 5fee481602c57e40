-- severity: warning
-- why: a source's day that failed, or of which fewer documents came than the source said it has, is missing from every count
SELECT s.source_name, c.covered_on, c.verdict, c.expected, c.fetched, c.rejected
FROM (SELECT f.source_id, f.covered_on FROM ops.fetch f WHERE f.run_id = %(run_id)s
      UNION
      SELECT l.source_id, (r.started_at AT TIME ZONE 'UTC')::date FROM ops.ledger l JOIN ops.run r USING (run_id)
      WHERE l.run_id = %(run_id)s
      UNION
      SELECT source_id, covered_on FROM ops.coverage_day WHERE %(run_id)s::bigint IS NULL) AS d
JOIN ops.coverage_day c USING (source_id, covered_on)
JOIN ops.source s USING (source_id)
WHERE c.verdict = 'failed' OR c.fetched < c.expected
ORDER BY c.covered_on, s.source_name;
