-- online
-- Indexes that lead to the rows of one article, however many came at the same moment: a batch of an archive is observed at
-- one instant, so an index on the time alone leads to all of it, and the planner cannot know.

CREATE INDEX CONCURRENTLY IF NOT EXISTS observation_by_time ON news.observation (observed_at, article_id);
DROP INDEX CONCURRENTLY IF EXISTS news.observation_by_day;
CREATE INDEX CONCURRENTLY IF NOT EXISTS observed_content_by_article ON news.observed_content (article_id, observed_at);
DROP INDEX CONCURRENTLY IF EXISTS news.observed_content_now;
CREATE INDEX CONCURRENTLY IF NOT EXISTS tagging_by_content ON news.tagging (content_id);
