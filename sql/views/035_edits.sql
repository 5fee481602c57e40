-- What publishers changed, and how many independent lines a story rests on.

CREATE VIEW mart.edit AS
SELECT e.edit_id, e.article_id, a.outlet, a.title, e.changed_at, e.ordinal,
       CASE WHEN e.kind = 'name' AND (b.place_id IS NOT NULL OR t.place_id IS NOT NULL) THEN 'place' ELSE e.kind END AS kind,
       e.field, e.before_text, e.after_text, e.number_before, e.number_after, e.measure, e.about,
       b.place_id AS place_before_id, t.place_id AS place_after_id, e.before_start, e.before_end, e.after_start,
       e.after_end, e.from_content_id, e.to_content_id
FROM news.edit e
JOIN mart.article a ON a.article_id = e.article_id
LEFT JOIN LATERAL (
    SELECT m.place_id FROM news.tagging g JOIN news.mention m USING (tagging_id)
    WHERE e.kind = 'name' AND g.content_id = e.from_content_id AND upper_inf(g.recorded) AND m.field = e.field
      AND m.start_offset < e.before_end AND e.before_start < m.end_offset AND m.place_id IS NOT NULL
    ORDER BY m.start_offset LIMIT 1) AS b ON true
LEFT JOIN LATERAL (
    SELECT m.place_id FROM news.tagging g JOIN news.mention m USING (tagging_id)
    WHERE e.kind = 'name' AND g.content_id = e.to_content_id AND upper_inf(g.recorded) AND m.field = e.field
      AND m.start_offset < e.after_end AND e.after_start < m.end_offset AND m.place_id IS NOT NULL
    ORDER BY m.start_offset LIMIT 1) AS t ON true
WHERE upper_inf(e.recorded);
COMMENT ON VIEW mart.edit IS
    'What publishers changed between versions: headline, byline, number (with what it counts), place, name, attribution, correction, added, removed, moved, reworded';

CREATE VIEW mart.upstream AS
SELECT a.article_id, a.outlet, a.title, u.name, u.kind, u.field, u.start_offset, u.end_offset, u.surface, u.rule, u.ties
FROM mart.article a JOIN news.upstream u ON u.content_id = a.content_id AND upper_inf(u.recorded);
COMMENT ON VIEW mart.upstream IS 'Whom the latest text of each article names as the source of what it reports';

CREATE VIEW mart.story_line AS
SELECT t.story_id, l.line, l.article_id, a.outlet, coalesce(a.owner, a.outlet, a.source_name) AS family, a.title, a.published_at
FROM news.story t
CROSS JOIN LATERAL news.story_lines(t.story_id) AS l
JOIN mart.article a ON a.article_id = l.article_id
WHERE t.closed_at IS NULL;
COMMENT ON VIEW mart.story_line IS 'The articles of each story by independent line; ask with story_id, for lines are drawn as they are asked';

CREATE VIEW mart.story_tie AS
SELECT t.story_id, e.kind, e.tie, count(*) AS articles, array_agg(e.article_id ORDER BY e.article_id) AS article_ids
FROM news.story t
CROSS JOIN LATERAL news.story_ties(t.story_id) AS e
WHERE t.closed_at IS NULL
GROUP BY t.story_id, e.kind, e.tie
HAVING count(*) > 1;
COMMENT ON VIEW mart.story_tie IS 'Why articles of a story are one line: the same family of outlets, the same origin (its article id), the same named upstream';

CREATE VIEW mart.story_source AS
SELECT t.story_id, count(DISTINCT l.article_id) AS articles,
       count(DISTINCT coalesce(s.outlet, s.source_name)) AS outlets,
       count(DISTINCT e.tie) FILTER (WHERE e.kind = 'family') AS families,
       count(DISTINCT e.tie) FILTER (WHERE e.kind = 'origin') AS origins,
       max(l.line) AS independent_lines
FROM news.story t
CROSS JOIN LATERAL news.story_lines(t.story_id) AS l
JOIN LATERAL news.story_ties(t.story_id) AS e ON e.article_id = l.article_id
JOIN news.article a ON a.article_id = l.article_id
JOIN ops.source s USING (source_id)
WHERE t.closed_at IS NULL
GROUP BY t.story_id;
COMMENT ON VIEW mart.story_source IS
    'How many witnesses a story has: articles >= outlets >= families >= independent lines, and articles >= origins >= independent lines';
