-- Edits: which versions stand next to each other, and what was changed between them.

-- name: edits_due
-- Articles whose versions changed since their edits were told, some of them.
SELECT article_id FROM ops.edit_due ORDER BY article_id LIMIT %(limit)s;

-- name: take_edits_due
-- Takes these articles off the list; those another has taken are left out.
DELETE FROM ops.edit_due WHERE article_id = ANY (%(article_ids)s) RETURNING article_id;

-- name: find_version_steps
-- Each version of these articles with the one before it, where one code version read both.
SELECT v.article_id, v.from_content_id, v.content_id AS to_content_id, v.changed_at
FROM (SELECT article_id, content_id, lower(observed) AS changed_at,
             lag(content_id) OVER (PARTITION BY article_id ORDER BY observed) AS from_content_id
      FROM news.version WHERE article_id = ANY (%(article_ids)s) AND upper_inf(recorded)) AS v
JOIN news.content b ON b.content_id = v.from_content_id
JOIN news.content a ON a.content_id = v.content_id AND a.code_version = b.code_version
ORDER BY v.article_id, v.changed_at;

-- name: load_states
-- What these contents say.
SELECT content_id, coalesce(title, '') AS title, coalesce(standfirst, '') AS standfirst, body,
       coalesce(captions, '') AS captions, array_to_string(authors, E'\n') AS authors
FROM news.content WHERE content_id = ANY (%(content_ids)s);

-- name: held_version_steps
-- The steps of these articles whose edits are held.
SELECT DISTINCT article_id, from_content_id, to_content_id, changed_at
FROM news.edit WHERE upper_inf(recorded) AND article_id = ANY (%(article_ids)s);

-- name: close_edits
-- Closes the edits of these articles between versions that no longer stand next to each other.
WITH r AS (
    SELECT * FROM json_to_recordset(%(rows)s) AS r (article_id bigint, from_content_id bigint, to_content_id bigint,
                                                    changed_at timestamptz)
), stale AS (
    SELECT e.edit_id, lower(e.recorded) AS since FROM news.edit e
    WHERE upper_inf(e.recorded) AND e.article_id = ANY (%(article_ids)s)
      AND NOT EXISTS (SELECT FROM r WHERE (r.article_id, r.from_content_id, r.to_content_id, r.changed_at)
                                        = (e.article_id, e.from_content_id, e.to_content_id, e.changed_at))
), dropped AS (
    DELETE FROM news.edit e USING stale s WHERE e.edit_id = s.edit_id AND s.since >= %(at)s
), ended AS (
    UPDATE news.edit e SET recorded = tstzrange(s.since, %(at)s, '[)')
    FROM stale s WHERE e.edit_id = s.edit_id AND s.since < %(at)s
)
SELECT count(*) FROM stale;

-- name: open_edits
-- Adds edits of steps not held so far.
INSERT INTO news.edit (article_id, from_content_id, to_content_id, changed_at, ordinal, kind, field,
    before_text, before_start, before_end, after_text, after_start, after_end, number_before, number_after, measure, about,
    run_id, recorded)
SELECT r.article_id, r.from_content_id, r.to_content_id, r.changed_at, r.ordinal, r.kind, r.field,
    r.before_text, r.before_start, r.before_end, r.after_text, r.after_start, r.after_end, r.number_before, r.number_after,
    r.measure, ARRAY(SELECT json_array_elements_text(r.about)), %(run_id)s, tstzrange(%(at)s, NULL, '[)')
FROM json_to_recordset(%(rows)s) AS r (
    article_id bigint, from_content_id bigint, to_content_id bigint, changed_at timestamptz, ordinal integer, kind text,
    field text, before_text text, before_start integer, before_end integer, after_text text, after_start integer,
    after_end integer, number_before numeric, number_after numeric, measure text, about json)
ORDER BY r.article_id, r.changed_at, r.ordinal;
