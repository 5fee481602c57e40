-- What the demo and `status` show a person.

-- name: articles_now
-- Articles as they stand now.
SELECT coalesce(to_char(published_at AT TIME ZONE 'UTC', CASE WHEN published_precision IN ('day', 'month') THEN 'YYYY-MM-DD'
                        ELSE 'YYYY-MM-DD HH24:MI' END), 'undated') AS published,
       coalesce(outlet, 'outlet unknown') AS outlet, language_code, versions, coalesce(title, left(body, 60) || '…') AS title
FROM mart.article ORDER BY published_at NULLS FIRST, article_id;

-- name: copies_now
-- Who copied whom, as it stands now.
SELECT coalesce(copy_outlet, '?') AS copy, coalesce(origin_outlet, '?') AS origin, kind, round(similarity::numeric, 2) AS similarity,
       copy_title
FROM mart.copy ORDER BY origin_outlet, copy_outlet, copy_title;

-- name: places_now
-- Places with counts, commonest first.
SELECT place, country_code, feature_code, articles, mentions FROM mart.place
ORDER BY articles DESC, mentions DESC, place LIMIT %(limit)s;

-- name: find_run
-- The run of a job and external id, if it was begun.
SELECT run_id FROM ops.run WHERE job = %(job)s AND external_id = %(external_id)s;

-- name: feeds_of_last_poll
-- The feeds the latest poll asked, and why those failed that did.
SELECT item_key, reason FROM ops.ledger
WHERE run_id = (SELECT max(run_id) FROM ops.run WHERE job = 'news_ingest') AND stage = 'fetch' AND item_key LIKE 'feed:%%';

-- name: has_schema
-- Whether this database was ever migrated.
SELECT to_regclass('ops.source_state') AS has_schema;

-- name: data_digest
-- A digest of every row of raw, news and geo, but for what may move (sighting.last_seen_at, bodies, the gazetteer's names).
WITH t (name, digest) AS (
    SELECT 'raw.blob_key', md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) FROM raw.blob_key x
    UNION ALL SELECT 'geo.gazetteer', md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) FROM geo.gazetteer x
    UNION ALL SELECT 'news.article', md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) FROM news.article x
    UNION ALL SELECT 'news.article_key', md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) FROM news.article_key x
    UNION ALL SELECT 'news.observation', md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) FROM news.observation x
    UNION ALL SELECT 'news.content', md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) FROM news.content x
    UNION ALL SELECT 'news.observed_content', md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) FROM news.observed_content x
    UNION ALL SELECT 'news.version', md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) FROM news.version x
    UNION ALL SELECT 'news.sighting', md5(string_agg(md5(article_id || ':' || source_id || encode(guid_hash, 'hex') || first_seen_at), ''
                     ORDER BY article_id, source_id, guid_hash)) FROM news.sighting x
    UNION ALL SELECT 'news.tagging', md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) FROM news.tagging x
    UNION ALL SELECT 'news.mention', md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) FROM news.mention x
    UNION ALL SELECT 'news.demonym', md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) FROM news.demonym x
    UNION ALL SELECT 'news.focus', md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) FROM news.focus x
    UNION ALL SELECT 'news.copy_of', md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) FROM news.copy_of x
    UNION ALL SELECT 'news.article_merge', md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) FROM news.article_merge x
    UNION ALL SELECT 'news.edit', md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) FROM news.edit x
    UNION ALL SELECT 'news.upstream', md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) FROM news.upstream x
    UNION ALL SELECT 'news.story_article', md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) FROM news.story_article x
)
SELECT md5(string_agg(name || coalesce(digest, ''), ',' ORDER BY name)) FROM t;

-- name: rejections_of_run
-- What a run turned away, item by item.
SELECT stage, reason, item_key, detail FROM ops.ledger
WHERE run_id = %(run_id)s AND state = 'rejected' ORDER BY stage, reason, item_key;

-- name: limit_time
-- Ends a question that takes too long, for the rest of this transaction.
SELECT set_config('statement_timeout', %(milliseconds)s::text, true);
