-- severity: error
-- why: at each time an article was seen it said one thing; none or two means that the history shown is not the one observed
SELECT m.article_id, o.observed_at, count(DISTINCT v.version_id) AS versions
FROM (SELECT DISTINCT news.main_article(t.article_id) AS article_id FROM ops.articles_touched(%(run_id)s) t) m
CROSS JOIN LATERAL unnest(news.articles_in(m.article_id)) AS part (article_id)
JOIN news.observed_content o ON o.article_id = part.article_id AND upper_inf(o.recorded)
LEFT JOIN news.version v ON v.article_id = m.article_id AND upper_inf(v.recorded) AND v.observed @> o.observed_at
WHERE NOT EXISTS (SELECT FROM ops.tombstone b WHERE b.article_id = m.article_id)
GROUP BY 1, 2 HAVING count(DISTINCT v.version_id) <> 1;
