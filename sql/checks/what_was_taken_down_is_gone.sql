-- severity: error
-- why: what was removed on request must not come back, under its own address or another that leads to it
SELECT t.article_id, b.tombstone_key, b.removed_at
FROM ops.articles_touched(%(run_id)s) t
JOIN news.version v ON v.article_id = news.main_article(t.article_id) AND upper_inf(v.recorded) AND upper_inf(v.observed)
JOIN news.article a ON a.article_id = t.article_id
JOIN LATERAL (
    SELECT b.tombstone_key, b.removed_at FROM ops.tombstone b WHERE b.article_id = t.article_id
    UNION
    SELECT b.tombstone_key, b.removed_at FROM news.article_key k JOIN ops.tombstone b ON b.tombstone_key = 'url:' || k.article_key
    WHERE k.article_id = t.article_id AND a.created_at > b.removed_at
) AS b ON true;
