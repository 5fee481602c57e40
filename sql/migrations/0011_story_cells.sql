-- Stories told by cells of days, and institutions told apart by their country.

ALTER TABLE news.upstream ADD COLUMN ties boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN news.upstream.ties IS
    'Whether equal names are one upstream; false where it is not known whose institution it is ("the General Staff")';
COMMENT ON COLUMN news.upstream.name IS
    'Folded name; of an institution its kind and country ("general staff UA"). Equal names are one upstream, if they tie';

-- As before, but for upstreams nobody can place.
CREATE OR REPLACE FUNCTION news.story_ties(story bigint) RETURNS TABLE (article_id bigint, kind text, tie text)
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
JOIN news.upstream u ON u.content_id = v.content_id AND upper_inf(u.recorded) AND u.ties
$$;

-- Copies: fewer bands a text once more. What lies beyond the smallest eighteenth of the sketch leaves the index.

DELETE FROM news.fingerprint_band b USING news.fingerprint f
WHERE f.content_id = b.content_id AND b.bucket > f.sketch[least(greatest(f.shingles / 18, 24), 96, cardinality(f.sketch))];
COMMENT ON TABLE news.fingerprint_band IS
    'Index of fingerprints: contents that share two buckets are compared; by quarter, so a look-up reads one or two';
COMMENT ON TABLE news.copy_pair IS
    'Pairs of articles whose texts are alike: the edges copies are drawn from, so one can see why. Of a bucket that more than fifty hold within two weeks of a batch, the fifty earliest then held are compared; so of a crowd each edge told is true, but which are told beyond those that join it depends on arrival. Groups, origins and news.copy_of do not';
COMMENT ON TABLE news.furniture_line IS
    'Lines by outlet: one that recurs in three articles is furniture, and is not compared. Its version is learned_at, for a line never ceases to be furniture; results name the lines they used (news.fingerprint.furniture)';

-- Stories are told by cells: stretches of four days (news.stretch_of), each grouped together with the next.

CREATE TABLE ops.story_cell (
    stretch_on date NOT NULL,
    article_id bigint NOT NULL,
    group_id bigint NOT NULL,
    PRIMARY KEY (stretch_on, article_id)
);
COMMENT ON TABLE ops.story_cell IS
    'Which articles of a stretch and the next tell one event, as grouped last; stories are chains of such groups';
COMMENT ON COLUMN ops.story_cell.stretch_on IS 'First day of the earlier stretch, UTC';
COMMENT ON COLUMN ops.story_cell.article_id IS 'An article grouped with others; one alone has no row';
COMMENT ON COLUMN ops.story_cell.group_id IS 'The first article of its group, by time and address';

-- Loaders add to the list while another takes from it: rows of its own for each, so that nobody waits.
ALTER TABLE ops.story_due DROP CONSTRAINT story_due_pkey;
ALTER TABLE ops.story_due ADD COLUMN story_due_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;
COMMENT ON COLUMN ops.story_due.story_due_id IS 'Surrogate key';
COMMENT ON COLUMN ops.story_due.due_on IS 'First day of the stretch, UTC; may stand several times';
COMMENT ON COLUMN news.story.story_id IS 'Stable id: of stories that merge the one that began first goes on';

-- What was told before is told anew by cells.
INSERT INTO ops.story_due (due_on) SELECT DISTINCT news.stretch_of(seen_at) FROM news.story_feature;

-- A wrong merge is undone by a person, for good.

CREATE TABLE news.article_split (
    article_id bigint PRIMARY KEY REFERENCES news.article,
    main_article_id bigint NOT NULL REFERENCES news.article,
    reason text NOT NULL CHECK (reason <> ''),
    run_id bigint NOT NULL REFERENCES ops.run,
    split_at timestamptz NOT NULL
);
COMMENT ON TABLE news.article_split IS
    'Articles a person found to be none of the group they were merged into: whatever leads to both, they are merged no more';
COMMENT ON COLUMN news.article_split.article_id IS 'The article that stands alone';
COMMENT ON COLUMN news.article_split.main_article_id IS 'The article that spoke for the group it was in';
COMMENT ON COLUMN news.article_split.reason IS 'Why, in words';
COMMENT ON COLUMN news.article_split.run_id IS 'The run that did it';
COMMENT ON COLUMN news.article_split.split_at IS 'When it was done';
