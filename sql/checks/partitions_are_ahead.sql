-- severity: warning
-- why: partitions are made a quarter ahead, so that no run stops to make one; one that is missing says that news_maintenance does not run
SELECT to_char(m, 'YYYY-MM') AS month, 'raw.' || to_char(m, '"blob_"YYYY_MM') AS missing
FROM (SELECT r.started_at AT TIME ZONE 'UTC' AS at FROM ops.run r WHERE r.run_id = coalesce(%(run_id)s, r.run_id)
      ORDER BY r.run_id DESC LIMIT 1) AS run
CROSS JOIN generate_series(date_trunc('month', run.at), date_trunc('month', run.at) + interval '2 months', interval '1 month') AS m
WHERE to_regclass('raw.' || to_char(m, '"blob_"YYYY_MM')) IS NULL;
