-- What was done and what is missing.

CREATE VIEW mart.stage AS
SELECT r.run_id, r.job, r.started_at, l.stage, count(*) AS seen,
       count(*) FILTER (WHERE l.state = 'kept') AS kept,
       count(*) FILTER (WHERE l.state = 'rejected') AS rejected,
       count(*) FILTER (WHERE l.state = 'released') AS released,
       count(*) FILTER (WHERE l.state = 'claimed') AS unfinished
FROM ops.run r JOIN ops.ledger l USING (run_id)
GROUP BY r.run_id, r.job, r.started_at, l.stage;
COMMENT ON VIEW mart.stage IS 'Per run and stage: seen = kept + rejected + released (+ unfinished while it runs)';

CREATE VIEW mart.rejection AS
SELECT l.run_id, r.job, l.stage, l.reason, l.item_key, s.source_name, l.detail, l.at
FROM ops.ledger l JOIN ops.run r USING (run_id) LEFT JOIN ops.source s ON s.source_id = l.source_id
WHERE l.state = 'rejected';
COMMENT ON VIEW mart.rejection IS 'What was turned away, and why';

CREATE VIEW mart.stub AS
SELECT f.requested_url AS url, s.source_name, s.outlet, min(f.observed_at) AS first_seen_at, max(f.observed_at) AS last_seen_at,
       max(p.hints ->> 'title') AS stated_title, max((p.hints -> 'published' ->> 'at')::timestamptz) AS stated_published_at,
       (array_agg(l.detail ORDER BY f.observed_at DESC, f.fetch_id DESC))[1] AS detail,
       (array_agg(encode(f.blob_hash, 'hex') ORDER BY f.observed_at DESC, f.fetch_id DESC))[1] AS sha256,
       min(news.main_article(k.article_id)) AS article_id
FROM ops.ledger l
JOIN ops.fetch f ON f.fetch_id = substr(l.item_key, 9)::bigint
JOIN ops.source s ON s.source_id = f.source_id
LEFT JOIN ops.page p ON p.url = f.requested_url
LEFT JOIN news.article_key k ON k.article_key = p.article_key
WHERE l.stage = 'extract' AND l.state = 'rejected' AND l.reason = 'paywall_stub' AND l.item_key LIKE 'capture:%'
GROUP BY f.requested_url, s.source_name, s.outlet;
COMMENT ON VIEW mart.stub IS
    'Pages that showed only the beginning of a text that is not free: no articles, their bytes kept; article_id where it was had otherwise';

CREATE VIEW mart.coverage AS
SELECT s.source_name, s.outlet, c.covered_on, c.verdict, c.expected, c.fetched, c.new, c.rejected
FROM ops.coverage_day c JOIN ops.source s USING (source_id);
COMMENT ON VIEW mart.coverage IS 'Source by day: what came in, what is missing and why';

CREATE VIEW mart.provenance AS
SELECT c.content_id, c.article_id, o.observed_at, f.kind AS captured_as, f.requested_url, f.final_url, f.fetched_at, f.status,
       encode(o.blob_hash, 'hex') AS sha256, c.extractor, c.code_version, r.job, r.external_id AS run,
       CASE WHEN NOT EXISTS (SELECT FROM raw.blob b WHERE (b.stored_month, b.blob_hash) = (k.stored_month, k.blob_hash))
            THEN k.retired_at END AS body_retired_at
FROM news.content c
JOIN news.observed_content oc ON oc.article_id = c.article_id AND oc.content_id = c.content_id AND upper_inf(oc.recorded)
JOIN news.observation o ON (o.article_id, o.observed_at, o.blob_hash) = (oc.article_id, oc.observed_at, oc.blob_hash)
JOIN ops.fetch f ON f.fetch_id = o.fetch_id
JOIN raw.blob_key k ON k.blob_hash = o.blob_hash
JOIN ops.run r ON r.run_id = c.run_id;
COMMENT ON VIEW mart.provenance IS
    'From a text back to the bytes, the request, the code and the run that made it; body_retired_at where the bytes were let go of';
