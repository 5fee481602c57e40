-- The change feed: what changed since a cursor, in an order in which nothing can slip in behind a reader.

CREATE FUNCTION mart.change_words(what integer) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT ARRAY(SELECT w.word FROM (VALUES (1, 'added'), (2, 'text'), (4, 'places'), (8, 'copies'), (16, 'story'), (32, 'edits'),
                                        (64, 'upstreams'), (128, 'address'), (256, 'merged'), (512, 'takedown')) AS w (flag, word)
             WHERE what & w.flag > 0 ORDER BY w.flag)
$$;
COMMENT ON FUNCTION mart.change_words(integer) IS 'The words for the flags of ops.change.what';

CREATE VIEW mart.change AS
SELECT format('%s.%s.%s', c.era, c.transaction_id, c.article_id) AS cursor, c.article_id, c.changed_at,
       mart.change_words(c.what) AS what
FROM ops.change c
WHERE c.era IS DISTINCT FROM (SELECT ops.change_era_here())
   OR c.transaction_id < (SELECT pg_snapshot_xmin(pg_current_snapshot()));
COMMENT ON VIEW mart.change IS
    'Every change kept, one row an article and transaction; mart.changes_since tells from a cursor on what became of each article';
COMMENT ON COLUMN mart.change.cursor IS 'Place in the feed: opaque; mart.changes_since goes on from it';
COMMENT ON COLUMN mart.change.what IS
    'added, text, places, copies, story, edits, upstreams, address, merged, takedown; added says it all';

CREATE FUNCTION mart.changes_since(since text DEFAULT '0', most integer DEFAULT 1000)
RETURNS TABLE (cursor text, article_id bigint, change text, what text[], reason text, into_article_id bigint, changed_at timestamptz)
LANGUAGE sql STABLE AS $$
WITH seen AS (  -- of each article the newest that no open transaction can come before; that says what those before it say
    SELECT c.era, c.transaction_id, c.article_id, c.changed_at
    FROM ops.change c
    WHERE (c.era, c.transaction_id, c.article_id)
              > (split_part(since, '.', 1)::smallint, coalesce(nullif(split_part(since, '.', 2), ''), '0')::xid8,
                 coalesce(nullif(split_part(since, '.', 3), ''), '0')::bigint)
      AND (c.era IS DISTINCT FROM (SELECT ops.change_era_here())
           OR c.transaction_id < (SELECT pg_snapshot_xmin(pg_current_snapshot())))
      AND NOT EXISTS (SELECT FROM ops.change l
                      WHERE l.article_id = c.article_id AND (l.era, l.transaction_id) > (c.era, c.transaction_id)
                        AND (l.era IS DISTINCT FROM (SELECT ops.change_era_here())
                             OR l.transaction_id < (SELECT pg_snapshot_xmin(pg_current_snapshot()))))
    ORDER BY c.era, c.transaction_id, c.article_id
    LIMIT most
), told AS (
    SELECT s.*, m.into_article_id, h.what
    FROM seen s
    CROSS JOIN LATERAL (
        SELECT bit_or(c.what) AS what FROM ops.change c
        WHERE c.article_id = s.article_id AND (c.era, c.transaction_id) <= (s.era, s.transaction_id)
          AND (c.era::integer, c.transaction_id, c.article_id)  -- as it stands it would lead to reading all since then
              > (split_part(since, '.', 1)::integer, coalesce(nullif(split_part(since, '.', 2), ''), '0')::xid8,
                 coalesce(nullif(split_part(since, '.', 3), ''), '0')::bigint)) AS h
    LEFT JOIN news.article_merge m ON m.from_article_id = s.article_id AND upper_inf(m.recorded)
), spread AS (  -- what changed of an article merged away changed of the main one
    SELECT era, transaction_id, article_id AS place, changed_at, what, article_id, into_article_id FROM told
    UNION ALL
    SELECT era, transaction_id, article_id, changed_at, what & ~1 | 256, into_article_id, NULL FROM told
    WHERE into_article_id IS NOT NULL
), judged AS (
    SELECT s.*, v.article_id IS NOT NULL AS is_there,
           (SELECT min(b.reason) FROM ops.tombstone b WHERE b.article_id = s.article_id) AS removed
    FROM spread s
    LEFT JOIN LATERAL (  -- one look a row: an EXISTS here would be hashed, and every article read for a page of few
        SELECT v.article_id FROM news.version v
        WHERE v.article_id = s.article_id AND upper_inf(v.recorded) AND upper_inf(v.observed) LIMIT 1) AS v ON true
)
SELECT format('%s.%s.%s', j.era, j.transaction_id, j.place), j.article_id,
       CASE WHEN NOT j.is_there THEN 'deleted' WHEN j.what & 1 > 0 THEN 'added' ELSE 'changed' END,
       mart.change_words(j.what & ~1),
       CASE WHEN j.is_there THEN NULL WHEN j.removed IS NOT NULL THEN j.removed
            WHEN j.into_article_id IS NOT NULL THEN format('merged into %s', j.into_article_id)
            ELSE 'no longer held' END,
       j.into_article_id, j.changed_at
FROM judged j
ORDER BY j.era, j.transaction_id, j.place, j.article_id <> j.place
$$;
COMMENT ON FUNCTION mart.changes_since(text, integer) IS
    'What became of each article since a cursor (0: from the beginning): added, changed or deleted, and what of it. Read the article anew; keep the last row''s cursor and ask with it next time. Shown once no older writing transaction is open. An article merged away is deleted, and the main one follows it under the same cursor';
