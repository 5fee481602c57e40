-- From any row back to the bytes it was made of.

CREATE VIEW mart.trace AS
WITH latest AS NOT MATERIALIZED (
    SELECT v.article_id, v.content_id, v.recorded FROM news.version v WHERE upper_inf(v.recorded) AND upper_inf(v.observed)
)
SELECT s.kind, s.id, s.part, s.article_id, s.content_id, s.made_by, s.rule, g.version AS gazetteer, s.override_version,
       r.code_version, r.run_id, r.job, r.external_id AS run, lower(s.recorded) AS recorded_from, upper(s.recorded) AS recorded_to,
       c.extractor, c.code_version AS text_code_version, t.run_id AS text_run_id, t.job AS text_job, t.external_id AS text_run,
       o.observed_at, f.fetch_id, f.kind AS captured_as, f.requested_url, f.final_url, f.fetched_at, f.status,
       w.run_id AS fetch_run_id, w.job AS fetch_job, w.external_id AS fetch_run, encode(f.blob_hash, 'hex') AS sha256, k.size,
       CASE WHEN d.blob_hash IS NOT NULL AND d.left_hash IS NOT NULL THEN 'redacted' WHEN d.blob_hash IS NOT NULL THEN 'taken down'
            WHEN EXISTS (SELECT FROM raw.blob b WHERE b.stored_month = k.stored_month AND b.blob_hash = k.blob_hash) THEN 'held'
            ELSE 'let go' END AS bytes
FROM (
    SELECT 'article' AS kind, l.article_id AS id, 'text' AS part, l.article_id, l.content_id, c.extractor AS made_by, NULL AS rule,
           NULL::integer AS gazetteer_id, NULL AS override_version, c.run_id, l.recorded
    FROM latest l JOIN news.content c USING (content_id)
    UNION ALL
    SELECT 'article', l.article_id, 'places', l.article_id, l.content_id, t.tagger, NULL, t.gazetteer_id, t.override_version,
           t.run_id, t.recorded
    FROM latest l JOIN news.tagging t ON t.content_id = l.content_id AND upper_inf(t.recorded)
    UNION ALL
    SELECT 'content', c.content_id, 'text', c.article_id, c.content_id, c.extractor, NULL, NULL, NULL, c.run_id,
           tstzrange(c.created_at, NULL)
    FROM news.content c
    UNION ALL
    SELECT 'version', v.version_id, 'text', v.article_id, v.content_id, c.extractor, NULL, NULL, NULL, c.run_id, v.recorded
    FROM news.version v JOIN news.content c USING (content_id)
    UNION ALL
    SELECT 'mention', m.mention_id, 'mention', c.article_id, t.content_id, t.tagger, m.method, t.gazetteer_id, t.override_version,
           t.run_id, t.recorded
    FROM news.mention m JOIN news.tagging t USING (tagging_id) JOIN news.content c USING (content_id)
    UNION ALL
    SELECT 'edit', e.edit_id, p.part, e.article_id, p.content_id, 'edits', e.kind, NULL, NULL, e.run_id, e.recorded
    FROM news.edit e
    CROSS JOIN LATERAL (VALUES ('before', e.from_content_id), ('after', e.to_content_id)) AS p (part, content_id)
    UNION ALL
    SELECT 'copy', o.copy_article_id, p.part, p.article_id, l.content_id, 'copies', o.rule, NULL, NULL, o.run_id, o.recorded
    FROM news.copy_of o
    CROSS JOIN LATERAL (VALUES ('copy', o.copy_article_id), ('origin', o.origin_article_id), ('via', o.via_article_id))
        AS p (part, article_id)
    JOIN latest l ON l.article_id = p.article_id
    WHERE upper_inf(o.recorded) AND (p.part <> 'via' OR o.via_article_id <> o.origin_article_id)
    UNION ALL
    SELECT 'story', a.story_id, 'article', a.article_id, l.content_id, 'stories', NULL, NULL, NULL, a.run_id, a.recorded
    FROM news.story_article a JOIN latest l USING (article_id) WHERE upper_inf(a.recorded)
    UNION ALL
    SELECT 'merge', m.from_article_id, 'main', m.into_article_id, l.content_id, 'merges', m.rule, NULL, NULL, m.run_id, m.recorded
    FROM news.article_merge m JOIN latest l ON l.article_id = m.into_article_id WHERE upper_inf(m.recorded)
) AS s
JOIN ops.run r ON r.run_id = s.run_id
JOIN news.content c ON c.content_id = s.content_id
JOIN ops.run t ON t.run_id = c.run_id
LEFT JOIN geo.gazetteer g ON g.gazetteer_id = s.gazetteer_id
LEFT JOIN LATERAL (  -- the first capture that said so; one read differently since led to it then
    SELECT o.observed_at, o.blob_hash FROM news.observed_content o
    WHERE o.article_id = c.article_id AND o.content_id = c.content_id
    ORDER BY upper_inf(o.recorded) DESC, o.observed_at, o.blob_hash LIMIT 1) AS o ON true
LEFT JOIN news.observation b ON b.article_id = c.article_id AND b.observed_at = o.observed_at AND b.blob_hash = o.blob_hash
LEFT JOIN ops.fetch f ON f.fetch_id = b.fetch_id
LEFT JOIN ops.run w ON w.run_id = f.run_id
LEFT JOIN raw.blob_key k ON k.blob_hash = f.blob_hash
LEFT JOIN LATERAL (SELECT d.blob_hash, d.left_hash FROM raw.redaction d WHERE d.blob_hash = f.blob_hash
                   ORDER BY d.left_hash NULLS FIRST LIMIT 1) AS d ON true;
COMMENT ON VIEW mart.trace IS
    'The way from a row back to its rule, run, code, gazetteer, capture and bytes: ask with kind and id; a row that rests on several texts has a line for each';
COMMENT ON COLUMN mart.trace.kind IS
    'article, content, version, mention, edit, copy (by the id of the article that copies), story or merge (by the id of the article merged away)';
COMMENT ON COLUMN mart.trace.id IS 'Its id';
COMMENT ON COLUMN mart.trace.part IS 'What the line is about: text, places, mention; before, after; copy, origin, via; article; main';
COMMENT ON COLUMN mart.trace.article_id IS 'The article';
COMMENT ON COLUMN mart.trace.content_id IS 'The text it rests on';
COMMENT ON COLUMN mart.trace.made_by IS 'Extractor or tagger with its version; else which part of deduplication';
COMMENT ON COLUMN mart.trace.rule IS 'The rule that decided, where there is one';
COMMENT ON COLUMN mart.trace.gazetteer IS 'Version of the gazetteer it used';
COMMENT ON COLUMN mart.trace.override_version IS 'Ids of the analysts'' corrections that concerned the text';
COMMENT ON COLUMN mart.trace.code_version IS 'Version of the code that made the row';
COMMENT ON COLUMN mart.trace.run_id IS 'The run that made the row';
COMMENT ON COLUMN mart.trace.job IS 'DAG or command of that run';
COMMENT ON COLUMN mart.trace.run IS 'Airflow''s id of that run, or a command''s own';
COMMENT ON COLUMN mart.trace.recorded_from IS 'Since when the warehouse holds it so';
COMMENT ON COLUMN mart.trace.recorded_to IS 'Until when it held it so; null while it does';
COMMENT ON COLUMN mart.trace.extractor IS 'What gave the text, with its version';
COMMENT ON COLUMN mart.trace.text_code_version IS 'Version of the code that made the text';
COMMENT ON COLUMN mart.trace.text_run_id IS 'The run that made the text';
COMMENT ON COLUMN mart.trace.text_job IS 'DAG or command of that run';
COMMENT ON COLUMN mart.trace.text_run IS 'Airflow''s id of that run';
COMMENT ON COLUMN mart.trace.observed_at IS 'The time the capture speaks for';
COMMENT ON COLUMN mart.trace.fetch_id IS 'The capture: the request that brought the bytes';
COMMENT ON COLUMN mart.trace.captured_as IS 'page, item (the text of a feed entry) or file';
COMMENT ON COLUMN mart.trace.requested_url IS 'Address asked';
COMMENT ON COLUMN mart.trace.final_url IS 'Address that answered';
COMMENT ON COLUMN mart.trace.fetched_at IS 'When the answer came';
COMMENT ON COLUMN mart.trace.status IS 'HTTP status; null if there was none';
COMMENT ON COLUMN mart.trace.fetch_run_id IS 'The run that asked';
COMMENT ON COLUMN mart.trace.fetch_job IS 'DAG or command of that run';
COMMENT ON COLUMN mart.trace.fetch_run IS 'Airflow''s id of that run';
COMMENT ON COLUMN mart.trace.sha256 IS 'Of the bytes as received';
COMMENT ON COLUMN mart.trace.size IS 'Bytes as received';
COMMENT ON COLUMN mart.trace.bytes IS 'held, redacted (an entry taken down is cut out), taken down, or let go (by the rules of retention)';
