-- Who copied whom, and which articles tell the same event.

CREATE VIEW mart.copy AS
SELECT c.copy_article_id, a.outlet AS copy_outlet, a.title AS copy_title, a.published_at AS copy_published_at,
       c.origin_article_id, o.outlet AS origin_outlet, o.title AS origin_title, o.published_at AS origin_published_at,
       c.kind, c.similarity, c.rule
FROM news.copy_of c
JOIN mart.article a ON a.article_id = c.copy_article_id
JOIN mart.article o ON o.article_id = c.origin_article_id
WHERE upper_inf(c.recorded);
COMMENT ON VIEW mart.copy IS 'Copies and the article they come from; duplicates are marked, never deleted';
