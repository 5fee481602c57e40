-- The change feed.

-- name: changes_since
-- What became of the next articles since a cursor, in order.
SELECT cursor, article_id, change, what, reason, into_article_id, changed_at
FROM mart.changes_since(%(since)s, %(most)s);

-- name: cursor_fault
-- Why a cursor leads nowhere here: it lies ahead of all there is; null where it is good.
SELECT CASE WHEN (%(era)s, %(transaction_id)s::xid8) > (coalesce(max(e.era), 0), CASE
                      WHEN max(e.era) IS NULL OR max(e.era) IS DISTINCT FROM ops.change_era_here() THEN (
                          SELECT coalesce(max(c.transaction_id), '0') FROM ops.change c WHERE c.era = max(e.era))
                      ELSE pg_snapshot_xmax(pg_current_snapshot()) END)
            THEN 'it lies ahead of every change here' END
FROM ops.change_era e;

-- name: articles_as_json
-- Articles as they stand now, each as one JSON object.
SELECT article_id, to_jsonb(a) AS article FROM mart.article a WHERE article_id = ANY (%(article_ids)s);

-- name: mentions_as_json
-- The places each article names now, as a JSON array.
SELECT article_id, jsonb_agg(to_jsonb(m) ORDER BY mention_id) AS mentions
FROM mart.mention m WHERE article_id = ANY (%(article_ids)s) GROUP BY article_id;
