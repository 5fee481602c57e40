-- severity: error
-- why: a date after its own capture or before the web is a misreading, not a publication
SELECT c.content_id, c.article_id, c.published_at, c.published_origin
FROM ops.contents_touched(%(run_id)s) JOIN news.content c USING (content_id)
WHERE c.published_origin <> 'curated' AND (c.published_at > c.created_at + interval '1 day' OR c.published_at < '1990-01-01');
