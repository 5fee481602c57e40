-- Reports: articles and places as held now, kept beside the base rows so that questions about a day, an outlet or a
-- place cost what their answer is long. Everything here follows from news.version, news.content, news.tagging and
-- news.mention; statement triggers keep it in the same transaction, news.wrong_reports() proves it equal.

CREATE EXTENSION IF NOT EXISTS unaccent;

-- Articles as they stand now -----------------------------------------------------------

CREATE TABLE news.article_now (  -- derived, so no foreign keys: news.wrong_reports() says more than they could
    article_id bigint PRIMARY KEY,
    content_id bigint NOT NULL,
    first_observed_at timestamptz NOT NULL,
    observed_since timestamptz NOT NULL,
    published_at timestamptz,
    reported_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    source_id integer NOT NULL,
    versions integer NOT NULL,
    reported_on date NOT NULL,
    language_code text
);
CREATE INDEX article_now_by_content ON news.article_now (content_id);
CREATE INDEX article_now_by_day ON news.article_now (reported_on, source_id);
CREATE INDEX article_now_by_source ON news.article_now (source_id, reported_on);
CREATE INDEX article_now_by_publication ON news.article_now (published_at);
CREATE INDEX article_now_undated ON news.article_now (reported_on) WHERE published_at IS NULL;
COMMENT ON TABLE news.article_now IS 'Derived: each article''s latest content, with what articles are sought by; articles merged into others have no row';
COMMENT ON COLUMN news.article_now.article_id IS 'The article';
COMMENT ON COLUMN news.article_now.content_id IS 'What it says now';
COMMENT ON COLUMN news.article_now.first_observed_at IS 'Its first observation, whatever the order of arrival';
COMMENT ON COLUMN news.article_now.observed_since IS 'First observation of what it says now';
COMMENT ON COLUMN news.article_now.published_at IS 'Publication as its latest content states it; null when undated';
COMMENT ON COLUMN news.article_now.reported_at IS 'Publication, else first observation';
COMMENT ON COLUMN news.article_now.created_at IS 'When it entered the warehouse';
COMMENT ON COLUMN news.article_now.source_id IS 'The source that first brought it';
COMMENT ON COLUMN news.article_now.versions IS 'How many versions it has';
COMMENT ON COLUMN news.article_now.reported_on IS 'Day of reported_at, UTC';
COMMENT ON COLUMN news.article_now.language_code IS 'Language of its latest content';

-- Places in them -----------------------------------------------------------------------

CREATE TABLE news.report (
    article_id bigint NOT NULL,
    place_id bigint NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    source_id integer NOT NULL,
    reported_on date NOT NULL,
    mentions integer NOT NULL,
    radius_km real,
    confidence real NOT NULL,
    precision smallint NOT NULL,
    is_event boolean NOT NULL,
    is_dateline boolean NOT NULL,
    is_speaker boolean NOT NULL,
    is_actor boolean NOT NULL,
    is_passing boolean NOT NULL,
    is_relative boolean NOT NULL,
    country_code text,
    PRIMARY KEY (article_id, place_id)
);
CREATE INDEX report_by_place ON news.report (place_id, reported_on) INCLUDE (source_id, article_id, precision, confidence);
CREATE INDEX report_by_day ON news.report (reported_on);
CREATE INDEX report_relative ON news.report USING gist (point(lon, lat)) WHERE is_relative;
COMMENT ON TABLE news.report IS 'Derived: one row an article and place its latest text names';
COMMENT ON COLUMN news.report.article_id IS 'The article';
COMMENT ON COLUMN news.report.place_id IS 'The place';
COMMENT ON COLUMN news.report.lat IS 'Latitude of what its most precise mention means, as resolved then';
COMMENT ON COLUMN news.report.lon IS 'Longitude of it';
COMMENT ON COLUMN news.report.source_id IS 'The source that first brought the article';
COMMENT ON COLUMN news.report.reported_on IS 'Day of publication, else of first observation, UTC';
COMMENT ON COLUMN news.report.mentions IS 'How often the text names it';
COMMENT ON COLUMN news.report.radius_km IS 'Radius of what its most precise mention means, km';
COMMENT ON COLUMN news.report.confidence IS 'Greatest confidence of its mentions';
COMMENT ON COLUMN news.report.precision IS 'Best precision of its mentions, 1 to 7';
COMMENT ON COLUMN news.report.is_event IS 'Named as where something happened';
COMMENT ON COLUMN news.report.is_dateline IS 'Named in the dateline';
COMMENT ON COLUMN news.report.is_speaker IS 'Named as where somebody speaks';
COMMENT ON COLUMN news.report.is_actor IS 'Named for its government';
COMMENT ON COLUMN news.report.is_passing IS 'Named in passing';
COMMENT ON COLUMN news.report.is_relative IS 'Its point lies off the place ("20 km south of"), so the place''s own does not find it';
COMMENT ON COLUMN news.report.country_code IS 'Country as resolved then';

CREATE TABLE news.place_tally (
    place_id bigint PRIMARY KEY,
    articles bigint NOT NULL CHECK (articles > 0),
    mentions bigint NOT NULL
);
COMMENT ON TABLE news.place_tally IS 'Derived: how many articles name a place, and how often';
COMMENT ON COLUMN news.place_tally.place_id IS 'The place';
COMMENT ON COLUMN news.place_tally.articles IS 'Articles whose latest text names it';
COMMENT ON COLUMN news.place_tally.mentions IS 'Mentions in them';

CREATE TABLE news.place_source_tally (
    place_id bigint NOT NULL,
    source_id integer NOT NULL,
    articles bigint NOT NULL CHECK (articles > 0),
    mentions bigint NOT NULL,
    PRIMARY KEY (place_id, source_id)
);
COMMENT ON TABLE news.place_source_tally IS 'Derived: the same by source';
COMMENT ON COLUMN news.place_source_tally.place_id IS 'The place';
COMMENT ON COLUMN news.place_source_tally.source_id IS 'The source';
COMMENT ON COLUMN news.place_source_tally.articles IS 'Its articles whose latest text names the place';
COMMENT ON COLUMN news.place_source_tally.mentions IS 'Mentions in them';

-- Words --------------------------------------------------------------------------------

CREATE TEXT SEARCH CONFIGURATION news.english (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION news.english ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
COMMENT ON TEXT SEARCH CONFIGURATION news.english IS 'English, accents left out, stemmed';
CREATE TEXT SEARCH CONFIGURATION news.russian (COPY = pg_catalog.russian);
ALTER TEXT SEARCH CONFIGURATION news.russian ALTER MAPPING FOR hword, hword_part, word WITH unaccent, russian_stem;
COMMENT ON TEXT SEARCH CONFIGURATION news.russian IS 'Russian, ё as е, stemmed';
CREATE TEXT SEARCH CONFIGURATION news.plain (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION news.plain ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;
COMMENT ON TEXT SEARCH CONFIGURATION news.plain IS 'Any other language: accents left out, not stemmed, so that it is asked by the beginnings of words';

CREATE FUNCTION news.stemmer_of(language_code text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
SELECT CASE WHEN language_code IN ('en', 'ru') THEN language_code ELSE 'plain' END
$$;
COMMENT ON FUNCTION news.stemmer_of(text) IS 'Which of en, ru and plain the words of a language are indexed by';

CREATE FUNCTION news.searchable(stemmer text, words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
SELECT CASE stemmer WHEN 'plain' THEN translate(words, '''’`', 'ʼʼʼ') ELSE words END
$$;
COMMENT ON FUNCTION news.searchable(text, text) IS
    'A text as its words are looked for: an apostrophe parts no Ukrainian word (Словʼянськ)';

CREATE FUNCTION news.words_of(stemmer text, title text, standfirst text, body text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
SELECT CASE stemmer
           WHEN 'en' THEN setweight(to_tsvector('news.english', t.head), 'A') || to_tsvector('news.english', t.rest)
           WHEN 'ru' THEN setweight(to_tsvector('news.russian', t.head), 'A') || to_tsvector('news.russian', t.rest)
           ELSE setweight(to_tsvector('news.plain', t.head), 'A') || to_tsvector('news.plain', t.rest)
       END
FROM (SELECT news.searchable(stemmer, left(coalesce(title, ''), 2000)) AS head,
             news.searchable(stemmer, left(coalesce(standfirst || E'\n\n', '') || body, 100000)) AS rest) AS t
$$;
COMMENT ON FUNCTION news.words_of(text, text, text, text) IS
    'The words of a text, those of its headline marked; of a very long one the first 100,000 characters, since a tsvector holds a megabyte';

CREATE TABLE news.article_words (
    article_id bigint PRIMARY KEY,
    content_id bigint NOT NULL,
    reported_at timestamptz NOT NULL,
    stemmer text NOT NULL CHECK (stemmer IN ('en', 'ru', 'plain')),
    words tsvector NOT NULL
);
CREATE INDEX article_words_en ON news.article_words USING gin (words) WHERE stemmer = 'en';
CREATE INDEX article_words_ru ON news.article_words USING gin (words) WHERE stemmer = 'ru';
CREATE INDEX article_words_plain ON news.article_words USING gin (words) WHERE stemmer = 'plain';
CREATE INDEX article_words_by_time ON news.article_words (stemmer, reported_at);
COMMENT ON TABLE news.article_words IS 'Derived: the words of each article''s latest content, from when its places are tagged';
COMMENT ON COLUMN news.article_words.article_id IS 'The article';
COMMENT ON COLUMN news.article_words.content_id IS 'Its latest content';
COMMENT ON COLUMN news.article_words.reported_at IS 'Publication, else first observation';
COMMENT ON COLUMN news.article_words.stemmer IS 'en, ru or plain: how its words were made';
COMMENT ON COLUMN news.article_words.words IS 'Its words; weight A in the headline';

CREATE FUNCTION news.settle_words(articles bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(articles) IS NULL OR cardinality(articles) = 0 THEN RETURN; END IF;
    DELETE FROM news.article_words s WHERE s.article_id = ANY (articles)
        AND NOT EXISTS (SELECT FROM news.article_now n WHERE n.article_id = s.article_id);
    UPDATE news.article_words s SET reported_at = n.reported_at FROM news.article_now n
    WHERE n.article_id = ANY (articles) AND s.article_id = n.article_id AND s.content_id = n.content_id
      AND s.reported_at <> n.reported_at;
    INSERT INTO news.article_words AS s (article_id, content_id, reported_at, stemmer, words)
    SELECT n.article_id, n.content_id, n.reported_at, k.stemmer, news.words_of(k.stemmer, c.title, c.standfirst, c.body)
    FROM unnest(articles) AS one (article_id)
    JOIN news.article_now n ON n.article_id = one.article_id
    JOIN news.content c ON c.content_id = n.content_id
    CROSS JOIN LATERAL (SELECT news.stemmer_of(c.language_code) AS stemmer) AS k
    WHERE NOT EXISTS (SELECT FROM news.article_words s WHERE s.article_id = n.article_id AND s.content_id = n.content_id)
    ORDER BY n.article_id
    ON CONFLICT (article_id) DO UPDATE SET content_id = excluded.content_id, reported_at = excluded.reported_at,
        stemmer = excluded.stemmer, words = excluded.words;
END $$;
COMMENT ON FUNCTION news.settle_words(bigint[]) IS 'Makes news.article_words agree with the latest contents of these articles; a repeat changes nothing';

-- What the tables above should hold of some articles. ------------------------------------

CREATE FUNCTION news.articles_wanted(articles bigint[]) RETURNS SETOF news.article_now LANGUAGE sql STABLE AS $$
SELECT v.article_id, v.content_id, h.first_observed_at, lower(v.observed), c.published_at,
       coalesce(c.published_at, h.first_observed_at), a.created_at, a.source_id, h.versions,
       (coalesce(c.published_at, h.first_observed_at) AT TIME ZONE 'UTC')::date, c.language_code
FROM unnest(articles) AS one (article_id)
JOIN news.version v ON v.article_id = one.article_id AND upper_inf(v.recorded) AND upper_inf(v.observed)
JOIN news.article a ON a.article_id = v.article_id
JOIN news.content c ON c.content_id = v.content_id
CROSS JOIN LATERAL (
    SELECT min(lower(w.observed)) AS first_observed_at, count(*)::integer AS versions
    FROM news.version w WHERE w.article_id = v.article_id AND upper_inf(w.recorded)
) AS h
$$;
COMMENT ON FUNCTION news.articles_wanted(bigint[]) IS 'What news.article_now should hold of these articles (each named once), drawn from versions and contents';

CREATE FUNCTION news.reports_wanted(articles bigint[]) RETURNS SETOF news.report LANGUAGE sql STABLE AS $$
SELECT n.article_id, m.place_id,
       (array_agg(m.lat ORDER BY m.precision, m.confidence DESC, m.field DESC, m.start_offset))[1],
       (array_agg(m.lon ORDER BY m.precision, m.confidence DESC, m.field DESC, m.start_offset))[1],
       n.source_id, n.reported_on, count(*)::integer,
       (array_agg(m.radius_km ORDER BY m.precision, m.confidence DESC, m.field DESC, m.start_offset))[1],
       max(m.confidence), min(m.precision), bool_or(m.role = 'event'), bool_or(m.role = 'dateline'),
       bool_or(m.role = 'speaker'), bool_or(m.role = 'actor'), bool_or(m.role = 'passing'),
       (array_agg(m.relation IS NOT NULL ORDER BY m.precision, m.confidence DESC, m.field DESC, m.start_offset))[1],
       (array_agg(m.country_code ORDER BY m.precision, m.confidence DESC, m.field DESC, m.start_offset))[1]
FROM unnest(articles) AS one (article_id)
JOIN news.article_now n ON n.article_id = one.article_id
JOIN news.tagging t ON t.content_id = ANY (ARRAY[n.content_id]) AND upper_inf(t.recorded)  -- as an array: see tagging_now
JOIN news.mention m ON m.tagging_id = t.tagging_id AND m.place_id IS NOT NULL
GROUP BY n.article_id, m.place_id
$$;
COMMENT ON FUNCTION news.reports_wanted(bigint[]) IS 'What news.report should hold of these articles (each named once), drawn from taggings and mentions';

-- Bringing them to it. One transaction at a time changes reports that others could be changing too: without the lock
-- one that tags a text and one that learns of a newer text could each miss the other. Take news.article's lock first.

CREATE FUNCTION news.settle_reports(articles bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(articles) IS NULL OR cardinality(articles) = 0 THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('news.report'));
    WITH wanted AS MATERIALIZED (
        SELECT * FROM news.reports_wanted(articles)
    ), gone AS (
        DELETE FROM news.report r WHERE r.article_id = ANY (articles)
            AND NOT EXISTS (SELECT FROM wanted w WHERE (w.article_id, w.place_id) = (r.article_id, r.place_id))
    )
    INSERT INTO news.report AS r
    SELECT w.* FROM wanted w
    WHERE NOT EXISTS (SELECT FROM news.report r WHERE r.article_id = w.article_id AND r.place_id = w.place_id AND r = w)
    ORDER BY w.article_id, w.place_id
    ON CONFLICT (article_id, place_id) DO UPDATE SET
        lat = excluded.lat, lon = excluded.lon, source_id = excluded.source_id, reported_on = excluded.reported_on,
        mentions = excluded.mentions, radius_km = excluded.radius_km, confidence = excluded.confidence,
        precision = excluded.precision, is_event = excluded.is_event, is_dateline = excluded.is_dateline,
        is_speaker = excluded.is_speaker, is_actor = excluded.is_actor, is_passing = excluded.is_passing,
        is_relative = excluded.is_relative, country_code = excluded.country_code;
END $$;
COMMENT ON FUNCTION news.settle_reports(bigint[]) IS 'Makes news.report agree with the taggings of these articles; a repeat changes nothing';

CREATE FUNCTION news.settle_articles(articles bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(articles) IS NULL OR cardinality(articles) = 0 THEN RETURN; END IF;
    IF EXISTS (SELECT FROM news.article_now n WHERE n.article_id = ANY (articles)) THEN
        PERFORM pg_advisory_xact_lock(hashtext('news.report'));
    END IF;
    WITH wanted AS MATERIALIZED (
        SELECT * FROM news.articles_wanted(articles)
    ), gone AS (
        DELETE FROM news.article_now n WHERE n.article_id = ANY (articles)
            AND NOT EXISTS (SELECT FROM wanted w WHERE w.article_id = n.article_id)
    )
    INSERT INTO news.article_now AS n
    SELECT w.* FROM wanted w
    WHERE NOT EXISTS (SELECT FROM news.article_now n WHERE n.article_id = w.article_id AND n = w)
    ORDER BY w.article_id
    ON CONFLICT (article_id) DO UPDATE SET
        content_id = excluded.content_id, first_observed_at = excluded.first_observed_at,
        observed_since = excluded.observed_since, published_at = excluded.published_at,
        reported_at = excluded.reported_at, created_at = excluded.created_at, source_id = excluded.source_id,
        versions = excluded.versions, reported_on = excluded.reported_on, language_code = excluded.language_code;
    IF EXISTS (SELECT FROM news.report r WHERE r.article_id = ANY (articles))
        OR EXISTS (SELECT FROM news.article_words s WHERE s.article_id = ANY (articles))
        OR EXISTS (SELECT FROM news.article_now n JOIN news.tagging t USING (content_id)
                   WHERE n.article_id = ANY (articles) AND upper_inf(t.recorded)) THEN
        PERFORM news.settle_reports(articles);
        PERFORM news.settle_words(articles);
    END IF;
END $$;
COMMENT ON FUNCTION news.settle_articles(bigint[]) IS 'Makes news.article_now and news.report agree with the versions of these articles; a repeat changes nothing';

-- Tallies follow reports. ------------------------------------------------------------------

CREATE FUNCTION news.tally_reports(places bigint[], sources integer[], articles bigint[], mentions bigint[])
RETURNS void LANGUAGE sql AS $$
MERGE INTO news.place_source_tally t
USING (SELECT * FROM unnest(places, sources, articles, mentions) AS d (place_id, source_id, articles, mentions)
       ORDER BY place_id, source_id) AS d
ON t.place_id = d.place_id AND t.source_id = d.source_id
WHEN MATCHED AND t.articles + d.articles = 0 THEN DELETE
WHEN MATCHED THEN UPDATE SET articles = t.articles + d.articles, mentions = t.mentions + d.mentions
WHEN NOT MATCHED THEN INSERT VALUES (d.place_id, d.source_id, d.articles, d.mentions);
MERGE INTO news.place_tally t
USING (SELECT d.place_id, sum(d.articles)::bigint AS articles, sum(d.mentions)::bigint AS mentions
       FROM unnest(places, articles, mentions) AS d (place_id, articles, mentions) GROUP BY 1 ORDER BY 1) AS d
ON t.place_id = d.place_id
WHEN MATCHED AND t.articles + d.articles = 0 THEN DELETE
WHEN MATCHED THEN UPDATE SET articles = t.articles + d.articles, mentions = t.mentions + d.mentions
WHEN NOT MATCHED THEN INSERT VALUES (d.place_id, d.articles, d.mentions);
$$;
COMMENT ON FUNCTION news.tally_reports(bigint[], integer[], bigint[], bigint[]) IS 'Adds differences to the tallies of places; under the lock of news.report';

CREATE FUNCTION news.reports_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    d record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('news.report'));
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(p) AS p, array_agg(s) AS s, array_agg(a) AS a, array_agg(m) AS m INTO d FROM (
            SELECT place_id AS p, source_id AS s, count(*) AS a, sum(mentions) AS m FROM after GROUP BY 1, 2) AS x;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(p) AS p, array_agg(s) AS s, array_agg(a) AS a, array_agg(m) AS m INTO d FROM (
            SELECT place_id AS p, source_id AS s, -count(*) AS a, -sum(mentions) AS m FROM before GROUP BY 1, 2) AS x;
    ELSE
        SELECT array_agg(p) AS p, array_agg(s) AS s, array_agg(a) AS a, array_agg(m) AS m INTO d FROM (
            SELECT place_id AS p, source_id AS s, sum(n) AS a, sum(n * mentions) AS m
            FROM (SELECT place_id, source_id, mentions, 1 AS n FROM after
                  UNION ALL SELECT place_id, source_id, mentions, -1 FROM before) AS u
            GROUP BY 1, 2 HAVING sum(n) <> 0 OR sum(n * mentions) <> 0) AS x;
    END IF;
    IF d.p IS NOT NULL THEN PERFORM news.tally_reports(d.p, d.s, d.a::bigint[], d.m::bigint[]); END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION news.reports_changed() IS 'Keeps the tallies of places as reports come, change and go';
CREATE TRIGGER report_added AFTER INSERT ON news.report REFERENCING NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION news.reports_changed();
CREATE TRIGGER report_changed AFTER UPDATE ON news.report REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION news.reports_changed();
CREATE TRIGGER report_dropped AFTER DELETE ON news.report REFERENCING OLD TABLE AS before
    FOR EACH STATEMENT EXECUTE FUNCTION news.reports_changed();

-- The proof. --------------------------------------------------------------------------------

CREATE FUNCTION news.wrong_reports(articles bigint[]) RETURNS TABLE (article_id bigint, place_id bigint, wrong text)
LANGUAGE sql STABLE AS $$
SELECT coalesce(w.article_id, n.article_id), NULL::bigint, 'article_now: held ' || coalesce(n::text, 'nothing') || ', wanted ' || coalesce(w::text, 'nothing')
FROM news.articles_wanted(articles) AS w
FULL JOIN (SELECT * FROM news.article_now n WHERE n.article_id = ANY (articles)) AS n USING (article_id)
WHERE w IS DISTINCT FROM n
UNION ALL
SELECT coalesce(w.article_id, r.article_id), coalesce(w.place_id, r.place_id), 'report: held ' || coalesce(r::text, 'nothing') || ', wanted ' || coalesce(w::text, 'nothing')
FROM news.reports_wanted(articles) AS w
FULL JOIN (SELECT * FROM news.report r WHERE r.article_id = ANY (articles)) AS r USING (article_id, place_id)
WHERE w IS DISTINCT FROM r
$$;
COMMENT ON FUNCTION news.wrong_reports(bigint[]) IS 'Rows of news.article_now and news.report that do not agree with the base rows, of these articles; none, if all is well';

CREATE FUNCTION news.wrong_words(articles bigint[]) RETURNS TABLE (article_id bigint, wrong text) LANGUAGE sql STABLE AS $$
SELECT s.article_id, 'words of another text or time' FROM news.article_words s LEFT JOIN news.article_now n USING (article_id)
WHERE s.article_id = ANY (articles) AND (s.content_id, s.reported_at) IS DISTINCT FROM (n.content_id, n.reported_at)
UNION ALL
SELECT n.article_id, 'tagged and not searchable' FROM news.article_now n JOIN news.tagging t USING (content_id)
WHERE n.article_id = ANY (articles) AND upper_inf(t.recorded)
  AND NOT EXISTS (SELECT FROM news.article_words s WHERE s.article_id = n.article_id)
$$;
COMMENT ON FUNCTION news.wrong_words(bigint[]) IS 'Rows of news.article_words that are missing or do not go with the latest contents, of these articles';

CREATE FUNCTION news.wrong_tallies() RETURNS TABLE (place_id bigint, source_id integer, wrong text) LANGUAGE sql STABLE AS $$
SELECT coalesce(w.place_id, t.place_id), coalesce(w.source_id, t.source_id), 'held ' || coalesce(t::text, 'nothing') || ', wanted ' || coalesce(w::text, 'nothing')
FROM (SELECT r.place_id, r.source_id, count(*) AS articles, sum(r.mentions)::bigint AS mentions FROM news.report r GROUP BY 1, 2) AS w
FULL JOIN news.place_source_tally t USING (place_id, source_id)
WHERE (w.articles, w.mentions) IS DISTINCT FROM (t.articles, t.mentions)
UNION ALL
SELECT coalesce(w.place_id, t.place_id), NULL, 'held ' || coalesce(t::text, 'nothing') || ', wanted ' || coalesce(w::text, 'nothing')
FROM (SELECT r.place_id, count(*) AS articles, sum(r.mentions)::bigint AS mentions FROM news.report r GROUP BY 1) AS w
FULL JOIN news.place_tally t USING (place_id)
WHERE (w.articles, w.mentions) IS DISTINCT FROM (t.articles, t.mentions)
$$;
COMMENT ON FUNCTION news.wrong_tallies() IS 'Tallies of places that do not agree with news.report; reads all of it';

-- Who are one witness, of any articles. -------------------------------------------------------

CREATE FUNCTION news.ties_among(articles bigint[]) RETURNS TABLE (article_id bigint, kind text, tie text)
LANGUAGE sql STABLE ROWS 100 AS $$
SELECT a.article_id, 'family', lower(coalesce(s.owner, s.outlet, s.source_name))
FROM unnest(articles) AS one (article_id)
JOIN news.article a ON a.article_id = one.article_id
JOIN ops.source s USING (source_id)
UNION ALL
SELECT one.article_id, 'origin', coalesce(
    (SELECT news.main_article(c.origin_article_id) FROM news.copy_of c
     WHERE c.copy_article_id = one.article_id AND upper_inf(c.recorded)), one.article_id)::text
FROM unnest(articles) AS one (article_id)
UNION ALL
SELECT DISTINCT n.article_id, 'upstream', u.name
FROM unnest(articles) AS one (article_id)
JOIN news.article_now n ON n.article_id = one.article_id
JOIN news.upstream u ON u.content_id = n.content_id AND upper_inf(u.recorded) AND u.ties
$$;
COMMENT ON FUNCTION news.ties_among(bigint[]) IS
    'What articles (main ones, each named once) share with others: the family of their outlet, the text they come from, upstreams they name';

-- As before, of a story: the rules stand above.
CREATE OR REPLACE FUNCTION news.story_ties(story bigint) RETURNS TABLE (article_id bigint, kind text, tie text)
LANGUAGE sql STABLE ROWS 30 AS $$
SELECT * FROM news.ties_among(ARRAY(SELECT DISTINCT news.main_article(t.article_id)
                                    FROM news.story_article t WHERE t.story_id = story AND upper_inf(t.recorded)))
$$;

CREATE FUNCTION news.lines_among(buckets bigint[], articles bigint[])
RETURNS TABLE (bucket bigint, article_id bigint, line integer) LANGUAGE plpgsql STABLE ROWS 100 AS $$
#variable_conflict use_column
DECLARE
    head integer[] := ARRAY(SELECT generate_series(1, cardinality(articles)));
    one record;
    a integer;
    b integer;
BEGIN
    FOR one IN
        SELECT t.n, t.first
        FROM (
            SELECT m.n::integer, min(m.n::integer) OVER (PARTITION BY m.bucket, e.kind, e.tie) AS first
            FROM unnest(buckets, articles) WITH ORDINALITY AS m (bucket, article_id, n)
            JOIN news.ties_among(ARRAY(SELECT DISTINCT x FROM unnest(articles) x)) AS e ON e.article_id = m.article_id
        ) AS t
        WHERE t.n <> t.first
    LOOP
        a := one.n;
        b := one.first;
        WHILE head[a] <> a LOOP head[a] := head[head[a]]; a := head[a]; END LOOP;
        WHILE head[b] <> b LOOP head[b] := head[head[b]]; b := head[b]; END LOOP;
        IF a <> b THEN head[greatest(a, b)] := least(a, b); END IF;
    END LOOP;
    FOR a IN 1 .. coalesce(cardinality(articles), 0) LOOP
        head[a] := head[head[a]];  -- heads come first, so theirs are settled
    END LOOP;
    RETURN QUERY
        SELECT m.bucket, m.article_id, dense_rank() OVER (PARTITION BY m.bucket ORDER BY h.head)::integer
        FROM unnest(buckets, articles) WITH ORDINALITY AS m (bucket, article_id, n)
        JOIN unnest(head) WITH ORDINALITY AS h (head, n) USING (n);
END $$;
COMMENT ON FUNCTION news.lines_among(bigint[], bigint[]) IS
    'Independent lines among articles, each bucket (a day, a place) for itself: articles that share a tie, directly or through others, are one line';

-- As before, of a story: its articles in order of time.
CREATE OR REPLACE FUNCTION news.story_lines(story bigint) RETURNS TABLE (article_id bigint, line integer)
LANGUAGE sql STABLE ROWS 10 AS $$
SELECT l.article_id, l.line
FROM (
    SELECT array_agg(m.article_id ORDER BY m.published_at NULLS LAST, m.first_observed_at, m.article_id) AS ids
    FROM (
        SELECT t.article_id, a.first_observed_at,
               (SELECT min(c.published_at) FROM news.content c WHERE c.article_id = t.article_id) AS published_at
        FROM (SELECT DISTINCT news.main_article(t.article_id) AS article_id
              FROM news.story_article t WHERE t.story_id = story AND upper_inf(t.recorded)) AS t
        JOIN news.article a USING (article_id)
    ) AS m
    HAVING count(*) > 0
) AS story
CROSS JOIN LATERAL news.lines_among(array_fill(0::bigint, ARRAY[cardinality(story.ids)]), story.ids) AS l
$$;

-- Distances. -----------------------------------------------------------------------------------

CREATE FUNCTION geo.km_between(lat1 double precision, lon1 double precision, lat2 double precision, lon2 double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT 2 * 6371.0088 * asin(least(1.0, sqrt(sind((lat2 - lat1) / 2) ^ 2
                                            + cosd(lat1) * cosd(lat2) * sind((lon2 - lon1) / 2) ^ 2)))
$$;
COMMENT ON FUNCTION geo.km_between(double precision, double precision, double precision, double precision) IS
    'Great-circle distance of two points, km, on a sphere of the Earth''s mean radius: 0.5 % off at most';

CREATE FUNCTION geo.places_near(lat double precision, lon double precision, km double precision)
RETURNS TABLE (place_id bigint, distance_km double precision) LANGUAGE sql STABLE ROWS 200 AS $$
SELECT p.place_id, d.km
FROM geo.place p CROSS JOIN LATERAL (SELECT geo.km_between(places_near.lat, places_near.lon, p.lat, p.lon) AS km) AS d
WHERE p.lat BETWEEN places_near.lat - places_near.km / 110.5 AND places_near.lat + places_near.km / 110.5
  AND d.km <= places_near.km
$$;
COMMENT ON FUNCTION geo.places_near(double precision, double precision, double precision) IS
    'Places within so many km of a point, by a band of latitude (a degree is 110.5 km or more) and then the distance';

CREATE FUNCTION geo.find_place(name text) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    wanted text := trim(split_part(name, ',', 1));
    country text := nullif(upper(trim(split_part(name, ',', 2))), '');
    found_id bigint;
BEGIN
    IF name ~ '^\s*-?\d+\s*$' THEN RETURN name::bigint; END IF;
    SELECT p.place_id INTO found_id FROM geo.place p LEFT JOIN news.place_tally t USING (place_id)
    WHERE p.name = wanted AND (country IS NULL OR p.country_code = country)
    ORDER BY t.articles DESC NULLS LAST, p.population DESC, p.place_id LIMIT 1;
    IF found_id IS NULL THEN
        SELECT p.place_id INTO found_id
        FROM geo.place_name n JOIN geo.place p USING (place_id) LEFT JOIN news.place_tally t USING (place_id)
        WHERE lower(translate(n.name, '’ʼ`', '''''''')) = lower(translate(wanted, '’ʼ`', '''''''')) AND n.kind <> 'demonym'
          AND (country IS NULL OR p.country_code = country)
        ORDER BY t.articles DESC NULLS LAST, p.population DESC, p.place_id LIMIT 1;
    END IF;
    IF found_id IS NULL THEN
        RAISE EXCEPTION 'no place is called "%"', name USING ERRCODE = 'no_data_found',
            HINT = 'Write it as the gazetteer does, "Springfield, US" to name the country, or give its place_id.';
    END IF;
    RETURN found_id;
END $$;
COMMENT ON FUNCTION geo.find_place(text) IS
    'The place of this name ("Sloviansk", "Springfield, US", any language) that is named by most articles, then the most populous; an id stands for itself';

-- What is held already: filled while others still write, about two milliseconds an article. Then the triggers, for which
-- writers wait, and what they wrote meanwhile.

CREATE FUNCTION pg_temp.settle_all(articles bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    n integer;
BEGIN
    FOR n IN 1 .. coalesce(cardinality(articles), 0) BY 2000 LOOP
        PERFORM news.settle_articles(articles[n:n + 1999]);
    END LOOP;
END $$;
SELECT pg_temp.settle_all(ARRAY(SELECT article_id FROM news.article ORDER BY 1));

-- Triggers: whoever writes a base row keeps what follows from it. --------------------------

CREATE FUNCTION news.versions_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM news.settle_articles(ARRAY(SELECT DISTINCT c.article_id FROM changed c ORDER BY 1));
    RETURN NULL;
END $$;
COMMENT ON FUNCTION news.versions_changed() IS 'Keeps what follows from the versions that a statement wrote';
CREATE TRIGGER version_opened AFTER INSERT ON news.version REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION news.versions_changed();
CREATE TRIGGER version_closed AFTER UPDATE ON news.version REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION news.versions_changed();
CREATE TRIGGER version_dropped AFTER DELETE ON news.version REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION news.versions_changed();

CREATE FUNCTION news.taggings_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM news.settle_reports(ARRAY(
        SELECT DISTINCT n.article_id FROM changed c JOIN news.article_now n ON n.content_id = c.content_id ORDER BY 1));
    RETURN NULL;
END $$;
COMMENT ON FUNCTION news.taggings_changed() IS 'Keeps what follows from the taggings that a statement closed, opened or dropped; a new one has no mentions yet';
CREATE TRIGGER tagging_closed AFTER UPDATE ON news.tagging REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION news.taggings_changed();
CREATE TRIGGER tagging_dropped AFTER DELETE ON news.tagging REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION news.taggings_changed();

CREATE FUNCTION news.contents_tagged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM news.settle_words(ARRAY(
        SELECT DISTINCT n.article_id FROM changed c JOIN news.article_now n ON n.content_id = c.content_id ORDER BY 1));
    RETURN NULL;
END $$;
COMMENT ON FUNCTION news.contents_tagged() IS 'Makes the words of contents searchable as they are tagged: written with the text they would halve the speed of a load';
CREATE TRIGGER tagging_opened AFTER INSERT ON news.tagging REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION news.contents_tagged();

CREATE FUNCTION news.contents_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    articles bigint[] := ARRAY(SELECT DISTINCT n.article_id FROM changed c JOIN news.article_now n USING (content_id) ORDER BY 1);
BEGIN
    DELETE FROM news.article_words s WHERE s.article_id = ANY (articles);
    IF TG_OP = 'UPDATE' THEN
        PERFORM news.settle_articles(articles);
        PERFORM news.settle_words(articles);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION news.contents_rewritten() IS 'Lets no word outlive its text: contents are immutable but where something is taken down';
CREATE TRIGGER content_rewritten AFTER UPDATE ON news.content REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION news.contents_rewritten();
CREATE TRIGGER content_dropped AFTER DELETE ON news.content REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION news.contents_rewritten();

CREATE FUNCTION news.mentions_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM news.settle_reports(ARRAY(
        SELECT DISTINCT n.article_id
        FROM (SELECT DISTINCT tagging_id FROM changed WHERE place_id IS NOT NULL) AS c
        JOIN news.tagging t USING (tagging_id)
        JOIN news.article_now n ON n.content_id = t.content_id
        WHERE upper_inf(t.recorded) ORDER BY 1));
    RETURN NULL;
END $$;
COMMENT ON FUNCTION news.mentions_changed() IS 'Keeps what follows from the mentions that a statement wrote';
CREATE TRIGGER mention_added AFTER INSERT ON news.mention REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION news.mentions_changed();
CREATE TRIGGER mention_dropped AFTER DELETE ON news.mention REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION news.mentions_changed();

CREATE FUNCTION news.mentions_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM news.settle_reports(ARRAY(
        SELECT DISTINCT n.article_id
        FROM (SELECT tagging_id FROM before UNION SELECT tagging_id FROM after) AS c
        JOIN news.tagging t USING (tagging_id)
        JOIN news.article_now n ON n.content_id = t.content_id
        WHERE upper_inf(t.recorded) ORDER BY 1));
    RETURN NULL;
END $$;
COMMENT ON FUNCTION news.mentions_rewritten() IS 'Keeps what follows from the mentions that a statement changed';
CREATE TRIGGER mention_rewritten AFTER UPDATE ON news.mention REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION news.mentions_rewritten();

SELECT pg_temp.settle_all(ARRAY(
    SELECT v.article_id FROM news.version v
    WHERE lower(v.recorded) >= now() - interval '1 day' OR upper(v.recorded) >= now() - interval '1 day'
    UNION
    SELECT n.article_id FROM news.tagging t JOIN news.article_now n USING (content_id)
    WHERE lower(t.recorded) >= now() - interval '1 day' OR upper(t.recorded) >= now() - interval '1 day'
    ORDER BY 1));

DROP FUNCTION pg_temp.settle_all(bigint[]);

-- With all it is asked for in the index: else the planner takes the exclusion's GiST for it, thirty times as slow. Where
-- pages are too fresh for that to tell, a key given as an array does: GiST takes none.
DROP INDEX news.tagging_now;
CREATE UNIQUE INDEX tagging_now ON news.tagging (content_id) INCLUDE (tagging_id) WHERE upper_inf(recorded);
CREATE INDEX edit_by_time ON news.edit (changed_at) WHERE upper_inf(recorded);
CREATE INDEX place_by_point ON geo.place (lat, lon);
CREATE INDEX coverage_day_by_day ON ops.coverage_day (covered_on);
