-- severity: warning
-- why: a content without a tagging was left by an earlier stage and waits for the next run
SELECT c.content_id, c.article_id FROM news.content c
WHERE (%(run_id)s::bigint IS NULL OR c.run_id = %(run_id)s) AND NOT EXISTS (SELECT FROM news.tagging t WHERE t.content_id = c.content_id AND upper_inf(t.recorded));
