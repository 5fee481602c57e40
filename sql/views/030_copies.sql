-- Who copied whom, and which articles tell the same event.

CREATE VIEW mart.copy AS
SELECT c.copy_article_id, a.outlet AS copy_outlet, a.title AS copy_title, a.published_at AS copy_published_at,
       c.origin_article_id, o.outlet AS origin_outlet, o.title AS origin_title, o.published_at AS origin_published_at,
       c.kind, c.similarity, c.rule
FROM news.copy_of c
JOIN mart.article a ON a.article_id = c.copy_article_id
JOIN mart.article o ON o.article_id = c.origin_article_id
WHERE upper_inf(c.recorded);
COMMENT ON VIEW mart.copy IS 'Copies and the article they come from, whatever the order of arrival; duplicates are marked, never deleted';

CREATE VIEW mart.story AS
SELECT t.story_id, count(*) AS articles, count(DISTINCT a.outlet) AS outlets,
       count(*) FILTER (WHERE NOT EXISTS (SELECT FROM news.copy_of c WHERE c.copy_article_id = a.article_id AND upper_inf(c.recorded)))
           AS originals,
       min(a.published_at) AS first_published_at, max(a.published_at) AS last_published_at,
       (array_agg(a.title ORDER BY a.published_at, a.article_id))[1] AS first_title,
       array_agg(a.article_id ORDER BY a.published_at, a.article_id) AS article_ids
FROM news.story_article t
JOIN mart.article a USING (article_id)
WHERE upper_inf(t.recorded)
GROUP BY t.story_id;
COMMENT ON VIEW mart.story IS 'Events, with the articles and outlets that tell them; originals are articles that copy nobody';
