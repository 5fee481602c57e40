-- severity: error
-- why: an article without an open version is invisible in every view
SELECT a.article_id FROM ops.articles_touched(%(run_id)s) a
WHERE news.main_article(a.article_id) = a.article_id
  AND NOT EXISTS (SELECT FROM ops.tombstone t WHERE t.article_id = a.article_id)
  AND NOT EXISTS (SELECT FROM news.version v WHERE v.article_id = a.article_id AND upper_inf(v.recorded) AND upper_inf(v.observed));
