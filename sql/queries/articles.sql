-- Articles, their keys, contents and versions.

-- name: lock_articles
-- One loader at a time decides which article a key leads to.
SELECT pg_advisory_xact_lock(hashtext('news.article'));

-- name: find_articles
-- The articles these keys lead to.
SELECT article_key, article_id FROM news.article_key WHERE article_key = ANY (%(keys)s);

-- name: find_tombstones
-- Which of these keys were removed for good.
SELECT tombstone_key FROM ops.tombstone WHERE tombstone_key = ANY (%(keys)s);

-- name: make_articles
-- Makes new articles; answers their ids in the order given.
INSERT INTO news.article (source_id, first_observed_at, run_id, created_at)
SELECT r.source_id, r.observed_at, %(run_id)s, %(at)s
FROM json_to_recordset(%(rows)s) AS r (source_id integer, observed_at timestamptz, n bigint)
ORDER BY r.n
RETURNING article_id;

-- name: keep_keys
-- Adds keys that lead to articles; a key never changes its article.
-- One learned as an alias that is asked for itself later is a url, as if it had been asked first.
INSERT INTO news.article_key AS held (article_key, article_id, kind, run_id, created_at)
SELECT DISTINCT ON (r.article_key) r.article_key, r.article_id, r.kind, %(run_id)s, %(at)s
FROM json_to_recordset(%(rows)s) AS r (article_key text, article_id bigint, kind text)
WHERE NOT EXISTS (SELECT FROM news.article_key k WHERE k.article_key = r.article_key AND (k.kind <> 'alias' OR r.kind = 'alias'))
ORDER BY r.article_key, r.kind DESC
ON CONFLICT (article_key) DO UPDATE SET kind = excluded.kind WHERE held.kind = 'alias' AND excluded.kind <> 'alias';

-- name: find_moved
-- Contents held of articles of which one of these is now the first observation, with their source.
-- What is told from when an article was first seen must be told anew.
SELECT DISTINCT c.content_id, a.source_id
FROM json_to_recordset(%(rows)s) AS r (article_id bigint, observed_at timestamptz)
JOIN news.article a ON a.article_id = r.article_id AND a.first_observed_at > r.observed_at
JOIN news.content c ON c.article_id = r.article_id
WHERE NOT EXISTS (SELECT FROM news.observation o WHERE o.article_id = r.article_id AND o.observed_at < r.observed_at)
ORDER BY 1;

-- name: find_settled
-- Which of these observations are held to say this content.
SELECT o.article_id, o.observed_at, o.blob_hash, c.content_hash
FROM json_to_recordset(%(rows)s) AS r (article_id bigint, observed_at timestamptz, blob_hash text, content_hash text)
JOIN news.observed_content o ON o.article_id = r.article_id AND o.observed_at = r.observed_at
                            AND o.blob_hash = r.blob_hash::bytea AND upper_inf(o.recorded)
JOIN news.content c ON c.content_id = o.content_id AND c.content_hash = r.content_hash::bytea;

-- name: keep_observations
-- Notes that articles gave these bytes at these times; known ones stay as they are.
INSERT INTO news.observation (article_id, observed_at, blob_hash, fetch_id)
SELECT DISTINCT ON (r.article_id, r.observed_at, r.blob_hash) r.article_id, r.observed_at, r.blob_hash::bytea, r.fetch_id
FROM json_to_recordset(%(rows)s) AS r (article_id bigint, observed_at timestamptz, blob_hash text, fetch_id bigint)
WHERE NOT EXISTS (SELECT FROM news.observation o WHERE (o.article_id, o.observed_at, o.blob_hash)
                                                     = (r.article_id, r.observed_at, r.blob_hash::bytea))
ORDER BY r.article_id, r.observed_at, r.blob_hash, r.fetch_id
ON CONFLICT DO NOTHING;

-- name: keep_contents
-- Stores contents not yet held; answers the new ones.
INSERT INTO news.content (article_id, content_hash, sameness_hash, title, standfirst, body, captions, authors, section, site_name,
    language_code, language_confidence, published_at, published_precision, published_origin, published_as_stated,
    published_claimed_at, published_clock_version, modified_at, modified_origin, canonical_url, extractor,
    code_version, run_id, created_at)
SELECT DISTINCT ON (r.article_id, r.content_hash) r.article_id, r.content_hash::bytea, r.sameness_hash::bytea, r.title,
    r.standfirst, r.body, r.captions, ARRAY(SELECT json_array_elements_text(r.authors)), r.section, r.site_name, r.language_code,
    r.language_confidence, r.published_at, r.published_precision, r.published_origin, r.published_as_stated,
    r.published_claimed_at, r.published_clock_version, r.modified_at, r.modified_origin, r.canonical_url, r.extractor,
    %(code_version)s, %(run_id)s, %(at)s
FROM json_to_recordset(%(rows)s) AS r (
    article_id bigint, content_hash text, sameness_hash text, title text, standfirst text, body text, captions text, authors json,
    section text, site_name text, language_code text, language_confidence real, published_at timestamptz,
    published_precision text, published_origin text, published_as_stated text,
    published_claimed_at timestamptz, published_clock_version integer, modified_at timestamptz,
    modified_origin text, canonical_url text, extractor text)
WHERE NOT EXISTS (SELECT FROM news.content c
                  WHERE (c.article_id, c.content_hash) = (r.article_id, r.content_hash::bytea))
ORDER BY r.article_id, r.content_hash
ON CONFLICT (article_id, content_hash) DO NOTHING
RETURNING content_id, article_id;

-- name: settle_contents
-- Says which content each observation gives, closing what the code of before said differently; then settles versions.
WITH r AS (
    SELECT DISTINCT ON (r.article_id, r.observed_at, r.blob_hash)
           r.article_id, r.observed_at, r.blob_hash::bytea AS blob_hash, c.content_id
    FROM json_to_recordset(%(rows)s) AS r (article_id bigint, observed_at timestamptz, blob_hash text, content_hash text)
    JOIN news.content c ON c.article_id = r.article_id AND c.content_hash = r.content_hash::bytea
    ORDER BY r.article_id, r.observed_at, r.blob_hash
), ended AS (
    UPDATE news.observed_content o SET recorded = tstzrange(lower(o.recorded), %(at)s, '[)')
    FROM r WHERE (o.article_id, o.observed_at, o.blob_hash) = (r.article_id, r.observed_at, r.blob_hash)
      AND upper_inf(o.recorded) AND o.content_id <> r.content_id AND lower(o.recorded) < %(at)s
)
INSERT INTO news.observed_content (article_id, observed_at, blob_hash, content_id, recorded)
SELECT r.article_id, r.observed_at, r.blob_hash, r.content_id, tstzrange(%(at)s, NULL, '[)') FROM r
WHERE NOT EXISTS (SELECT FROM news.observed_content o WHERE upper_inf(o.recorded)
    AND (o.article_id, o.observed_at, o.blob_hash, o.content_id) = (r.article_id, r.observed_at, r.blob_hash, r.content_id));

-- name: settle_versions
-- Makes the versions of these articles agree with their observations.
SELECT closed, opened FROM news.settle_versions(%(articles)s::bigint[], %(at)s);

-- name: keep_sightings
-- Joins feed entries to the articles their links lead to; last seen moves at most daily.
INSERT INTO news.sighting AS s (article_id, source_id, guid_hash, first_seen_at, last_seen_at)
SELECT k.article_id, f.source_id, f.guid_hash, min(f.first_seen_at), max(f.last_seen_at)
FROM ops.feed_item f JOIN news.article_key k ON k.article_key = f.url_key
WHERE f.url_key = ANY (%(keys)s)
GROUP BY k.article_id, f.source_id, f.guid_hash
ORDER BY 1, 2, 3
ON CONFLICT (article_id, source_id, guid_hash) DO UPDATE SET last_seen_at = excluded.last_seen_at
WHERE s.last_seen_at < excluded.last_seen_at - interval '1 day';

-- name: load_contents
-- Contents with what copies and places need to know of them; the first key without min(), as in load_story_window.
SELECT c.content_id, news.main_article(c.article_id) AS article_id, c.title, c.standfirst, c.body, c.captions, c.language_code, c.published_at,
       least(a.first_observed_at, (SELECT min(o.observed_at) FROM news.observation o
                                   WHERE o.article_id = c.article_id)) AS observed_at, s.outlet, s.source_name, coalesce(s.home_region, s.country_code) AS home_region,
       (SELECT (array_agg(k.article_key ORDER BY k.article_key))[1] FROM news.article_key k
        WHERE k.article_id = c.article_id AND k.kind <> 'alias') AS url
FROM news.content c
JOIN news.article a USING (article_id)
JOIN ops.source s ON s.source_id = a.source_id
WHERE c.content_id = ANY (%(content_ids)s)
ORDER BY c.content_id;
