-- severity: error
-- why: an observation says one thing at a time, an article has one version, a text one tagging; two at once count double
SELECT x.of, t.article_id, x.content_id
FROM (SELECT DISTINCT article_id FROM ops.articles_touched(%(run_id)s)) AS t
CROSS JOIN LATERAL (
    (SELECT 'observed_content' AS of, a.content_id
     FROM news.observed_content a JOIN news.observed_content b USING (article_id, observed_at, blob_hash)
     WHERE a.article_id = t.article_id AND b.ctid > a.ctid AND b.recorded && a.recorded LIMIT 20)
    UNION ALL
    (SELECT 'version', a.content_id
     FROM news.version a JOIN news.version b USING (article_id)
     WHERE a.article_id = t.article_id AND b.ctid > a.ctid AND b.recorded && a.recorded AND b.observed && a.observed LIMIT 20)
    UNION ALL
    (SELECT 'tagging', a.content_id
     FROM news.content c JOIN news.tagging a USING (content_id) JOIN news.tagging b USING (content_id)
     WHERE c.article_id = t.article_id AND b.ctid > a.ctid AND b.recorded && a.recorded LIMIT 20)
) AS x;
