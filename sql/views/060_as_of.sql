-- What was held as of a time, on two clocks: observed (what the publisher had shown by then) and recorded (what the
-- warehouse had read, tagged and compared by then). One argument sets both: "what did we hold at noon on 3 July?"
-- 'infinity' means now: mart.article_as_of('2022-07-03 12:00Z', 'infinity') is that noon as known today. They are plain
-- SQL that the planner takes apart, so what is asked of them (an article, a place, a day) is what is read.
-- What a source is called, what a place is called and when a key was learned are on no clock but the last of these.

CREATE FUNCTION mart.article_as_of(observed timestamptz, recorded timestamptz DEFAULT NULL)
RETURNS TABLE (
    article_id bigint, outlet text, source_name text, owner text, outlet_country_code text, title text, standfirst text,
    body text, captions text, authors text[], language_code text, published_at timestamptz, published_precision text,
    published_origin text, observed_since timestamptz, first_observed_at timestamptz, versions bigint, url text,
    content_id bigint, extractor text, code_version text, run_id bigint, section text, agencies text[], credits text[],
    is_paywalled boolean, dateline_place text, dateline_on date, images jsonb, reported_at timestamptz, reported_on date,
    is_dated boolean, created_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100000 AS $$
SELECT a.article_id, s.outlet, s.source_name, s.owner, s.country_code, c.title, c.standfirst, c.body, c.captions,
       c.authors, c.language_code, c.published_at, c.published_precision, c.published_origin, lower(v.observed),
       w.first_observed_at, w.versions,
       (SELECT min(k.article_key || '') FROM news.article_key k  -- the bare key would be sought in the order of all keys
        WHERE k.article_id = ANY (a.article_id || ARRAY(
                  SELECT m.from_article_id FROM news.article_merge m
                  WHERE m.into_article_id = a.article_id
                    AND m.recorded @> coalesce(article_as_of.recorded, article_as_of.observed)))
          AND k.kind <> 'alias' AND k.created_at <= coalesce(article_as_of.recorded, article_as_of.observed)),
       c.content_id, c.extractor, c.code_version, a.run_id, c.section, d.agencies, d.credits, d.is_paywalled,
       d.dateline_place, d.dateline_on, d.images, coalesce(c.published_at, w.first_observed_at),
       (coalesce(c.published_at, w.first_observed_at) AT TIME ZONE 'UTC')::date, c.published_at IS NOT NULL, a.created_at
FROM news.version v
CROSS JOIN LATERAL (
    SELECT count(*) AS versions, min(lower(w.observed)) AS first_observed_at FROM news.version w
    WHERE w.article_id = v.article_id AND w.recorded @> coalesce(article_as_of.recorded, article_as_of.observed)
      AND lower(w.observed) <= article_as_of.observed) AS w
JOIN news.article a ON a.article_id = v.article_id
JOIN ops.source s ON s.source_id = a.source_id
JOIN news.content c ON c.content_id = v.content_id
LEFT JOIN news.content_detail d ON d.content_id = c.content_id
WHERE v.observed @> article_as_of.observed
  AND v.recorded @> coalesce(article_as_of.recorded, article_as_of.observed)
$$;
COMMENT ON FUNCTION mart.article_as_of(timestamptz, timestamptz) IS
    'mart.article as of a time: what publishers had shown by the first, as the warehouse held it at the second (the same where left out; infinity: as known today)';

CREATE FUNCTION mart.mention_as_of(observed timestamptz, recorded timestamptz DEFAULT NULL)
RETURNS TABLE (
    mention_id bigint, article_id bigint, outlet text, title text, published_at timestamptz, field text,
    start_offset integer, end_offset integer, surface text, role text, place_id bigint, place text, feature_code text,
    country_code text, admin1_code text, lat double precision, lon double precision, "precision" smallint, radius_km real,
    confidence real, method text, relation text, relation_km real, bearing smallint, other_place_id bigint, tagger text,
    gazetteer text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100000 AS $$
SELECT m.mention_id, v.article_id, s.outlet, c.title, c.published_at, m.field, m.start_offset, m.end_offset, m.surface,
       m.role, m.place_id, p.name, p.feature_code, m.country_code, p.admin1_code, m.lat, m.lon, m.precision,
       m.radius_km, m.confidence, m.method, m.relation, m.relation_km, m.bearing, m.other_place_id, t.tagger, g.version
FROM news.version v
JOIN news.article a ON a.article_id = v.article_id
JOIN ops.source s ON s.source_id = a.source_id
JOIN news.content c ON c.content_id = v.content_id
JOIN news.tagging t ON t.content_id = v.content_id
                   AND t.recorded @> coalesce(mention_as_of.recorded, mention_as_of.observed)
JOIN geo.gazetteer g ON g.gazetteer_id = t.gazetteer_id
JOIN news.mention m ON m.tagging_id = t.tagging_id
LEFT JOIN geo.place p ON p.place_id = m.place_id
WHERE v.observed @> mention_as_of.observed
  AND v.recorded @> coalesce(mention_as_of.recorded, mention_as_of.observed)
$$;
COMMENT ON FUNCTION mart.mention_as_of(timestamptz, timestamptz) IS
    'mart.mention as of a time: places in what publishers had shown by the first, as tagged at the second (the same where left out; infinity: as known today)';

CREATE FUNCTION mart.copy_as_of(observed timestamptz, recorded timestamptz DEFAULT NULL)
RETURNS TABLE (
    copy_article_id bigint, copy_outlet text, copy_title text, copy_published_at timestamptz, origin_article_id bigint,
    origin_outlet text, origin_title text, origin_published_at timestamptz, kind text, similarity real, rule text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 10000 AS $$
SELECT c.copy_article_id, cs.outlet, cc.title, cc.published_at, c.origin_article_id, os.outlet, oc.title,
       oc.published_at, c.kind, c.similarity, c.rule
FROM news.copy_of c
JOIN news.version cv ON cv.article_id = c.copy_article_id AND cv.observed @> copy_as_of.observed
                    AND cv.recorded @> coalesce(copy_as_of.recorded, copy_as_of.observed)
JOIN news.content cc ON cc.content_id = cv.content_id
JOIN news.article ca ON ca.article_id = c.copy_article_id
JOIN ops.source cs ON cs.source_id = ca.source_id
JOIN news.version ov ON ov.article_id = c.origin_article_id AND ov.observed @> copy_as_of.observed
                    AND ov.recorded @> coalesce(copy_as_of.recorded, copy_as_of.observed)
JOIN news.content oc ON oc.content_id = ov.content_id
JOIN news.article oa ON oa.article_id = c.origin_article_id
JOIN ops.source os ON os.source_id = oa.source_id
WHERE c.recorded @> coalesce(copy_as_of.recorded, copy_as_of.observed)
$$;
COMMENT ON FUNCTION mart.copy_as_of(timestamptz, timestamptz) IS
    'mart.copy as of a time: among articles shown by the first, who was held to copy whom at the second (the same where left out; infinity: as known today)';

CREATE FUNCTION mart.story_as_of(observed timestamptz, recorded timestamptz DEFAULT NULL)
RETURNS TABLE (
    story_id bigint, articles bigint, outlets bigint, originals bigint, first_published_at timestamptz,
    last_published_at timestamptz, first_title text, article_ids bigint[])
LANGUAGE sql STABLE PARALLEL SAFE ROWS 10000 AS $$
SELECT t.story_id, count(*), count(DISTINCT s.outlet),
       count(*) FILTER (WHERE NOT EXISTS (
           SELECT FROM news.copy_of o WHERE o.copy_article_id = t.article_id
             AND o.recorded @> coalesce(story_as_of.recorded, story_as_of.observed))),
       min(c.published_at), max(c.published_at),
       (array_agg(c.title ORDER BY c.published_at, t.article_id))[1],
       array_agg(t.article_id ORDER BY c.published_at, t.article_id)
FROM news.story_article t
JOIN news.version v ON v.article_id = t.article_id AND v.observed @> story_as_of.observed
                   AND v.recorded @> coalesce(story_as_of.recorded, story_as_of.observed)
JOIN news.content c ON c.content_id = v.content_id
JOIN news.article a ON a.article_id = t.article_id
JOIN ops.source s ON s.source_id = a.source_id
WHERE t.recorded @> coalesce(story_as_of.recorded, story_as_of.observed)
GROUP BY t.story_id
$$;
COMMENT ON FUNCTION mart.story_as_of(timestamptz, timestamptz) IS
    'mart.story as of a time: which articles shown by the first were held to tell one event at the second (the same where left out; infinity: as known today)';
