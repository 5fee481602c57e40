-- severity: error
-- why: an offset that does not point at its surface, or beyond the text, makes every highlight and audit wrong
SELECT m.mention_id, m.field, m.start_offset, m.end_offset, m.surface
FROM ops.contents_touched(%(run_id)s)
JOIN news.content c USING (content_id)
JOIN news.tagging t ON t.content_id = c.content_id AND upper_inf(t.recorded)
JOIN news.mention m USING (tagging_id)
WHERE m.surface <> '[taken down]'
  AND m.surface IS DISTINCT FROM substr(
      CASE m.field WHEN 'title' THEN c.title WHEN 'standfirst' THEN c.standfirst WHEN 'caption' THEN c.captions ELSE c.body END,
      m.start_offset + 1, m.end_offset - m.start_offset);
