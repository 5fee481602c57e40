-- severity: error
-- why: an origin that is itself a copy makes a chain or a circle, and who was first cannot be told
SELECT c.copy_article_id, c.origin_article_id, d.origin_article_id AS which_copies
FROM ops.articles_touched(%(run_id)s) t
JOIN news.copy_of c ON t.article_id = c.copy_article_id AND upper_inf(c.recorded)
JOIN news.copy_of d ON d.copy_article_id = c.origin_article_id AND upper_inf(d.recorded)
UNION
SELECT c.copy_article_id, c.origin_article_id, d.origin_article_id
FROM ops.articles_touched(%(run_id)s) t
JOIN news.copy_of d ON t.article_id = d.copy_article_id AND upper_inf(d.recorded)
JOIN news.copy_of c ON c.origin_article_id = d.copy_article_id AND upper_inf(c.recorded);
