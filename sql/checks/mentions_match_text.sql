-- severity: error
-- why: an offset that does not point at its surface makes every highlight and audit wrong
SELECT m.mention_id, m.field, m.start_offset, m.surface
FROM news.tagging t
JOIN news.content c USING (content_id)
JOIN news.mention m USING (tagging_id)
WHERE (%(run_id)s::bigint IS NULL OR t.run_id = %(run_id)s)
  AND m.surface IS DISTINCT FROM substr(
      CASE m.field WHEN 'title' THEN c.title WHEN 'standfirst' THEN c.standfirst WHEN 'caption' THEN c.captions ELSE c.body END,
      m.start_offset + 1, m.end_offset - m.start_offset);
