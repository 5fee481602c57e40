-- severity: warning
-- why: a content without a tagging was left by an earlier stage and waits for the next run
SELECT c.content_id FROM ops.contents_touched(%(run_id)s) c
WHERE NOT EXISTS (SELECT FROM news.tagging t WHERE t.content_id = c.content_id AND upper_inf(t.recorded));
