-- Stories: what is compared of articles, which of them stand near in time, and which story each is told in.

-- name: keep_story_features
-- Stores the terms of articles; those of the content first in order stay.
INSERT INTO news.story_feature AS f (article_id, content_id, seen_at, terms, weights)
SELECT r.article_id, r.content_id, r.seen_at, r.terms, r.weights
FROM json_to_recordset(%(rows)s) AS r (article_id bigint, content_id bigint, seen_at timestamptz, terms bigint[],
                                       weights real[])
ORDER BY r.article_id
ON CONFLICT (article_id) DO UPDATE
    SET content_id = excluded.content_id, seen_at = excluded.seen_at, terms = excluded.terms, weights = excluded.weights
WHERE (excluded.seen_at, excluded.terms, excluded.weights) < (f.seen_at, f.terms, f.weights);

-- name: take_stories_due
-- Takes the stretches of days whose stories are to be told anew off their list.
WITH taken AS (DELETE FROM ops.story_due RETURNING due_on) SELECT due_on FROM taken ORDER BY due_on;

-- name: load_story_window
-- Articles around a time, those nearest to it, in canonical order.
SELECT f.article_id, f.seen_at, f.terms, f.weights, s.story_id
FROM (SELECT * FROM news.story_feature
      WHERE seen_at BETWEEN %(first_at)s AND %(last_at)s
      ORDER BY greatest(seen_at - %(middle_at)s, %(middle_at)s - seen_at) LIMIT %(most)s) AS f
JOIN LATERAL (SELECT min(k.article_key) AS url FROM news.article_key k
              WHERE k.article_id = f.article_id AND k.kind <> 'alias') AS k ON true
LEFT JOIN news.story_article s ON s.article_id = f.article_id AND upper_inf(s.recorded)
ORDER BY f.seen_at, k.url;

-- name: make_stories
-- Makes new stories; answers their ids.
INSERT INTO news.story (created_at) SELECT %(at)s FROM generate_series(1, %(wanted)s) RETURNING story_id;

-- name: close_story_articles
-- Takes articles out of the stories they were told in.
WITH r AS (
    SELECT r.article_id, r.story_id, s.ctid AS place, lower(s.recorded) AS since
    FROM json_to_recordset(%(rows)s) AS r (article_id bigint, story_id bigint)
    LEFT JOIN news.story_article s ON s.article_id = r.article_id AND upper_inf(s.recorded)
), dropped AS (
    DELETE FROM news.story_article s USING r WHERE s.ctid = r.place AND r.since >= %(at)s
), ended AS (
    UPDATE news.story_article s SET recorded = tstzrange(r.since, %(at)s, '[)')
    FROM r WHERE s.ctid = r.place AND r.since < %(at)s
)
SELECT count(*) FROM r;

-- name: open_story_articles
-- Adds articles to the stories they are told in now.
INSERT INTO news.story_article (story_id, article_id, run_id, recorded)
SELECT r.story_id, r.article_id, %(run_id)s, tstzrange(%(at)s, NULL, '[)')
FROM json_to_recordset(%(rows)s) AS r (article_id bigint, story_id bigint)
WHERE r.story_id IS NOT NULL
ORDER BY r.article_id;

-- name: close_empty_stories
-- Ends the stories that have no article left, and says where most of their articles went.
UPDATE news.story s SET closed_at = %(at)s, merged_into_story_id = (
    SELECT n.story_id
    FROM news.story_article o JOIN news.story_article n ON n.article_id = o.article_id AND upper_inf(n.recorded)
    WHERE o.story_id = s.story_id
    GROUP BY n.story_id ORDER BY count(DISTINCT n.article_id) DESC, n.story_id LIMIT 1)
WHERE s.story_id = ANY (%(story_ids)s) AND s.closed_at IS NULL
  AND NOT EXISTS (SELECT FROM news.story_article a WHERE a.story_id = s.story_id AND upper_inf(a.recorded));

-- name: current_stories
-- Which story each article is told in now.
SELECT article_id, story_id FROM news.story_article WHERE upper_inf(recorded) ORDER BY article_id;
