-- A warehouse of many articles, made by set-based statements for `make bench`: the tables that questions read, as the
-- pipeline would have filled them. Places, outlets, days, lengths and copies are skewed as news is.

-- name: history_strip
-- Takes foreign keys, exclusions, triggers and indexes that are not unique off what is about to be filled; notes them first.
CREATE UNLOGGED TABLE IF NOT EXISTS bench_definition (n integer GENERATED ALWAYS AS IDENTITY, of text, kind text, definition text);
DO $$
DECLARE
    t regclass;
    x record;
BEGIN
    FOREACH t IN ARRAY %(tables)s::regclass[] LOOP
        FOR x IN SELECT conname, contype, pg_get_constraintdef(oid) AS def FROM pg_constraint
                 WHERE conrelid = t AND contype IN ('f', 'x') LOOP
            INSERT INTO bench_definition (of, kind, definition) VALUES (t::text, x.contype, 'ALTER TABLE ' || t || ' ADD CONSTRAINT '
                || quote_ident(x.conname) || ' ' || x.def || CASE x.contype WHEN 'f' THEN ' NOT VALID' ELSE '' END);
            EXECUTE 'ALTER TABLE ' || t || ' DROP CONSTRAINT ' || quote_ident(x.conname);
        END LOOP;
        FOR x IN SELECT i.indexrelid::regclass AS name, pg_get_indexdef(i.indexrelid) AS def FROM pg_index i
                 WHERE i.indrelid = t AND NOT i.indisunique LOOP
            INSERT INTO bench_definition (of, kind, definition) VALUES (t::text, 'i', x.def);
            EXECUTE 'DROP INDEX ' || x.name;
        END LOOP;
        EXECUTE 'ALTER TABLE ' || t || ' DISABLE TRIGGER USER';
    END LOOP;
END $$;

-- name: history_restore
-- Puts them back on some tables, and lets identities go on after what is there.
DO $$
DECLARE
    t regclass;
    x record;
BEGIN
    SET LOCAL maintenance_work_mem = '512MB';
    FOR x IN SELECT definition FROM bench_definition WHERE of::regclass = ANY (%(tables)s::regclass[]) ORDER BY kind = 'f', n LOOP
        EXECUTE x.definition;
    END LOOP;
    DELETE FROM bench_definition WHERE of::regclass = ANY (%(tables)s::regclass[]);
    FOREACH t IN ARRAY %(tables)s::regclass[] LOOP
        EXECUTE 'ALTER TABLE ' || t || ' ENABLE TRIGGER USER';
        FOR x IN SELECT a.attname, pg_get_serial_sequence(t::text, a.attname) AS seq FROM pg_attribute a
                 WHERE a.attrelid = t AND a.attidentity <> '' LOOP
            EXECUTE 'SELECT setval(' || quote_literal(x.seq) || ', coalesce(max(' || quote_ident(x.attname) || '), 1)) FROM ' || t;
        END LOOP;
    END LOOP;
END $$;

-- name: history_stage
-- Texts to draw from, places, outlets, and for each article its day, outlet, language and pieces, in order of days.
CREATE UNLOGGED TABLE bench_piece (n integer PRIMARY KEY, body text NOT NULL, words tsvector);
INSERT INTO bench_piece SELECT r.n, r.body, to_tsvector('news.english', r.body)
FROM json_to_recordset(%(rows)s) AS r (n integer, body text);
INSERT INTO ops.run (job, external_id, code_version, started_at) VALUES ('bench', 'history', 'bench', %(at)s);
INSERT INTO geo.gazetteer (version, places, names, loaded_at, is_current) VALUES ('made', %(places)s, 0, %(at)s, true);
SELECT setseed(0.5);
INSERT INTO geo.place
SELECT n, 'Place ' || n, CASE WHEN n %% 250 = 0 THEN 'A' ELSE 'P' END, CASE WHEN n %% 250 = 0 THEN 'PCLI' ELSE 'PPL' END,
       chr(65 + c / 26) || chr(65 + c %% 26), lpad((n / 200 %% 20)::text, 2, '0'), NULL,
       greatest(-89, least(89, (c * 37 %% 110) - 45 + 3 * (random() + random() - 1))), (c * 53 %% 340) - 170 + 5 * (random() + random() - 1),
       (1e6 / n)::bigint, 5, (SELECT gazetteer_id FROM geo.gazetteer)
FROM (SELECT n, (n * 7919 %% 200)::integer AS c FROM generate_series(1, %(places)s) AS n) AS p;
INSERT INTO ops.source (source_name, kind, url, outlet, owner, country_code, has_archive, is_enabled, created_at)
SELECT 'source-' || n, 'feed', 'https://outlet-' || n || '.example/feed', 'Outlet ' || n,
       CASE WHEN n %% 3 = 0 THEN 'Group ' || n %% 30 END, 'AA', n %% 10 = 0, true, %(at)s
FROM generate_series(1, 300) AS n;
INSERT INTO ops.source_state (source_id, last_new_at, last_success_at, silent_after_minutes, gap_minutes)
SELECT source_id, %(at)s::timestamptz - make_interval(days => source_id %% 9), %(at)s, 4000, 60 FROM ops.source;
CREATE UNLOGGED TABLE bench_article AS
WITH calendar AS (
    SELECT array_agg(cumulated ORDER BY d) AS until, max(cumulated) AS total
    FROM (SELECT d, sum(CASE WHEN d %% 97 = 0 THEN 3.0 WHEN d %% 7 IN (0, 1) THEN 0.6 ELSE 1.15 END) OVER (ORDER BY d)::float8 AS cumulated
          FROM generate_series(0, %(days)s - 1) AS d) AS x
), drawn AS (
    SELECT least(width_bucket(random() * c.total, c.until), %(days)s - 1) AS day, random() AS at, random() AS s, random() AS l, random() AS p,
           random() AS t, random() AS k, random() AS m
    FROM generate_series(1, %(articles)s) AS n CROSS JOIN calendar c
)
SELECT row_number() OVER (ORDER BY day, at) AS n,
       (%(first_on)s::date + day)::timestamp AT TIME ZONE 'UTC' + at * interval '1 day' AS published_at,
       (SELECT min(source_id) FROM ops.source) + floor(2 * (power(151, s) - 1))::integer AS source_id,
       CASE WHEN l < 0.6 THEN 'en' WHEN l < 0.8 THEN 'ru' WHEN l < 0.95 THEN 'uk' ELSE 'de' END AS language_code,
       floor(3 * (power(%(places)s / 3.0, p) - 1))::integer + 1 AS place_id,
       CASE WHEN t < 0.6 THEN (day * 200 + floor(120 * power(t / 0.6, 2)))::bigint END AS story_id,
       least(12, 1 + floor(-2.1 * ln(1 - k)))::integer AS pieces,
       least(30, floor(-4.5 * ln(1 - m)))::integer AS mentions
FROM drawn;
ALTER TABLE bench_article ADD PRIMARY KEY (n);
ANALYZE bench_article;

-- name: history_texts
-- Articles with what they say, from captures to versions.
INSERT INTO raw.blob_key SELECT sha256(int8send(n)), '2022-07-01', 40000 FROM bench_article;
INSERT INTO ops.fetch (fetch_id, run_id, source_id, kind, requested_url, final_url, fetched_at, observed_at, outcome, status, headers,
                       blob_hash, size, duration_ms, covered_on) OVERRIDING SYSTEM VALUE
SELECT n, 1, source_id, 'page', u.url, u.url, published_at, published_at, 'fetched', 200, '{"content-type": "text/html; charset=utf-8"}',
       sha256(int8send(n)), 40000, 200, published_at::date
FROM bench_article CROSS JOIN LATERAL (SELECT 'https://outlet-' || source_id || '.example/news/' || to_char(published_at, 'YYYY/MM/DD') || '/story-' || n AS url) AS u;
INSERT INTO news.article (article_id, source_id, first_observed_at, run_id, created_at) OVERRIDING SYSTEM VALUE
SELECT n, source_id, published_at + interval '20 minutes', 1, published_at + interval '25 minutes' FROM bench_article;
INSERT INTO news.article_key SELECT f.requested_url, f.fetch_id, 'url', 1, f.fetched_at FROM ops.fetch f;
INSERT INTO news.observation SELECT n, published_at + interval '20 minutes', sha256(int8send(n)), n FROM bench_article;
INSERT INTO news.content (content_id, article_id, content_hash, sameness_hash, title, body, authors, language_code, language_confidence,
                          published_at, published_precision, published_origin, published_as_stated, canonical_url, extractor,
                          code_version, run_id, created_at) OVERRIDING SYSTEM VALUE
SELECT a.n, a.n, decode(md5(a.n::text), 'hex'), decode(md5('s' || a.n), 'hex'), left(t.body, 70) || ' ' || a.n, t.body, '{Ada Lindqvist}',
       a.language_code, 0.99, d.at, CASE WHEN d.at IS NOT NULL THEN 'minute' END, CASE WHEN d.at IS NOT NULL THEN 'meta' END,
       a.published_at::text, f.requested_url, 'bench', 'bench', 1, a.published_at + interval '25 minutes'
FROM bench_article a
JOIN ops.fetch f ON f.fetch_id = a.n
CROSS JOIN LATERAL (SELECT CASE WHEN a.n %% 25 <> 0 THEN a.published_at END AS at) AS d
CROSS JOIN LATERAL (SELECT string_agg((SELECT p.body FROM bench_piece p WHERE p.n = abs(hashint8(a.n * 31 + k)) %% %(pieces)s), E'\n\n') AS body
                    FROM generate_series(1, a.pieces) AS k) AS t;
INSERT INTO news.content_detail (content_id, agencies, credits, is_paywalled, refused_dates, images, quotes)
SELECT n, '{}', '{}', false, '{}', '[]', '{}' FROM bench_article;
INSERT INTO news.observed_content SELECT n, published_at + interval '20 minutes', sha256(int8send(n)), n,
       tstzrange(published_at + interval '25 minutes', NULL) FROM bench_article;
INSERT INTO news.version (version_id, article_id, content_id, observed, recorded) OVERRIDING SYSTEM VALUE
SELECT n, n, n, tstzrange(published_at + interval '20 minutes', NULL), tstzrange(published_at + interval '25 minutes', NULL) FROM bench_article;

-- name: history_places
-- What geotagging would have found: four mentions an article, a quarter of them its own place again, an eighth in doubt.
INSERT INTO news.tagging (tagging_id, content_id, tagger, gazetteer_id, run_id, recorded) OVERRIDING SYSTEM VALUE
SELECT n, n, 'bench 1', (SELECT gazetteer_id FROM geo.gazetteer), 1, tstzrange(published_at + interval '30 minutes', NULL) FROM bench_article;
INSERT INTO news.mention (tagging_id, field, start_offset, end_offset, surface, role, place_id, lat, lon, country_code, precision,
                          radius_km, confidence, method)
SELECT m.n, 'body', m.k * 40, m.k * 40 + 9, 'Place ' || m.place_id, (ARRAY['event', 'event', 'passing', 'passing', 'actor', 'dateline', 'speaker'])[1 + m.k %% 7],
       p.place_id, p.lat, p.lon, p.country_code, CASE WHEN p.place_id %% 250 = 0 THEN 6 WHEN p.place_id IS NOT NULL THEN 1 + m.k %% 3 END,
       p.radius_km, (0.35 + 0.6 * m.u)::real, 'prior'
FROM (SELECT a.n, k, x.u, CASE WHEN x.u < 0.125 THEN -1 WHEN k = 1 OR x.v < 0.25 THEN a.place_id
                               ELSE floor(3 * (power(%(places)s / 3.0, x.w) - 1))::integer + 1 END AS place_id
      FROM bench_article a CROSS JOIN generate_series(1, a.mentions) AS k
      CROSS JOIN LATERAL (SELECT random() + 0 * k AS u, random() + 0 * k AS v, random() + 0 * k AS w) AS x) AS m
LEFT JOIN geo.place p ON p.place_id = m.place_id
ORDER BY m.n, m.k;

-- name: history_evidence
-- What mentions could have been, three or four places each, what articles are about, and the terms of their stories.
INSERT INTO news.tagging_evidence (tagging_id, features, candidates)
SELECT m.tagging_id, '{country,distance,near_500,prior,same_spelling}', news.padded(('{' || string_agg(m.packed, ',' ORDER BY m.start_offset) || '}')::json)
FROM (SELECT m.tagging_id, m.start_offset, format('"body %%s %%s":[%%s]', m.start_offset, m.end_offset, string_agg(
                 format('[%%s,%%s,0,%%s,1,%%s,3,%%s%%s]', 100000 + h %% 9000000, 1 + h %% 5000 / 1000.0, h %% 100 / 1000.0, -1 - h %% 90 / 1000.0, 1 + h %% 4900 / 1000.0,
                        CASE WHEN k = 1 THEN ',2,0.1,4,0.5' WHEN k = 2 THEN ',2,0.1' END), ',' ORDER BY k)) AS packed
      FROM news.mention m CROSS JOIN generate_series(1, 2 + m.mention_id %% 4) AS k
      CROSS JOIN LATERAL (SELECT abs(hashint8(m.mention_id * 8 + k)::bigint) AS h) AS h
      GROUP BY m.tagging_id, m.start_offset, m.end_offset) AS m
GROUP BY 1;
INSERT INTO news.focus (tagging_id, level, place_id, weight)
SELECT tagging_id, CASE n WHEN 1 THEN 'country' WHEN 2 THEN 'admin1' ELSE 'place' END, place_id, (1.0 / n)::real
FROM (SELECT tagging_id, place_id, row_number() OVER (PARTITION BY tagging_id ORDER BY place_id) AS n
      FROM (SELECT DISTINCT tagging_id, place_id FROM news.mention WHERE place_id IS NOT NULL) AS m) AS f
WHERE n <= 5;
INSERT INTO news.story_feature (article_id, content_id, seen_at, terms, counts)
SELECT a.n, a.n, a.published_at, t.terms, t.counts
FROM bench_article a
CROSS JOIN LATERAL (SELECT array_agg(hashint8(a.n * 151 + k) ORDER BY 1) AS terms, string_agg(set_byte('\x00', 0, 1 + k %% 7), '') AS counts
                    FROM generate_series(1, least(150, 60 * a.pieces)) AS k) AS t;

-- name: history_marks
-- What copies are found by: of each text a fingerprint with a quarter of its shingles, and which lines it has.
INSERT INTO news.fingerprint (content_id, article_id, seen_at, text_hash, sketch, numbers, shingles, run_id, made_at)
SELECT c.content_id, c.article_id, a.published_at, decode(md5('t' || a.n), 'hex'), s.sketch, s.numbers, w.shingles, 1,
       a.published_at + interval '30 minutes'
FROM bench_article a
JOIN news.content c ON c.content_id = a.n
CROSS JOIN LATERAL (SELECT greatest(1, cardinality(string_to_array(c.body, ' ')) - 4) AS shingles OFFSET 0) AS w  -- once a text
CROSS JOIN LATERAL (SELECT least(greatest(w.shingles / 4, 64), 1024, w.shingles) AS size OFFSET 0) AS z
CROSS JOIN LATERAL (  -- one of each stretch of the smallest quarter: ascending without being sorted
    SELECT array_agg((-2147483648 + ((k - 1)::bigint << 30) / size + (hashint8(a.n * 2048 + k) & 1073741823) / size)::integer) AS sketch,
           coalesce(array_agg((k * a.n %% 997)::text) FILTER (WHERE k %% 20 = 0), '{}') AS numbers
    FROM generate_series(1, size) AS k) AS s;
INSERT INTO ops.line_seen (line_key, article_id)
SELECT hashint8extended(c.content_id * 1024 + k, 5), c.article_id
FROM news.content c CROSS JOIN LATERAL generate_series(1, cardinality(string_to_array(c.body, E'\n\n'))) AS k
ORDER BY c.content_id;
SELECT news.ensure_bands(day) FROM (SELECT max(published_at)::date AS day FROM bench_article) AS last WHERE day IS NOT NULL;

-- name: history_accounts
-- What accounts of the articles there are once their runs are over, in the ledger and the feed of changes.
INSERT INTO ops.ledger (run_id, stage, item_key, source_id, state, at)
SELECT 1, 'fetch', 'page:' || f.requested_url, f.source_id, 'kept', f.fetched_at FROM ops.fetch f
UNION ALL
SELECT 1, s.stage, s.what || ':' || n, source_id, 'kept', published_at
FROM bench_article CROSS JOIN (VALUES ('extract', 'capture'), ('deduplicate', 'content'), ('geotag', 'content')) AS s (stage, what);
INSERT INTO ops.change (era, transaction_id, article_id, changed_at, what)
SELECT ops.change_era_now(), (100 + n / 250)::text::xid8, n, published_at, 1 FROM bench_article;

-- name: history_ties
-- Stories, copies, named upstreams and edits.
INSERT INTO news.story (story_id, created_at) OVERRIDING SYSTEM VALUE
SELECT story_id, min(published_at) FROM bench_article WHERE story_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1;
INSERT INTO news.story_article SELECT a.story_id, a.n, 1, tstzrange(a.published_at + interval '30 minutes', NULL)
FROM bench_article a JOIN news.story s USING (story_id);
INSERT INTO news.copy_of
SELECT n, origin, origin, CASE WHEN n %% 4 = 0 THEN 'wire' ELSE 'near' END, 0.5 + (n %% 50) / 100.0, 'bench', 1, tstzrange(published_at + interval '30 minutes', NULL)
FROM (SELECT a.n, a.published_at, first_value(a.n) OVER (PARTITION BY a.story_id, a.n / 64 ORDER BY a.n) AS origin
      FROM bench_article a JOIN news.story s USING (story_id)) AS x
WHERE origin <> n AND n %% 5 < 3;
INSERT INTO news.copy_pair
SELECT least(copy_article_id, origin_article_id), greatest(copy_article_id, origin_article_id), similarity, 0.9, kind, rule, run_id, recorded
FROM news.copy_of;
INSERT INTO ops.story_cell
SELECT news.stretch_of(a.published_at) - before, a.n, first_value(a.n) OVER (PARTITION BY a.story_id, before ORDER BY a.n)
FROM bench_article a JOIN news.story s USING (story_id) CROSS JOIN (VALUES (0), (4)) AS b (before);
INSERT INTO news.upstream
SELECT n, 'upstream ' || floor(2 * (power(40, (hashint8(n * 7) & 1023) / 1024.0) - 1)), 'institution', 'body', 0, 8, 'upstream', 'bench', 1,
       tstzrange(published_at + interval '30 minutes', NULL)
FROM bench_article WHERE n %% 4 = 1;
INSERT INTO news.edit (article_id, from_content_id, to_content_id, changed_at, ordinal, kind, field, before_text, before_start, before_end,
                       after_text, after_start, after_end, number_before, number_after, measure, about, run_id, recorded)
SELECT n, n, n, published_at + interval '3 hours', 1, x.kind, 'body', '9', 0, 1, '14', 0, 2, 9, 14, CASE x.kind WHEN 'number' THEN 'killed' END,
       '{}', 1, tstzrange(published_at + interval '4 hours', NULL)
FROM bench_article CROSS JOIN LATERAL (SELECT (ARRAY['number', 'headline', 'added', 'removed', 'reworded', 'correction'])[1 + (n / 30 %% 6)::integer] AS kind) AS x
WHERE n %% 30 = 0;
INSERT INTO ops.ledger SELECT 1, 'fetch', 'page:x' || n, source_id, 'rejected', 'not_found', '404', published_at FROM bench_article WHERE n %% 10 = 0;
INSERT INTO ops.coverage_day (source_id, covered_on, fetched, verdict)
SELECT s.source_id, %(first_on)s::date + d, 3, CASE WHEN (s.source_id + d) %% 50 = 0 THEN 'failed' ELSE 'covered' END
FROM ops.source s CROSS JOIN generate_series(0, %(days)s - 1) AS d;

-- name: history_articles_now
-- What the triggers would have kept of these articles and their places.
INSERT INTO news.article_now SELECT * FROM news.articles_wanted(ARRAY(SELECT generate_series(%(first)s, %(last)s)::bigint));
INSERT INTO news.report SELECT * FROM news.reports_wanted(ARRAY(SELECT generate_series(%(first)s, %(last)s)::bigint));

-- name: history_tallies
-- The tallies of places.
INSERT INTO news.place_source_tally SELECT place_id, source_id, count(*), sum(mentions) FROM news.report GROUP BY 1, 2;
INSERT INTO news.place_tally SELECT place_id, count(*), sum(mentions) FROM news.report GROUP BY 1;

-- name: history_words
-- The words of the articles, put together from those of their pieces.
CREATE AGGREGATE bench_concat(tsvector) (sfunc = tsvector_concat, stype = tsvector);
INSERT INTO news.article_words
SELECT a.n, a.n, n.reported_at, news.stemmer_of(a.language_code), t.words
FROM bench_article a
JOIN news.article_now n ON n.article_id = a.n
CROSS JOIN LATERAL (SELECT bench_concat((SELECT p.words FROM bench_piece p WHERE p.n = abs(hashint8(a.n * 31 + k)) %% %(pieces)s)) AS words
                    FROM generate_series(1, a.pieces) AS k) AS t;

-- name: history_settle
-- What autovacuum has done some minutes later.
VACUUM (ANALYZE);

-- name: history_sizes
-- How large tables and indexes are, and the texts themselves; bodies are none of it.
SELECT (SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c
        WHERE c.relkind = 'r' AND (c.relnamespace::regnamespace::text IN ('news', 'ops') OR c.oid = 'raw.blob_key'::regclass))::bigint AS disk,
       (SELECT sum(octet_length(coalesce(title, '')) + octet_length(body)) FROM news.content)::bigint AS text,
       (SELECT count(*) FROM news.article)::bigint AS articles, (SELECT count(*) FROM news.mention)::bigint AS mentions;

-- name: bench_ids
-- A story, an article and words that are there, to ask about.
SELECT coalesce((SELECT s.story_id FROM news.story_article s WHERE s.article_id > (SELECT max(article_id) - 2000 FROM news.article)
                 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1), 0) AS story_id,
       (SELECT max(article_id) FROM news.article) AS article_id,
       (SELECT string_agg(word, ' ') FROM (SELECT word FROM ts_stat('SELECT words FROM bench_piece') WHERE ndoc BETWEEN 60 AND 90
                                           ORDER BY word LIMIT 2) AS w) AS words;
