-- severity: error
-- why: a date after its own capture or before the web is a misreading, not a publication
SELECT c.content_id, c.published_at, c.published_origin FROM news.content c JOIN news.article a USING (article_id)
WHERE (%(run_id)s::bigint IS NULL OR c.run_id = %(run_id)s) AND c.published_origin <> 'curated'
  AND (c.published_at > c.created_at + interval '1 day' OR c.published_at < '1990-01-01');
