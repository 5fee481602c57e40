-- Reprocessing: shadows of intervals, what they differ by, and how they are swapped in.

-- name: keep_stated
-- Notes what was stated of captures beside their bytes; what is held stays.
INSERT INTO raw.stated (fetch_id, article_key, hints)
SELECT r.fetch_id, r.article_key, r.hints
FROM json_to_recordset(%(rows)s) AS r (fetch_id bigint, article_key text, hints jsonb)
WHERE NOT EXISTS (SELECT FROM raw.stated s WHERE s.fetch_id = r.fetch_id)
ORDER BY r.fetch_id
ON CONFLICT DO NOTHING;

-- Shadows ----------------------------------------------------------------------------

-- name: begin_reprocess
-- The shadow of this run, made the first time.
WITH made AS (
    INSERT INTO ops.reprocess (run_id, start_at, end_at, what, source_id, code_version, gazetteer_id, state, made_at)
    SELECT %(run_id)s, %(start)s, %(end)s, %(what)s, %(source_id)s, %(code_version)s, %(gazetteer_id)s, 'deriving', %(at)s
    WHERE NOT EXISTS (SELECT FROM ops.reprocess WHERE run_id = %(run_id)s)
    ON CONFLICT (run_id) DO NOTHING
    RETURNING reprocess_id
)
SELECT reprocess_id FROM made UNION ALL SELECT reprocess_id FROM ops.reprocess WHERE run_id = %(run_id)s LIMIT 1;

-- name: unfinished_reprocess
-- The run of a shadow of just this interval that was cut off.
SELECT r.run_id FROM ops.reprocess p JOIN ops.run r USING (run_id)
WHERE p.state = 'deriving' AND r.job = %(job)s AND (p.start_at, p.end_at, p.what, p.code_version, p.gazetteer_id)
    = (%(start)s, %(end)s, %(what)s, %(code_version)s, %(gazetteer_id)s) AND p.source_id IS NOT DISTINCT FROM %(source_id)s
ORDER BY p.reprocess_id DESC LIMIT 1;

-- name: reprocesses
-- Shadows, the latest first; one, if asked for.
SELECT p.reprocess_id, p.run_id, p.start_at, p.end_at, p.what, s.source_name, p.source_id, p.code_version, p.gazetteer_id, p.state,
       p.made_at, p.settled_at, p.left_alone, a.articles, a.waiting, a.captures,
       (SELECT count(DISTINCT article_id) FROM ops.shadow_difference d WHERE d.reprocess_id = p.reprocess_id) AS differing
FROM ops.reprocess p
LEFT JOIN ops.source s USING (source_id)
CROSS JOIN LATERAL (
    SELECT count(*) AS articles, count(*) FILTER (WHERE base IS NULL) AS waiting, coalesce(sum(captures), 0) AS captures
    FROM ops.shadow_article a WHERE a.reprocess_id = p.reprocess_id) AS a
WHERE %(reprocess_id)s::bigint IS NULL OR p.reprocess_id = %(reprocess_id)s
ORDER BY p.reprocess_id DESC;

-- name: hold_reprocess
-- One at a time works on a shadow; false where another does.
SELECT pg_try_advisory_lock(hashtext('ops.reprocess'), %(reprocess_id)s::integer);

-- name: let_reprocess_go
-- Lets others work on it.
SELECT pg_advisory_unlock(hashtext('ops.reprocess'), %(reprocess_id)s::integer);

-- name: cast_shadow
-- Lists the articles observed in the interval that the shadow does not have yet; answers how many.
INSERT INTO ops.shadow_article (reprocess_id, article_id)
SELECT DISTINCT p.reprocess_id, coalesce(m.into_article_id, o.article_id)
FROM ops.reprocess p
JOIN news.observation o ON o.observed_at >= p.start_at AND o.observed_at < p.end_at
LEFT JOIN news.article_merge m ON m.from_article_id = o.article_id AND upper_inf(m.recorded)
JOIN news.article a ON a.article_id = coalesce(m.into_article_id, o.article_id)
WHERE p.reprocess_id = %(reprocess_id)s AND (p.source_id IS NULL OR a.source_id = p.source_id)
  AND NOT EXISTS (SELECT FROM ops.shadow_article s WHERE (s.reprocess_id, s.article_id) = (p.reprocess_id, a.article_id))
ON CONFLICT DO NOTHING;

-- name: shadow_waiting
-- Some articles of the shadow that are still to be read, with what is held of them.
SELECT article_id, ops.article_base(article_id) AS base, news.articles_in(article_id) AS members
FROM ops.shadow_article WHERE reprocess_id = %(reprocess_id)s AND base IS NULL ORDER BY article_id LIMIT %(limit)s;

-- name: shadow_observations
-- What was observed of these articles, what that is held to say, and what was stated of it.
SELECT o.article_id, o.observed_at, o.blob_hash, o.fetch_id, c.content_id, c.content_hash, f.source_id,
       CASE WHEN s.fetch_id IS NULL THEN '{}' ELSE s.hints END AS hints
FROM news.observation o
JOIN ops.fetch f USING (fetch_id)
LEFT JOIN raw.stated s USING (fetch_id)
JOIN news.observed_content h ON (h.article_id, h.observed_at, h.blob_hash) = (o.article_id, o.observed_at, o.blob_hash)
                            AND upper_inf(h.recorded)
JOIN news.content c ON c.content_id = h.content_id
WHERE o.article_id = ANY (%(article_ids)s)
ORDER BY o.article_id, o.observed_at, o.blob_hash;

-- name: shadow_held
-- What is held of contents, in short.
SELECT c.content_id, c.title, c.standfirst, c.body, c.captions, c.authors, c.published_at, c.published_origin, c.extractor
FROM news.content c WHERE c.content_id = ANY (%(content_ids)s);

-- name: shadow_compare
-- Which of these contents are held, and which values beside their text are held otherwise.
SELECT r.n, c.content_id, ARRAY(
    SELECT key FROM jsonb_each(to_jsonb(jsonb_populate_record(NULL::news.content, r.said))) AS p
    WHERE r.said ? key AND key <> 'extractor' AND to_jsonb(c) -> key IS DISTINCT FROM p.value) || CASE
        WHEN c.content_id IS NULL OR (d.agencies, d.credits, d.is_paywalled, d.published_offset, d.modified_precision, d.refused_dates,
            d.dateline_start, d.dateline_end, d.dateline_place, d.dateline_on, d.dateline_agency, d.images, d.quotes)
           IS NOT DISTINCT FROM (ARRAY(SELECT jsonb_array_elements_text(b.agencies)),
            ARRAY(SELECT jsonb_array_elements_text(b.credits)), b.is_paywalled, make_interval(secs => b.published_offset),
            b.modified_precision, ARRAY(SELECT jsonb_array_elements_text(b.refused_dates)), b.dateline_start, b.dateline_end,
            b.dateline_place, b.dateline_on, b.dateline_agency, b.images,
            ARRAY(SELECT int4range((q ->> 0)::integer, (q ->> 1)::integer) FROM jsonb_array_elements(b.quotes) AS q))
        THEN '{}'::text[] ELSE '{details}' END AS other
FROM json_to_recordset(%(rows)s) AS r (n bigint, article_id bigint, content_hash text, said jsonb, details jsonb)
CROSS JOIN LATERAL jsonb_to_record(r.details) AS b (agencies jsonb, credits jsonb, is_paywalled boolean,
    published_offset double precision, modified_precision text, refused_dates jsonb, dateline_start integer,
    dateline_end integer, dateline_place text, dateline_on date, dateline_agency text, images jsonb, quotes jsonb)
LEFT JOIN news.content c ON c.article_id = r.article_id AND c.content_hash = r.content_hash::bytea
LEFT JOIN news.content_detail d ON d.content_id = c.content_id
ORDER BY r.n;

-- name: shadow_tagged
-- How contents are held to be tagged.
SELECT t.content_id,
       (SELECT jsonb_agg(jsonb_build_object('field', m.field, 'start', m.start_offset, 'end', m.end_offset, 'surface', m.surface,
            'role', m.role, 'place_id', m.place_id, 'lat', m.lat, 'lon', m.lon, 'country_code', m.country_code,
            'precision', m.precision, 'radius_km', m.radius_km, 'confidence', m.confidence, 'method', m.method,
            'relation', m.relation, 'relation_km', m.relation_km, 'bearing', m.bearing, 'other_place_id', m.other_place_id,
            'candidates', coalesce((
                SELECT jsonb_agg(jsonb_build_object('place_id', c.place_id, 'score', c.score, 'evidence', c.evidence) ORDER BY c.rank)
                FROM news.mention_candidate c WHERE c.mention_id = m.mention_id), '[]')))
        FROM news.mention m WHERE m.tagging_id = t.tagging_id) AS mentions,
       (SELECT jsonb_agg(jsonb_build_object('field', d.field, 'start', d.start_offset, 'end', d.end_offset,
            'surface', d.surface, 'place_id', d.place_id))
        FROM news.demonym d WHERE d.tagging_id = t.tagging_id) AS demonyms,
       (SELECT jsonb_agg(jsonb_build_object('level', f.level, 'place_id', f.place_id, 'weight', f.weight))
        FROM news.focus f WHERE f.tagging_id = t.tagging_id) AS focus
FROM news.tagging t
WHERE t.content_id = ANY (%(content_ids)s) AND upper_inf(t.recorded);

-- name: keep_shadow_readings
-- Adds observations that are read differently.
INSERT INTO ops.shadow_reading (reprocess_id, main_id, article_id, observed_at, blob_hash, content_hash)
SELECT %(reprocess_id)s, r.main_id, r.article_id, r.observed_at, r.blob_hash::bytea, r.content_hash::bytea
FROM json_to_recordset(%(rows)s) AS r (main_id bigint, article_id bigint, observed_at timestamptz, blob_hash text, content_hash text);

-- name: keep_shadow_contents
-- Adds contents that are not held so.
INSERT INTO ops.shadow_content (reprocess_id, main_id, article_id, content_hash, content_id, said, details)
SELECT %(reprocess_id)s, r.main_id, r.article_id, r.content_hash::bytea, r.content_id, r.said, r.details
FROM json_to_recordset(%(rows)s) AS r (main_id bigint, article_id bigint, content_hash text, content_id bigint, said jsonb, details jsonb);

-- name: keep_shadow_taggings
-- Adds contents tagged anew.
INSERT INTO ops.shadow_tagging (reprocess_id, main_id, article_id, content_hash, override_version, tagged)
SELECT %(reprocess_id)s, r.main_id, r.article_id, r.content_hash::bytea, r.override_version, r.tagged
FROM json_to_recordset(%(rows)s) AS r (main_id bigint, article_id bigint, content_hash text, override_version text, tagged jsonb);

-- name: keep_differences
-- Adds to what would change.
INSERT INTO ops.shadow_difference (reprocess_id, article_id, kind, rule, outlet, before, after, amount)
SELECT %(reprocess_id)s, r.article_id, r.kind, coalesce(r.rule, ''), coalesce(r.outlet, ''), r.before, r.after, r.amount
FROM json_to_recordset(%(rows)s) AS r (article_id bigint, kind text, rule text, outlet text, before text, after text, amount double precision);

-- name: shadow_done
-- Marks articles as read, with what was held of them then.
UPDATE ops.shadow_article s SET base = r.base::bytea, captures = r.captures
FROM json_to_recordset(%(rows)s) AS r (article_id bigint, base text, captures integer)
WHERE (s.reprocess_id, s.article_id) = (%(reprocess_id)s, r.article_id);

-- name: clear_shadow
-- Takes what a shadow has of these articles away, to be read again; of all where none are named.
DELETE FROM ops.shadow_reading WHERE reprocess_id = %(reprocess_id)s AND (%(article_ids)s::bigint[] IS NULL OR main_id = ANY (%(article_ids)s));
DELETE FROM ops.shadow_content WHERE reprocess_id = %(reprocess_id)s AND (%(article_ids)s::bigint[] IS NULL OR main_id = ANY (%(article_ids)s));
DELETE FROM ops.shadow_tagging WHERE reprocess_id = %(reprocess_id)s AND (%(article_ids)s::bigint[] IS NULL OR main_id = ANY (%(article_ids)s));

-- name: clear_differences
-- Takes what would change of these articles away; of all where none are named.
DELETE FROM ops.shadow_difference
WHERE reprocess_id = %(reprocess_id)s AND (%(article_ids)s::bigint[] IS NULL OR article_id = ANY (%(article_ids)s));

-- name: clear_compared
-- Takes away what a rehearsal found, before another.
DELETE FROM ops.shadow_difference WHERE reprocess_id = %(reprocess_id)s
    AND (kind ~ '^(copy|story|edit)_' OR kind = 'override_lost');

-- name: shadow_waits_again
-- Marks articles of which something else is held by now as to be read again; answers them.
UPDATE ops.shadow_article s SET base = NULL
WHERE s.reprocess_id = %(reprocess_id)s AND s.base IS DISTINCT FROM ops.article_base(s.article_id) AND s.base IS NOT NULL
RETURNING s.article_id;

-- name: shadow_again
-- Marks these articles as to be read again.
UPDATE ops.shadow_article SET base = NULL WHERE reprocess_id = %(reprocess_id)s AND article_id = ANY (%(article_ids)s);

-- name: settle_reprocess
-- Sets the state of a shadow.
UPDATE ops.reprocess SET state = %(state)s, settled_at = CASE WHEN %(state)s IN ('approved', 'dropped') THEN %(at)s::timestamptz END,
    left_alone = %(left_alone)s
WHERE reprocess_id = %(reprocess_id)s;

-- name: forget_shadow
-- Takes the articles of a shadow off it once it is dropped.
DELETE FROM ops.shadow_article WHERE reprocess_id = %(reprocess_id)s;

-- name: count_differences
-- What would change, by kind, rule and outlet.
SELECT kind, rule, outlet, count(*) AS n, count(DISTINCT article_id) AS articles, avg(amount) AS mean, max(amount) AS most
FROM ops.shadow_difference WHERE reprocess_id = %(reprocess_id)s
GROUP BY kind, rule, outlet ORDER BY kind, n DESC, rule, outlet;

-- name: articles_differing
-- How many articles differ, by kind.
SELECT kind, count(DISTINCT article_id) AS articles FROM ops.shadow_difference
WHERE reprocess_id = %(reprocess_id)s GROUP BY kind ORDER BY kind;

-- name: examples_of_differences
-- The greatest differences of each kind, with the article's address.
SELECT d.kind, d.rule, d.outlet, d.before, d.after, d.amount, d.article_id,
       (SELECT min(k.article_key) FROM news.article_key k WHERE k.article_id = d.article_id AND k.kind <> 'alias') AS url
FROM (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY amount DESC NULLS LAST, article_id, before, after) AS place
      FROM ops.shadow_difference WHERE reprocess_id = %(reprocess_id)s) AS d
WHERE d.place <= %(most)s ORDER BY d.kind, d.place;

-- name: has_compared_differences
-- Whether copies or stories would change.
SELECT EXISTS (SELECT FROM ops.shadow_difference WHERE reprocess_id = %(reprocess_id)s AND kind ~ '^(copy|story)_');

-- The swap ---------------------------------------------------------------------------

-- name: lock_swap
-- What a swap must find still: no correction is noted meanwhile, and no loader writes articles, stories or copies.
SELECT pg_advisory_xact_lock(hashtext('news.article'));
SELECT pg_advisory_xact_lock(hashtext('news.story'));
SELECT pg_advisory_xact_lock(hashtext('news.copy_of'));
LOCK TABLE news.place_override IN SHARE MODE;

-- name: swap_at
-- An instant after all that is recorded of a shadow's articles, and not before a time.
SELECT greatest(%(at)s::timestamptz, (
    SELECT greatest(max(lower(o.recorded)), max(lower(t.recorded)), max(lower(v.recorded))) + interval '1 microsecond'
    FROM ops.shadow_article s
    CROSS JOIN LATERAL unnest(news.articles_in(s.article_id)) AS a (article_id)
    JOIN news.observed_content o ON o.article_id = a.article_id AND upper_inf(o.recorded)
    LEFT JOIN news.tagging t ON t.content_id = o.content_id AND upper_inf(t.recorded)
    LEFT JOIN news.version v ON v.article_id = s.article_id AND upper_inf(v.recorded)
    WHERE s.reprocess_id = %(reprocess_id)s));

-- name: shadow_to_swap
-- Articles of a shadow with something to put in, in order of time; those of which something else is held are told.
-- So are those that wait to be compared: a run that has them in hand would compare what they no longer say.
SELECT s.article_id, coalesce(s.base = ops.article_base(s.article_id), false) AND NOT EXISTS (
           SELECT FROM unnest(news.articles_in(s.article_id)) AS a (article_id)
           JOIN news.observed_content o ON o.article_id = a.article_id AND upper_inf(o.recorded)
           JOIN ops.work w ON w.stage = 'deduplicate' AND w.item_key = 'content:' || o.content_id) AS is_fresh,
       EXISTS (SELECT FROM ops.shadow_reading r WHERE (r.reprocess_id, r.main_id) = (s.reprocess_id, s.article_id))
       OR EXISTS (SELECT FROM ops.shadow_content c WHERE (c.reprocess_id, c.main_id) = (s.reprocess_id, s.article_id)) AS is_rewritten
FROM ops.shadow_article s
JOIN news.article a USING (article_id)
WHERE s.reprocess_id = %(reprocess_id)s
  AND (%(is_all)s OR EXISTS (SELECT FROM ops.shadow_reading r WHERE (r.reprocess_id, r.main_id) = (s.reprocess_id, s.article_id))
       OR EXISTS (SELECT FROM ops.shadow_content c WHERE (c.reprocess_id, c.main_id) = (s.reprocess_id, s.article_id))
       OR EXISTS (SELECT FROM ops.shadow_tagging t WHERE (t.reprocess_id, t.main_id) = (s.reprocess_id, s.article_id)))
ORDER BY a.first_observed_at, s.article_id;

-- name: load_shadow_contents
-- What a shadow says of these articles.
SELECT article_id, content_hash, content_id, said, details FROM ops.shadow_content
WHERE reprocess_id = %(reprocess_id)s AND main_id = ANY (%(article_ids)s) ORDER BY article_id, content_hash;

-- name: load_shadow_readings
-- How a shadow reads observations of these articles.
SELECT article_id, observed_at, blob_hash, content_hash FROM ops.shadow_reading
WHERE reprocess_id = %(reprocess_id)s AND main_id = ANY (%(article_ids)s) ORDER BY article_id, observed_at, blob_hash;

-- name: load_shadow_taggings
-- How a shadow tags contents of these articles, by the content each is now.
SELECT c.content_id, t.main_id, t.override_version, t.tagged FROM ops.shadow_tagging t
LEFT JOIN news.content c ON (c.article_id, c.content_hash) = (t.article_id, t.content_hash)
WHERE t.reprocess_id = %(reprocess_id)s AND t.main_id = ANY (%(article_ids)s) ORDER BY 1;

-- name: shadow_texts
-- The texts that a shadow tagged, with what corrections look at.
SELECT t.main_id, t.override_version, x.title, x.standfirst, x.body, x.captions, x.language_code, o.outlet, o.source_name
FROM ops.shadow_tagging t
LEFT JOIN ops.shadow_content s ON (s.reprocess_id, s.main_id, s.article_id, s.content_hash)
                                = (t.reprocess_id, t.main_id, t.article_id, t.content_hash)
LEFT JOIN news.content c ON (c.article_id, c.content_hash) = (t.article_id, t.content_hash)
JOIN news.article a ON a.article_id = t.article_id
JOIN ops.source o USING (source_id)
CROSS JOIN LATERAL jsonb_to_record(coalesce(s.said, to_jsonb(c)))
    AS x (title text, standfirst text, body text, captions text, language_code text)
WHERE t.reprocess_id = %(reprocess_id)s AND t.main_id > %(after)s AND t.main_id = ANY (
    SELECT x.main_id FROM ops.shadow_tagging x WHERE x.reprocess_id = %(reprocess_id)s AND x.main_id > %(after)s
    ORDER BY 1 LIMIT %(limit)s)
ORDER BY t.main_id;

-- name: remember_contents
-- Keeps what earlier code said of contents whose values are about to be others.
INSERT INTO news.content_before (content_id, said, code_version, run_id, recorded)
SELECT c.content_id, coalesce((SELECT to_jsonb(d) FROM news.content_detail d WHERE d.content_id = c.content_id), '{}')
       || (to_jsonb(c) - '{body,title,standfirst,captions,content_id,article_id,content_hash,sameness_hash}'::text[]),
       c.code_version, %(run_id)s,
       tstzrange(coalesce((SELECT max(upper(b.recorded)) FROM news.content_before b WHERE b.content_id = c.content_id), c.created_at),
                 %(at)s, '[)')
FROM news.content c
WHERE c.content_id = ANY (%(content_ids)s) AND c.created_at < %(at)s
ORDER BY c.content_id;

-- name: rewrite_contents
-- Puts what today's code says beside texts in place of what earlier code said.
UPDATE news.content c SET sameness_hash = p.sameness_hash, section = p.section, site_name = p.site_name,
    language_code = p.language_code, language_confidence = p.language_confidence, published_precision = p.published_precision,
    published_origin = p.published_origin, published_as_stated = p.published_as_stated,
    published_claimed_at = p.published_claimed_at, published_clock_version = p.published_clock_version,
    modified_at = p.modified_at, modified_origin = p.modified_origin, canonical_url = p.canonical_url,
    extractor = p.extractor, code_version = %(code_version)s
FROM json_to_recordset(%(rows)s) AS r (content_id bigint, said jsonb)
CROSS JOIN LATERAL jsonb_populate_record(NULL::news.content, r.said) AS p
WHERE c.content_id = r.content_id;

-- name: forget_details
-- Takes the details of contents away, to be written anew.
DELETE FROM news.content_detail WHERE content_id = ANY (%(content_ids)s);

-- name: contents_confirmed
-- Contents of these articles that today's code reads as earlier code did.
SELECT DISTINCT c.content_id
FROM unnest(%(article_ids)s::bigint[]) AS main (article_id)
CROSS JOIN LATERAL unnest(news.articles_in(main.article_id)) AS a (article_id)
JOIN news.observed_content o ON o.article_id = a.article_id AND upper_inf(o.recorded)
JOIN news.content c ON c.content_id = o.content_id AND c.code_version <> %(code_version)s
WHERE NOT EXISTS (SELECT FROM ops.shadow_difference d
                  WHERE d.reprocess_id = %(reprocess_id)s AND d.article_id = main.article_id AND d.kind IN ('refused', 'unread'))
ORDER BY 1;

-- name: confirm_contents
-- Notes that today's code reads these contents as they are held, so that edits between them can be told.
UPDATE news.content SET code_version = %(code_version)s WHERE content_id = ANY (%(content_ids)s);

-- name: contents_said
-- The contents that observations of these articles are held to give.
SELECT DISTINCT o.content_id
FROM unnest(%(article_ids)s::bigint[]) AS main (article_id)
CROSS JOIN LATERAL unnest(news.articles_in(main.article_id)) AS a (article_id)
JOIN news.observed_content o ON o.article_id = a.article_id AND upper_inf(o.recorded)
ORDER BY 1;

-- name: forget_marks
-- Takes articles out of what copies and stories are told by; what was told stays until they are compared again.
WITH features AS (
    DELETE FROM news.story_feature WHERE article_id = ANY (%(article_ids)s) RETURNING seen_at
), due AS (
    INSERT INTO ops.story_due (due_on) SELECT DISTINCT news.stretch_of(seen_at) FROM features ON CONFLICT DO NOTHING
), marks AS (
    DELETE FROM news.fingerprint WHERE article_id = ANY (%(article_ids)s) RETURNING content_id, seen_at, sketch
)
DELETE FROM news.fingerprint_band b USING marks m
WHERE b.content_id = m.content_id AND b.seen_on = (m.seen_at AT TIME ZONE 'UTC')::date AND b.bucket = ANY (m.sketch);

-- name: drop_repeated_copies
-- Takes back copies that were closed and opened again as they were.
DELETE FROM news.copy_of o USING news.copy_of c
WHERE upper_inf(o.recorded) AND lower(o.recorded) = %(at)s AND upper(c.recorded) = %(at)s
  AND (o.copy_article_id, o.origin_article_id, o.via_article_id, o.kind, o.similarity, o.rule)
    = (c.copy_article_id, c.origin_article_id, c.via_article_id, c.kind, c.similarity, c.rule)
RETURNING o.copy_article_id;

-- name: reopen_copies
-- Opens what was closed of these again.
UPDATE news.copy_of SET recorded = tstzrange(lower(recorded), NULL, '[)')
WHERE upper(recorded) = %(at)s AND copy_article_id = ANY (%(article_ids)s);

-- name: drop_repeated_pairs
-- Takes back pairs that were closed and opened again as they were.
DELETE FROM news.copy_pair o USING news.copy_pair c
WHERE upper_inf(o.recorded) AND lower(o.recorded) = %(at)s AND upper(c.recorded) = %(at)s
  AND (o.article_id, o.other_article_id, o.similarity, o.containment, o.kind, o.rule)
    = (c.article_id, c.other_article_id, c.similarity, c.containment, c.kind, c.rule)
RETURNING o.article_id, o.other_article_id;

-- name: reopen_pairs
-- Opens what was closed of these again.
UPDATE news.copy_pair p SET recorded = tstzrange(lower(p.recorded), NULL, '[)')
FROM json_to_recordset(%(rows)s) AS r (article_id bigint, other_article_id bigint)
WHERE upper(p.recorded) = %(at)s AND (p.article_id, p.other_article_id) = (r.article_id, r.other_article_id);

-- name: copies_moved
-- Copies that were opened or closed at an instant.
WITH o AS (SELECT * FROM news.copy_of WHERE upper_inf(recorded) AND lower(recorded) = %(at)s),
     c AS (SELECT * FROM news.copy_of WHERE upper(recorded) = %(at)s)
SELECT coalesce(o.copy_article_id, c.copy_article_id) AS article_id,
       CASE WHEN c.copy_article_id IS NULL THEN 'copy_added' WHEN o.copy_article_id IS NULL THEN 'copy_removed'
            WHEN c.origin_article_id <> o.origin_article_id THEN 'copy_regrouped' ELSE 'copy_retold' END AS kind,
       coalesce(o.rule, c.rule) AS rule, coalesce(s.outlet, s.source_name) AS outlet,
       c.kind || ' of ' || ck.article_key AS before, o.kind || ' of ' || ok.article_key AS after, coalesce(o.similarity, c.similarity) AS amount
FROM o FULL JOIN c ON c.copy_article_id = o.copy_article_id
JOIN news.article a ON a.article_id = coalesce(o.copy_article_id, c.copy_article_id)
JOIN ops.source s USING (source_id)
LEFT JOIN LATERAL (SELECT min(k.article_key) AS article_key FROM news.article_key k WHERE k.article_id = c.origin_article_id) ck ON true
LEFT JOIN LATERAL (SELECT min(k.article_key) AS article_key FROM news.article_key k WHERE k.article_id = o.origin_article_id) ok ON true
ORDER BY 1;

-- name: stories_moved
-- Articles that entered, left or changed a story at an instant.
WITH o AS (SELECT * FROM news.story_article WHERE upper_inf(recorded) AND lower(recorded) = %(at)s),
     c AS (SELECT * FROM news.story_article WHERE upper(recorded) = %(at)s)
SELECT coalesce(o.article_id, c.article_id) AS article_id,
       CASE WHEN c.article_id IS NULL THEN 'story_joined' WHEN o.article_id IS NULL THEN 'story_left' ELSE 'story_moved' END AS kind,
       '' AS rule, coalesce(s.outlet, s.source_name) AS outlet, 'story ' || c.story_id AS before,
       CASE WHEN o.story_id <= %(last_story)s THEN 'story ' || o.story_id WHEN o.story_id IS NOT NULL THEN 'a new story' END AS after,
       NULL::double precision AS amount
FROM o FULL JOIN c ON c.article_id = o.article_id
JOIN news.article a ON a.article_id = coalesce(o.article_id, c.article_id)
JOIN ops.source s USING (source_id)
WHERE o.story_id IS DISTINCT FROM c.story_id
ORDER BY 1;

-- name: last_story
-- The story begun last.
SELECT coalesce(max(story_id), 0) FROM news.story;

-- name: edits_moved
-- Edits told or taken back at an instant.
SELECT e.article_id, CASE WHEN upper_inf(e.recorded) THEN 'edit_added' ELSE 'edit_removed' END AS kind, e.kind AS rule,
       coalesce(s.outlet, s.source_name) AS outlet, left(e.before_text, 200) AS before, left(e.after_text, 200) AS after,
       NULL::double precision AS amount
FROM news.edit e
JOIN news.article a USING (article_id)
JOIN ops.source s USING (source_id)
WHERE e.article_id = ANY (%(article_ids)s) AND (lower(e.recorded) = %(at)s OR upper(e.recorded) = %(at)s)
ORDER BY e.article_id, e.ordinal;
