-- severity: error
-- why: what is kept beside the base rows for speed must say what they say, or every count by place and day is wrong
WITH touched AS MATERIALIZED (
    SELECT ARRAY(
        SELECT news.main_article(c.article_id) FROM ops.ledger l JOIN news.content c ON c.content_id = substr(l.item_key, 9)::bigint
        WHERE l.run_id = %(run_id)s AND l.stage = 'geotag' AND l.item_key LIKE 'content:%%'
        UNION
        SELECT news.main_article(o.article_id) FROM ops.fetch f JOIN news.observation o USING (fetch_id) WHERE f.run_id = %(run_id)s
        UNION
        SELECT a.article_id FROM news.article a WHERE %(run_id)s::bigint IS NULL
    ) AS articles
)
SELECT w.article_id, w.place_id, w.wrong FROM touched CROSS JOIN LATERAL news.wrong_reports(touched.articles) AS w
UNION ALL
SELECT w.article_id, NULL, w.wrong FROM touched CROSS JOIN LATERAL news.wrong_words(touched.articles) AS w
UNION ALL
SELECT NULL, w.place_id, w.wrong FROM news.wrong_tallies() AS w WHERE %(run_id)s::bigint IS NULL;
