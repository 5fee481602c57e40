-- What makes a version, articles that prove to be one, typed edits, named upstreams and independent lines.

-- Sameness: trivial differences make no version.

ALTER TABLE news.content ADD COLUMN sameness_hash bytea;
COMMENT ON COLUMN news.content.sameness_hash IS
    'Hash of the same without what changes by itself (relative times, counts, links elsewhere); null in old rows: content_hash counts';

-- Two articles that prove to be one: ids stay, a merge leads from one to the other, views follow it.

CREATE TABLE news.article_merge (
    from_article_id bigint NOT NULL REFERENCES news.article,
    into_article_id bigint NOT NULL REFERENCES news.article,
    article_key text NOT NULL,
    rule text NOT NULL,
    run_id bigint NOT NULL REFERENCES ops.run,
    recorded tstzrange NOT NULL CHECK (NOT isempty(recorded)),
    CHECK (from_article_id <> into_article_id)
);
CREATE UNIQUE INDEX article_merge_now ON news.article_merge (from_article_id) WHERE upper_inf(recorded);
CREATE INDEX article_merge_into ON news.article_merge (into_article_id) WHERE upper_inf(recorded);
COMMENT ON TABLE news.article_merge IS 'Articles that proved to be one: a redirect or rel=canonical led to both; flat, so one step leads to the main one';
COMMENT ON COLUMN news.article_merge.from_article_id IS 'The article that is read as part of the other';
COMMENT ON COLUMN news.article_merge.into_article_id IS 'The main one: observed first, then the lesser key';
COMMENT ON COLUMN news.article_merge.article_key IS 'The key that led to both';
COMMENT ON COLUMN news.article_merge.rule IS 'Why they are held to be one';
COMMENT ON COLUMN news.article_merge.run_id IS 'The run that found it';
COMMENT ON COLUMN news.article_merge.recorded IS 'While the warehouse held it so; open for what holds now';

CREATE FUNCTION news.main_article(article bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
SELECT coalesce((SELECT into_article_id FROM news.article_merge WHERE from_article_id = article AND upper_inf(recorded)), article)
$$;
COMMENT ON FUNCTION news.main_article(bigint) IS 'The article this one was merged into, or itself';

CREATE FUNCTION news.articles_in(article bigint) RETURNS bigint[] LANGUAGE sql STABLE AS $$
SELECT article || ARRAY(SELECT from_article_id FROM news.article_merge
                        WHERE into_article_id = article AND upper_inf(recorded) ORDER BY 1)
$$;
COMMENT ON FUNCTION news.articles_in(bigint) IS 'A main article and those merged into it';

-- What is to be settled before a run of deduplication ends; a killed run leaves it to the next.

CREATE TABLE ops.edit_due (
    article_id bigint PRIMARY KEY REFERENCES news.article
);
COMMENT ON TABLE ops.edit_due IS 'Articles whose versions changed since their edits were told';
COMMENT ON COLUMN ops.edit_due.article_id IS 'The article';

CREATE TABLE ops.story_due (
    due_on date PRIMARY KEY
);
COMMENT ON TABLE ops.story_due IS 'Stretches of days in which articles came since their stories were told';
COMMENT ON COLUMN ops.story_due.due_on IS 'First day of the stretch, UTC';

CREATE FUNCTION news.stretch_of(at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
SELECT date '1970-01-01' + (floor(extract(epoch FROM at) / 86400 / 4) * 4)::integer
$$;
COMMENT ON FUNCTION news.stretch_of(timestamptz) IS 'The first day of the stretch of four days, counted from 1970, that an instant lies in';

-- As before, but runs are of equal sameness, and what was merged is one line of versions. Of a run the first content
-- in observed order stands for all, so the order of arrival does not matter.
CREATE OR REPLACE FUNCTION news.settle_versions(articles bigint[], at timestamptz)
RETURNS TABLE (closed bigint, opened bigint) LANGUAGE sql AS $$
WITH main AS (
    SELECT DISTINCT news.main_article(a) AS article_id FROM unnest(articles) AS a
), member AS (
    SELECT article_id AS main_id, article_id FROM main
    UNION ALL
    SELECT m.into_article_id, m.from_article_id
    FROM main JOIN news.article_merge m ON m.into_article_id = main.article_id AND upper_inf(m.recorded)
), said AS (
    SELECT m.main_id AS article_id, o.observed_at, o.content_id,
           coalesce(c.sameness_hash, c.content_hash)
               IS DISTINCT FROM lag(coalesce(c.sameness_hash, c.content_hash)) OVER seq AS starts
    FROM member m
    JOIN news.observed_content o ON o.article_id = m.article_id AND upper_inf(o.recorded)
    JOIN news.content c USING (content_id)
    WINDOW seq AS (PARTITION BY m.main_id ORDER BY o.observed_at, o.blob_hash, o.article_id)
), wanted AS (
    SELECT article_id, content_id,
           tstzrange(observed_at, lead(observed_at) OVER (PARTITION BY article_id ORDER BY observed_at), '[)') AS observed
    FROM said WHERE starts
), kept AS (
    SELECT article_id, content_id, observed FROM wanted WHERE NOT isempty(observed)
), stale AS (
    SELECT v.version_id, v.article_id, lower(v.recorded) AS since FROM news.version v
    WHERE v.article_id IN (SELECT article_id FROM member) AND upper_inf(v.recorded)
      AND NOT EXISTS (SELECT FROM kept k
                      WHERE (k.article_id, k.content_id, k.observed) = (v.article_id, v.content_id, v.observed))
), dropped AS (
    DELETE FROM news.version v USING stale s WHERE v.version_id = s.version_id AND s.since >= at RETURNING v.article_id
), ended AS (
    UPDATE news.version v SET recorded = tstzrange(s.since, at, '[)')
    FROM stale s WHERE v.version_id = s.version_id AND s.since < at RETURNING v.article_id
), begun AS (
    INSERT INTO news.version (article_id, content_id, observed, recorded)
    SELECT k.article_id, k.content_id, k.observed, tstzrange(at, NULL, '[)') FROM kept k
    WHERE NOT EXISTS (SELECT FROM news.version v WHERE upper_inf(v.recorded)
                      AND (v.article_id, v.content_id, v.observed) = (k.article_id, k.content_id, k.observed))
    ORDER BY k.article_id, k.observed
    RETURNING article_id
), due AS (  -- an article that has one version, and had no other, has no edits
    INSERT INTO ops.edit_due (article_id)
    SELECT article_id FROM stale
    UNION SELECT article_id FROM begun
          WHERE (SELECT count(*) FROM kept k WHERE k.article_id = begun.article_id) > 1
    ORDER BY 1
    ON CONFLICT DO NOTHING
)
SELECT (SELECT count(*) FROM dropped) + (SELECT count(*) FROM ended), (SELECT count(*) FROM begun)
$$;

-- Typed edits.

CREATE TABLE news.edit (
    edit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id bigint NOT NULL REFERENCES news.article,
    from_content_id bigint NOT NULL REFERENCES news.content,
    to_content_id bigint NOT NULL REFERENCES news.content,
    changed_at timestamptz NOT NULL,
    ordinal integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('headline', 'byline', 'number', 'name', 'attribution', 'correction', 'added',
                                       'removed', 'moved', 'reworded')),
    field text NOT NULL CHECK (field IN ('title', 'standfirst', 'body', 'caption', 'author')),
    before_text text,
    before_start integer,
    before_end integer,
    after_text text,
    after_start integer,
    after_end integer,
    number_before numeric,
    number_after numeric,
    measure text,
    about text[] NOT NULL,
    run_id bigint NOT NULL REFERENCES ops.run,
    recorded tstzrange NOT NULL CHECK (NOT isempty(recorded)),
    CHECK (before_text IS NOT NULL OR after_text IS NOT NULL),
    CHECK ((before_text IS NULL) = (before_start IS NULL) AND (before_text IS NULL) = (before_end IS NULL)),
    CHECK ((after_text IS NULL) = (after_start IS NULL) AND (after_text IS NULL) = (after_end IS NULL))
);
CREATE INDEX edit_by_article ON news.edit (article_id) WHERE upper_inf(recorded);
CREATE INDEX edit_by_measure ON news.edit (measure, changed_at) WHERE upper_inf(recorded);
COMMENT ON TABLE news.edit IS 'What a publisher changed from one version to the next, as the same code read both';
COMMENT ON COLUMN news.edit.edit_id IS 'Surrogate key';
COMMENT ON COLUMN news.edit.article_id IS 'The article';
COMMENT ON COLUMN news.edit.from_content_id IS 'What it said before';
COMMENT ON COLUMN news.edit.to_content_id IS 'What it said then';
COMMENT ON COLUMN news.edit.changed_at IS 'First observation of what it said then: the edit is not later than this';
COMMENT ON COLUMN news.edit.ordinal IS 'Place among the edits between these two, from 1';
COMMENT ON COLUMN news.edit.kind IS 'headline, byline, number, name, attribution, correction (a notice), added, removed, moved, reworded';
COMMENT ON COLUMN news.edit.field IS 'title, standfirst, body, caption or author';
COMMENT ON COLUMN news.edit.before_text IS 'The words that went; null for what was added';
COMMENT ON COLUMN news.edit.before_start IS 'Offset in the field before, Unicode code points';
COMMENT ON COLUMN news.edit.before_end IS 'End of it, exclusive';
COMMENT ON COLUMN news.edit.after_text IS 'The words that came; null for what was removed';
COMMENT ON COLUMN news.edit.after_start IS 'Offset in the field after, Unicode code points';
COMMENT ON COLUMN news.edit.after_end IS 'End of it, exclusive';
COMMENT ON COLUMN news.edit.number_before IS 'The figure before, where it could be read; words for small numbers are read';
COMMENT ON COLUMN news.edit.number_after IS 'The figure after';
COMMENT ON COLUMN news.edit.measure IS 'What the number counts, in any language: killed, injured, missing, detained, displaced, damaged, or null';
COMMENT ON COLUMN news.edit.about IS 'Folded words near the number that both states have';
COMMENT ON COLUMN news.edit.run_id IS 'The run that found it';
COMMENT ON COLUMN news.edit.recorded IS 'While the warehouse held it so; open for what holds now';

-- Independent lines.

CREATE TABLE news.upstream (
    content_id bigint NOT NULL REFERENCES news.content,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('agency', 'institution', 'outlet', 'other')),
    field text NOT NULL CHECK (field IN ('title', 'standfirst', 'body')),
    start_offset integer NOT NULL,
    end_offset integer NOT NULL,
    surface text NOT NULL,
    rule text NOT NULL,
    run_id bigint NOT NULL REFERENCES ops.run,
    recorded tstzrange NOT NULL CHECK (NOT isempty(recorded)),
    CHECK (start_offset < end_offset)
);
CREATE INDEX upstream_now ON news.upstream (content_id) WHERE upper_inf(recorded);
COMMENT ON TABLE news.upstream IS 'Whom a text names as the source of what it reports: "according to the General Staff", «сообщает РИА Новости»';
COMMENT ON COLUMN news.upstream.content_id IS 'The content that names it';
COMMENT ON COLUMN news.upstream.name IS 'Folded name: equal names are one upstream';
COMMENT ON COLUMN news.upstream.kind IS 'agency, institution, outlet, or other (a name of no known kind)';
COMMENT ON COLUMN news.upstream.field IS 'title, standfirst or body';
COMMENT ON COLUMN news.upstream.start_offset IS 'Offset of the name in the field, Unicode code points';
COMMENT ON COLUMN news.upstream.end_offset IS 'End of it, exclusive';
COMMENT ON COLUMN news.upstream.surface IS 'The name as written';
COMMENT ON COLUMN news.upstream.rule IS 'The pattern that found it';
COMMENT ON COLUMN news.upstream.run_id IS 'The run that found it';
COMMENT ON COLUMN news.upstream.recorded IS 'While the warehouse held it so; open for what holds now';

CREATE FUNCTION news.story_ties(story bigint) RETURNS TABLE (article_id bigint, kind text, tie text)
LANGUAGE sql STABLE ROWS 30 AS $$
WITH member AS (
    SELECT DISTINCT news.main_article(t.article_id) AS article_id
    FROM news.story_article t WHERE t.story_id = story AND upper_inf(t.recorded)
)
SELECT a.article_id, 'family', lower(coalesce(s.owner, s.outlet, s.source_name))
FROM member JOIN news.article a USING (article_id) JOIN ops.source s USING (source_id)
UNION ALL
SELECT m.article_id, 'origin', coalesce(
    (SELECT news.main_article(c.origin_article_id) FROM news.copy_of c
     WHERE c.copy_article_id = m.article_id AND upper_inf(c.recorded)), m.article_id)::text
FROM member m
UNION
SELECT m.article_id, 'upstream', u.name
FROM member m
JOIN news.version v ON v.article_id = m.article_id AND upper_inf(v.recorded) AND upper_inf(v.observed)
JOIN news.upstream u ON u.content_id = v.content_id AND upper_inf(u.recorded)
$$;
COMMENT ON FUNCTION news.story_ties(bigint) IS
    'What each article of a story rests on: its family of outlets, its origin (itself unless a copy), each upstream its latest text names';

-- Union-find over a story's ties. A story is small and asked for alone or with a few others, and the answer follows
-- from what holds now, so nothing is stored that could fall behind.
CREATE FUNCTION news.story_lines(story bigint) RETURNS TABLE (article_id bigint, line integer)
LANGUAGE plpgsql STABLE ROWS 10 AS $$
DECLARE
    ids bigint[];
    head integer[];
    one record;
    a integer;
    b integer;
BEGIN
    SELECT array_agg(t.article_id ORDER BY c.published_at NULLS LAST, c.first_observed_at, t.article_id) INTO ids
    FROM (SELECT DISTINCT s.article_id FROM news.story_ties(story) s) AS t
    JOIN LATERAL (
        SELECT min(c.published_at) AS published_at, a.first_observed_at
        FROM news.article a LEFT JOIN news.content c ON c.article_id = a.article_id
        WHERE a.article_id = t.article_id GROUP BY a.first_observed_at
    ) AS c ON true;
    head := ARRAY(SELECT generate_series(1, cardinality(ids)));
    FOR one IN
        WITH place AS (SELECT p.article_id, p.n::integer FROM unnest(ids) WITH ORDINALITY AS p (article_id, n))
        SELECT p.n, min(p.n) OVER (PARTITION BY t.kind, t.tie) AS first
        FROM news.story_ties(story) t JOIN place p USING (article_id)
    LOOP
        a := one.n;
        b := one.first;
        WHILE head[a] <> a LOOP head[a] := head[head[a]]; a := head[a]; END LOOP;
        WHILE head[b] <> b LOOP head[b] := head[head[b]]; b := head[b]; END LOOP;
        IF a <> b THEN head[greatest(a, b)] := least(a, b); END IF;
    END LOOP;
    FOR a IN 1 .. coalesce(cardinality(ids), 0) LOOP
        head[a] := head[head[a]];  -- heads come first, so theirs are settled
    END LOOP;
    RETURN QUERY SELECT ids[n], dense_rank() OVER (ORDER BY head[n])::integer
                 FROM generate_series(1, cardinality(ids)) AS n;
END $$;
COMMENT ON FUNCTION news.story_lines(bigint) IS
    'The independent lines of a story: articles tied by family, origin or upstream, directly or through others, are one line';

-- Copies: fewer bands a text. What lies beyond the smallest fourteenth of the sketch leaves the index.

DELETE FROM news.fingerprint_band b USING news.fingerprint f
WHERE f.content_id = b.content_id AND b.bucket > f.sketch[least(greatest(f.shingles / 14, 24), 96, cardinality(f.sketch))];
COMMENT ON TABLE news.fingerprint_band IS
    'Index of fingerprints: contents that share two buckets are compared; by quarter, so a look-up reads one or two';
COMMENT ON COLUMN news.copy_of.origin_article_id IS
    'The first of its group: the agency it credits, then by publication, fullness, observation, address';

-- What was learned and what it was used for: a line is furniture from when it was learned on, and never ceases to be;
-- a fingerprint names the lines it was made with, so that it can be told from one made before or after.

ALTER TABLE news.fingerprint ADD COLUMN furniture bigint[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN news.fingerprint.furniture IS
    'The lines it holds that its outlet''s table of furniture (news.furniture_line) had when it was made, ascending';
COMMENT ON COLUMN news.furniture_line.learned_at IS
    'When the third came; null while it is no furniture. What was known at an instant is what was learned until then';
COMMENT ON TABLE news.copy_pair IS
    'Pairs of articles whose texts are alike: the edges copies are drawn from, so one can see why. Where more than fifty run one text, not all pairs are looked up, and which are depends on arrival; groups, origins and news.copy_of do not';
