-- severity: error
-- why: an open story without articles is an event nobody told; one that ended and still holds some is counted twice
SELECT s.story_id, 'open, and has no article' AS wrong
FROM news.story s
WHERE s.closed_at IS NULL
  AND (%(run_id)s::bigint IS NULL OR s.story_id IN (
      SELECT l.story_id FROM news.story_article l
      WHERE NOT upper_inf(l.recorded)
        AND upper(l.recorded) >= (SELECT r.started_at FROM ops.run r WHERE r.run_id = %(run_id)s)))
  AND NOT EXISTS (SELECT FROM news.story_article a WHERE a.story_id = s.story_id AND upper_inf(a.recorded))
UNION
SELECT s.story_id, 'ended, and has article ' || t.article_id
FROM ops.articles_touched(%(run_id)s) t
JOIN news.story_article a ON a.article_id = t.article_id AND upper_inf(a.recorded)
JOIN news.story s ON s.story_id = a.story_id AND s.closed_at IS NOT NULL;
