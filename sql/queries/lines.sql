-- Upstreams: whom texts name as the source of what they report.

-- name: close_upstreams
-- Closes what these contents are no longer read to name.
WITH r AS (
    SELECT * FROM json_to_recordset(%(rows)s) AS r (content_id bigint, name text, kind text, field text,
                                                    start_offset integer, end_offset integer, rule text, ties boolean)
), stale AS (
    SELECT u.ctid AS place, lower(u.recorded) AS since FROM news.upstream u
    WHERE upper_inf(u.recorded) AND u.content_id = ANY (%(content_ids)s)
      AND NOT EXISTS (
        SELECT FROM r WHERE (r.content_id, r.name, r.kind, r.field, r.start_offset, r.end_offset, r.rule, r.ties)
                          = (u.content_id, u.name, u.kind, u.field, u.start_offset, u.end_offset, u.rule, u.ties))
), dropped AS (
    DELETE FROM news.upstream u USING stale s WHERE u.ctid = s.place AND s.since >= %(at)s
), ended AS (
    UPDATE news.upstream u SET recorded = tstzrange(s.since, %(at)s, '[)')
    FROM stale s WHERE u.ctid = s.place AND s.since < %(at)s
)
SELECT count(*) FROM stale;

-- name: open_upstreams
-- Adds what these contents name and is not yet held.
INSERT INTO news.upstream (content_id, name, kind, field, start_offset, end_offset, surface, rule, ties, run_id,
                           recorded)
SELECT r.content_id, r.name, r.kind, r.field, r.start_offset, r.end_offset, r.surface, r.rule, r.ties,
       %(run_id)s, tstzrange(%(at)s, NULL, '[)')
FROM json_to_recordset(%(rows)s) AS r (content_id bigint, name text, kind text, field text, start_offset integer,
                                       end_offset integer, surface text, rule text, ties boolean)
WHERE NOT EXISTS (SELECT FROM news.upstream u WHERE upper_inf(u.recorded) AND u.content_id = r.content_id
                  AND (u.field, u.start_offset, u.name) = (r.field, r.start_offset, r.name))
ORDER BY r.content_id, r.field, r.start_offset;
