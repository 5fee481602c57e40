-- severity: error
-- why: an article without an open version is invisible in every view
SELECT a.article_id FROM news.article a
WHERE (%(run_id)s::bigint IS NULL OR a.run_id = %(run_id)s)
  AND news.main_article(a.article_id) = a.article_id
  AND NOT EXISTS (SELECT FROM news.version v WHERE v.article_id = a.article_id AND upper_inf(v.recorded) AND upper_inf(v.observed));
