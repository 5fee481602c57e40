-- Copies and stories: what is compared of a content, which pairs are alike, who copied whom, what tells of one event.

-- What is compared: derived from a content and its outlet's furniture, and remade when that grows.

CREATE TABLE news.furniture_line (
    outlet text NOT NULL,
    line_hash bigint NOT NULL,
    article_ids bigint[] NOT NULL CHECK (cardinality(article_ids) BETWEEN 1 AND 3),
    learned_at timestamptz,
    PRIMARY KEY (outlet, line_hash),
    CHECK ((learned_at IS NULL) = (cardinality(article_ids) < 3))
);
COMMENT ON TABLE news.furniture_line IS 'Lines by outlet: one that recurs in three articles is furniture, and is not compared';
COMMENT ON COLUMN news.furniture_line.outlet IS 'The outlet; the source''s name where its outlet is unknown';
COMMENT ON COLUMN news.furniture_line.line_hash IS 'Hash of the folded words of the line';
COMMENT ON COLUMN news.furniture_line.article_ids IS 'The first three articles seen to hold it';
COMMENT ON COLUMN news.furniture_line.learned_at IS 'When the third came; null while it is no furniture';

CREATE TABLE news.fingerprint (
    content_id bigint PRIMARY KEY REFERENCES news.content,
    article_id bigint NOT NULL REFERENCES news.article,
    seen_at timestamptz NOT NULL,
    text_hash bytea NOT NULL CHECK (length(text_hash) = 16),
    sketch bigint[] NOT NULL,
    numbers text[] NOT NULL,
    shingles integer NOT NULL,
    agency text,
    run_id bigint NOT NULL REFERENCES ops.run,
    made_at timestamptz NOT NULL
);
ALTER TABLE news.fingerprint ALTER sketch SET STORAGE EXTERNAL;  -- random bits do not compress
CREATE INDEX fingerprint_by_article ON news.fingerprint (article_id);
COMMENT ON TABLE news.fingerprint IS 'What is compared of a content';
COMMENT ON COLUMN news.fingerprint.content_id IS 'The content';
COMMENT ON COLUMN news.fingerprint.article_id IS 'Its article';
COMMENT ON COLUMN news.fingerprint.seen_at IS 'Time it is compared by: publication, else observation';
COMMENT ON COLUMN news.fingerprint.text_hash IS 'xxh3-128 of the folded words, furniture left out';
COMMENT ON COLUMN news.fingerprint.sketch IS 'The smallest hashes of its five-word shingles, ascending';
COMMENT ON COLUMN news.fingerprint.numbers IS 'The figures in the text';
COMMENT ON COLUMN news.fingerprint.shingles IS 'How many distinct shingles it has';
COMMENT ON COLUMN news.fingerprint.agency IS 'News agency it names as its origin';
COMMENT ON COLUMN news.fingerprint.run_id IS 'The run that made it';
COMMENT ON COLUMN news.fingerprint.made_at IS 'When it was made, or remade as furniture was learned';

CREATE TABLE news.fingerprint_band (
    bucket bigint NOT NULL,
    seen_on date NOT NULL,
    content_id bigint NOT NULL,
    PRIMARY KEY (bucket, seen_on, content_id)
) PARTITION BY RANGE (seen_on);
COMMENT ON TABLE news.fingerprint_band IS 'Index of fingerprints: contents sharing two buckets are compared; by quarter, so a look-up reads one or two';
COMMENT ON COLUMN news.fingerprint_band.bucket IS 'One of the smallest hashes of the sketch';
COMMENT ON COLUMN news.fingerprint_band.seen_on IS 'Day of the fingerprint, UTC';
COMMENT ON COLUMN news.fingerprint_band.content_id IS 'The content';

CREATE FUNCTION news.ensure_bands(day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    first date := date_trunc('quarter', day)::date;
    part text := 'fingerprint_band_' || to_char(first, 'YYYY_"q"Q');
BEGIN
    IF to_regclass('news.' || part) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('news.ensure_bands'));
    EXECUTE format('CREATE TABLE IF NOT EXISTS news.%I PARTITION OF news.fingerprint_band FOR VALUES FROM (%L) TO (%L)',
                   part, first, (first + interval '3 months')::date);
END $$;
COMMENT ON FUNCTION news.ensure_bands(date) IS 'Makes the quarter''s partition of news.fingerprint_band if it is missing';

-- What was found: pairs are the evidence, copies the decision drawn from them.

CREATE TABLE news.copy_pair (
    article_id bigint NOT NULL REFERENCES news.article,
    other_article_id bigint NOT NULL REFERENCES news.article,
    similarity real NOT NULL CHECK (similarity BETWEEN 0 AND 1),
    containment real NOT NULL CHECK (containment BETWEEN 0 AND 1),
    kind text NOT NULL CHECK (kind IN ('exact', 'near', 'wire', 'excerpt')),
    rule text NOT NULL,
    run_id bigint NOT NULL REFERENCES ops.run,
    recorded tstzrange NOT NULL CHECK (NOT isempty(recorded)),
    CHECK (article_id < other_article_id)
);
CREATE UNIQUE INDEX copy_pair_now ON news.copy_pair (article_id, other_article_id) WHERE upper_inf(recorded);
CREATE INDEX copy_pair_back ON news.copy_pair (other_article_id) WHERE upper_inf(recorded);
COMMENT ON TABLE news.copy_pair IS 'Pairs of articles whose texts are alike: the edges copies are drawn from, so one can see why';
COMMENT ON COLUMN news.copy_pair.article_id IS 'The one with the lower id';
COMMENT ON COLUMN news.copy_pair.other_article_id IS 'The other';
COMMENT ON COLUMN news.copy_pair.similarity IS 'Share of all their shingles that both have (resemblance), of their most alike contents';
COMMENT ON COLUMN news.copy_pair.containment IS 'Share of the shorter one''s shingles that the longer has';
COMMENT ON COLUMN news.copy_pair.kind IS 'exact, near, wire (both name the same agency) or excerpt';
COMMENT ON COLUMN news.copy_pair.rule IS 'The rule that accepted the pair';
COMMENT ON COLUMN news.copy_pair.run_id IS 'The run that found it';
COMMENT ON COLUMN news.copy_pair.recorded IS 'While the warehouse held it so; open for what holds now';

CREATE TABLE news.copy_of (
    copy_article_id bigint NOT NULL REFERENCES news.article,
    origin_article_id bigint NOT NULL REFERENCES news.article,
    via_article_id bigint NOT NULL REFERENCES news.article,
    kind text NOT NULL CHECK (kind IN ('exact', 'near', 'wire', 'excerpt')),
    similarity real NOT NULL CHECK (similarity BETWEEN 0 AND 1),
    rule text NOT NULL,
    run_id bigint NOT NULL REFERENCES ops.run,
    recorded tstzrange NOT NULL CHECK (NOT isempty(recorded)),
    CHECK (copy_article_id <> origin_article_id)
);
CREATE UNIQUE INDEX copy_of_now ON news.copy_of (copy_article_id) WHERE upper_inf(recorded);
CREATE INDEX copy_of_origin ON news.copy_of (origin_article_id) WHERE upper_inf(recorded);
CREATE INDEX copy_of_history ON news.copy_of (copy_article_id);
COMMENT ON TABLE news.copy_of IS 'This article is a copy of that one; marked, never deleted';
COMMENT ON COLUMN news.copy_of.copy_article_id IS 'The copy';
COMMENT ON COLUMN news.copy_of.origin_article_id IS 'The first of its group: by publication, observation, address';
COMMENT ON COLUMN news.copy_of.via_article_id IS 'The member of the group it is most alike, origins first';
COMMENT ON COLUMN news.copy_of.kind IS 'exact, near, wire (both name the same agency) or excerpt: against via';
COMMENT ON COLUMN news.copy_of.similarity IS 'Resemblance to via, 0 to 1';
COMMENT ON COLUMN news.copy_of.rule IS 'The rule that accepted that pair, and how the origin was chosen';
COMMENT ON COLUMN news.copy_of.run_id IS 'The run that found it';
COMMENT ON COLUMN news.copy_of.recorded IS 'While the warehouse held it so; open for what holds now';

-- Stories: articles on one event.

CREATE TABLE news.story_feature (
    article_id bigint PRIMARY KEY REFERENCES news.article,
    content_id bigint NOT NULL REFERENCES news.content,
    seen_at timestamptz NOT NULL,
    terms bigint[] NOT NULL,
    weights real[] NOT NULL,
    CHECK (cardinality(terms) = cardinality(weights))
);
CREATE INDEX story_feature_by_time ON news.story_feature (seen_at);
COMMENT ON TABLE news.story_feature IS 'What stories compare of an article''s first content: its terms';
COMMENT ON COLUMN news.story_feature.article_id IS 'The article';
COMMENT ON COLUMN news.story_feature.content_id IS 'The content they were taken from';
COMMENT ON COLUMN news.story_feature.seen_at IS 'Publication, else observation';
COMMENT ON COLUMN news.story_feature.terms IS 'Hashes of its words and names, ascending';
COMMENT ON COLUMN news.story_feature.weights IS 'How much each counts in it, before rarity';

CREATE TABLE news.story (
    story_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at timestamptz NOT NULL,
    merged_into_story_id bigint REFERENCES news.story,
    closed_at timestamptz
);
COMMENT ON TABLE news.story IS 'An event as several articles tell it; its id outlives merges and splits';
COMMENT ON COLUMN news.story.story_id IS 'Stable id: of stories that merge the one with most articles goes on';
COMMENT ON COLUMN news.story.created_at IS 'When it was first recognised';
COMMENT ON COLUMN news.story.merged_into_story_id IS 'The story most of its articles went to when it ended';
COMMENT ON COLUMN news.story.closed_at IS 'When it ended; null while it has articles';

CREATE TABLE news.story_article (
    story_id bigint NOT NULL REFERENCES news.story,
    article_id bigint NOT NULL REFERENCES news.article,
    run_id bigint NOT NULL REFERENCES ops.run,
    recorded tstzrange NOT NULL CHECK (NOT isempty(recorded))
);
CREATE UNIQUE INDEX story_article_now ON news.story_article (article_id) WHERE upper_inf(recorded);
CREATE INDEX story_article_story ON news.story_article (story_id) WHERE upper_inf(recorded);
COMMENT ON TABLE news.story_article IS 'Which articles tell a story; an article alone on its event is in none';
COMMENT ON COLUMN news.story_article.story_id IS 'The story';
COMMENT ON COLUMN news.story_article.article_id IS 'The article';
COMMENT ON COLUMN news.story_article.run_id IS 'The run that found it';
COMMENT ON COLUMN news.story_article.recorded IS 'While the warehouse held it so; open for what holds now';
