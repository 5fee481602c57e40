-- Stories: what is compared of articles, which of them stand near in time, and which story each is told in.

-- name: lock_stories
-- One settles at a time, while loaders go on comparing; who takes both locks takes this one before that of copies.
SELECT pg_advisory_xact_lock(hashtext('news.story'));

-- name: keep_story_features
-- Stores the terms of articles, those of the content first in order; what changes by it is put on the list.
WITH r AS (
    SELECT r.article_id, r.content_id, r.seen_at, r.terms, r.counts::bytea AS counts
    FROM json_to_recordset(%(rows)s) AS r (article_id bigint, content_id bigint, seen_at timestamptz, terms integer[],
                                           counts text)
), held AS (
    SELECT f.article_id, f.seen_at FROM news.story_feature f JOIN r USING (article_id)
), kept AS (
    INSERT INTO news.story_feature AS f (article_id, content_id, seen_at, terms, counts)
    SELECT article_id, content_id, seen_at, terms, counts FROM r ORDER BY article_id
    ON CONFLICT (article_id) DO UPDATE
        SET content_id = excluded.content_id, seen_at = excluded.seen_at, terms = excluded.terms,
            counts = excluded.counts
    WHERE (excluded.seen_at, excluded.terms, excluded.counts) < (f.seen_at, f.terms, f.counts)
    RETURNING article_id, seen_at
)
INSERT INTO ops.story_due (due_on)
SELECT news.stretch_of(seen_at) FROM kept
UNION SELECT news.stretch_of(held.seen_at) FROM kept JOIN held USING (article_id);

-- name: take_stories_due
-- Takes the earliest stretches of days whose stories are to be told anew off their list.
WITH first AS (
    SELECT DISTINCT due_on FROM ops.story_due ORDER BY due_on LIMIT %(most)s
), taken AS (
    DELETE FROM ops.story_due d USING first WHERE d.due_on = first.due_on RETURNING d.due_on
)
SELECT DISTINCT due_on FROM taken ORDER BY due_on;

-- name: load_story_window
-- The articles of a stretch and the next, in canonical order. Arrays come as Postgres sends them, to be read as they are.
-- The first key is taken from an article's few: a min() of a table without statistics is sought through all keys in order.
SELECT f.article_id, f.seen_at, array_send(f.terms) AS terms, f.counts
FROM news.story_feature f
JOIN LATERAL (SELECT (array_agg(k.article_key ORDER BY k.article_key))[1] AS url FROM news.article_key k
              WHERE k.article_id = f.article_id AND k.kind <> 'alias') AS k ON true
WHERE f.seen_at >= %(from_on)s::date::timestamp AT TIME ZONE 'UTC'
  AND f.seen_at < %(to_on)s::date::timestamp AT TIME ZONE 'UTC'
ORDER BY f.seen_at, k.url;

-- name: keep_story_cells
-- Makes the groups of a window what was found; arrays as text, of equal length.
WITH r AS (
    SELECT * FROM unnest(%(article_ids)s::bigint[], %(group_ids)s::bigint[]) AS r (article_id, group_id)
), dropped AS (
    DELETE FROM ops.story_cell c
    WHERE c.stretch_on = %(stretch_on)s AND NOT EXISTS (SELECT FROM r WHERE r.article_id = c.article_id)
)
INSERT INTO ops.story_cell AS c (stretch_on, article_id, group_id)
SELECT %(stretch_on)s, r.article_id, r.group_id FROM r ORDER BY r.article_id
ON CONFLICT (stretch_on, article_id) DO UPDATE SET group_id = excluded.group_id WHERE c.group_id <> excluded.group_id;

-- name: load_story_cells
-- Articles of some stretches with their groups in the window of their own stretch and in that before, and their stories.
SELECT f.article_id, f.cell_on, h.group_id AS home, p.group_id AS prior, s.story_id AS story
FROM (SELECT article_id, news.stretch_of(seen_at) AS cell_on FROM news.story_feature
      WHERE seen_at >= %(from_on)s::date::timestamp AT TIME ZONE 'UTC'
        AND seen_at < %(to_on)s::date::timestamp AT TIME ZONE 'UTC') AS f
LEFT JOIN ops.story_cell h ON h.stretch_on = f.cell_on AND h.article_id = f.article_id
LEFT JOIN ops.story_cell p ON p.stretch_on = f.cell_on - 4 AND p.article_id = f.article_id
LEFT JOIN news.story_article s ON s.article_id = f.article_id AND upper_inf(s.recorded)
ORDER BY f.cell_on, f.article_id;

-- name: stories_before
-- Which of these stories are told in days before.
SELECT DISTINCT s.story_id FROM news.story_article s JOIN news.story_feature f USING (article_id)
WHERE s.story_id = ANY (%(story_ids)s) AND upper_inf(s.recorded)
  AND f.seen_at < %(from_on)s::date::timestamp AT TIME ZONE 'UTC';

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
