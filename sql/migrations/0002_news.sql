-- Articles, what they said (contents) and when (observations and versions on two clocks).

CREATE TABLE news.article (
    article_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id integer NOT NULL REFERENCES ops.source,
    first_observed_at timestamptz NOT NULL,
    run_id bigint NOT NULL REFERENCES ops.run,
    created_at timestamptz NOT NULL
);
CREATE INDEX article_by_day ON news.article (first_observed_at);
CREATE INDEX article_by_source ON news.article (source_id, first_observed_at);
COMMENT ON TABLE news.article IS 'One article: a permanent id, whatever it said and wherever it moved';
COMMENT ON COLUMN news.article.article_id IS 'Permanent id';
COMMENT ON COLUMN news.article.source_id IS 'The source that first brought it';
COMMENT ON COLUMN news.article.first_observed_at IS 'Time of the capture that created it';
COMMENT ON COLUMN news.article.run_id IS 'The run that first brought it';
COMMENT ON COLUMN news.article.created_at IS 'When the row was made';

CREATE TABLE news.article_key (
    article_key text PRIMARY KEY CHECK (length(article_key) <= 2048),
    article_id bigint NOT NULL REFERENCES news.article,
    kind text NOT NULL CHECK (kind IN ('url', 'alias', 'urn')),
    run_id bigint NOT NULL REFERENCES ops.run,
    created_at timestamptz NOT NULL
);
CREATE INDEX article_key_by_article ON news.article_key (article_id);
COMMENT ON TABLE news.article_key IS 'Every key that leads to an article';
COMMENT ON COLUMN news.article_key.article_key IS 'Canonical form of an address, or urn:dateline:<source>:<item>';
COMMENT ON COLUMN news.article_key.article_id IS 'The article';
COMMENT ON COLUMN news.article_key.kind IS 'url (as requested), alias (AMP, redirect, rel=canonical) or urn (no address)';
COMMENT ON COLUMN news.article_key.run_id IS 'The run that learned it';
COMMENT ON COLUMN news.article_key.created_at IS 'When the row was made';

CREATE TABLE news.observation (
    article_id bigint NOT NULL REFERENCES news.article,
    observed_at timestamptz NOT NULL,
    blob_hash bytea NOT NULL REFERENCES raw.blob_key,
    fetch_id bigint NOT NULL REFERENCES ops.fetch,
    PRIMARY KEY (article_id, observed_at, blob_hash)
);
CREATE INDEX observation_by_day ON news.observation (observed_at);
COMMENT ON TABLE news.observation IS 'Fact: the article''s address gave these bytes at this time';
COMMENT ON COLUMN news.observation.article_id IS 'The article';
COMMENT ON COLUMN news.observation.observed_at IS 'Time of the request, the archive record or the dated file';
COMMENT ON COLUMN news.observation.blob_hash IS 'The bytes';
COMMENT ON COLUMN news.observation.fetch_id IS 'The fetch that first brought this observation';

CREATE TABLE news.content (
    content_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id bigint NOT NULL REFERENCES news.article,
    content_hash bytea NOT NULL,
    title text,
    standfirst text,
    body text NOT NULL CHECK (body <> ''),
    captions text,
    authors text[] NOT NULL,
    section text,
    site_name text,
    language_code text,
    language_confidence real,
    published_at timestamptz,
    published_precision text CHECK (published_precision IN ('instant', 'minute', 'day', 'month')),
    published_origin text,
    published_as_stated text,
    modified_at timestamptz,
    modified_origin text,
    canonical_url text,
    extractor text NOT NULL,
    code_version text NOT NULL,
    run_id bigint NOT NULL REFERENCES ops.run,
    created_at timestamptz NOT NULL,
    UNIQUE (article_id, content_hash),
    CHECK ((published_at IS NULL) = (published_precision IS NULL))
);
COMMENT ON TABLE news.content IS 'Immutable: what extraction made of a capture';
COMMENT ON COLUMN news.content.content_id IS 'Surrogate key';
COMMENT ON COLUMN news.content.article_id IS 'The article that said it';
COMMENT ON COLUMN news.content.content_hash IS 'Hash of title, standfirst, body, captions, authors and publication date';
COMMENT ON COLUMN news.content.title IS 'Headline as published';
COMMENT ON COLUMN news.content.standfirst IS 'Lead text set apart from the body';
COMMENT ON COLUMN news.content.body IS 'Paragraphs joined by a blank line; NFC, the publisher''s characters kept';
COMMENT ON COLUMN news.content.captions IS 'Picture captions joined by a blank line';
COMMENT ON COLUMN news.content.authors IS 'People named as authors';
COMMENT ON COLUMN news.content.section IS 'Section as the page names it';
COMMENT ON COLUMN news.content.site_name IS 'Site as the page names it';
COMMENT ON COLUMN news.content.language_code IS 'ISO 639-1, detected';
COMMENT ON COLUMN news.content.language_confidence IS '0 to 1';
COMMENT ON COLUMN news.content.published_at IS 'As stated; at day precision midnight UTC; null when undated';
COMMENT ON COLUMN news.content.published_precision IS 'instant, minute, day or month';
COMMENT ON COLUMN news.content.published_origin IS 'Which signal gave it';
COMMENT ON COLUMN news.content.published_as_stated IS 'The signal''s own words';
COMMENT ON COLUMN news.content.modified_at IS 'Last change, as stated';
COMMENT ON COLUMN news.content.modified_origin IS 'Which signal gave it';
COMMENT ON COLUMN news.content.canonical_url IS 'rel=canonical as stated: evidence, not truth';
COMMENT ON COLUMN news.content.extractor IS 'What gave the body, with its version';
COMMENT ON COLUMN news.content.code_version IS 'Dateline version';
COMMENT ON COLUMN news.content.run_id IS 'The run that made it';
COMMENT ON COLUMN news.content.created_at IS 'When the row was made';

CREATE TABLE news.observed_content (
    article_id bigint NOT NULL,
    observed_at timestamptz NOT NULL,
    blob_hash bytea NOT NULL,
    content_id bigint NOT NULL REFERENCES news.content,
    recorded tstzrange NOT NULL,
    FOREIGN KEY (article_id, observed_at, blob_hash) REFERENCES news.observation,
    EXCLUDE USING gist (article_id WITH =, observed_at WITH =, blob_hash WITH =, recorded WITH &&)
        DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX observed_content_now ON news.observed_content (article_id) WHERE upper_inf(recorded);
COMMENT ON TABLE news.observed_content IS 'What each observation says, as the code of the time read it';
COMMENT ON COLUMN news.observed_content.article_id IS 'The article';
COMMENT ON COLUMN news.observed_content.observed_at IS 'The observation''s time';
COMMENT ON COLUMN news.observed_content.blob_hash IS 'The observation''s bytes';
COMMENT ON COLUMN news.observed_content.content_id IS 'What they say';
COMMENT ON COLUMN news.observed_content.recorded IS 'While the warehouse read it so';

CREATE TABLE news.version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id bigint NOT NULL REFERENCES news.article,
    content_id bigint NOT NULL REFERENCES news.content,
    observed tstzrange NOT NULL,
    recorded tstzrange NOT NULL CHECK (NOT isempty(recorded)),
    EXCLUDE USING gist (article_id WITH =, observed WITH &&, recorded WITH &&) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX version_now ON news.version (article_id) WHERE upper_inf(recorded);
CREATE INDEX version_by_content ON news.version (content_id);
COMMENT ON TABLE news.version IS 'The article said this content over observed, as the warehouse held it over recorded';
COMMENT ON COLUMN news.version.version_id IS 'Surrogate key';
COMMENT ON COLUMN news.version.article_id IS 'The article';
COMMENT ON COLUMN news.version.content_id IS 'What it said';
COMMENT ON COLUMN news.version.observed IS 'From the first observation of it to the first of another; open for the latest';
COMMENT ON COLUMN news.version.recorded IS 'While the warehouse held it so; open for what holds now';

-- Versions follow from observations alone: runs of equal content in observed order. Set-based and idempotent, so a
-- late capture slots in, a return to an earlier text is a version of its own, and a repeat changes nothing.
CREATE FUNCTION news.settle_versions(articles bigint[], at timestamptz)
RETURNS TABLE (closed bigint, opened bigint) LANGUAGE sql AS $$
WITH said AS (
    SELECT article_id, observed_at, content_id,
           content_id IS DISTINCT FROM lag(content_id) OVER seq AS starts
    FROM news.observed_content
    WHERE article_id = ANY (articles) AND upper_inf(recorded)
    WINDOW seq AS (PARTITION BY article_id ORDER BY observed_at, blob_hash)
), wanted AS (
    SELECT article_id, content_id,
           tstzrange(observed_at, lead(observed_at) OVER (PARTITION BY article_id ORDER BY observed_at), '[)') AS observed
    FROM said WHERE starts
), kept AS (
    SELECT article_id, content_id, observed FROM wanted WHERE NOT isempty(observed)
), stale AS (
    SELECT v.version_id, lower(v.recorded) AS since FROM news.version v
    WHERE v.article_id = ANY (articles) AND upper_inf(v.recorded)
      AND NOT EXISTS (SELECT FROM kept k
                      WHERE (k.article_id, k.content_id, k.observed) = (v.article_id, v.content_id, v.observed))
), dropped AS (
    DELETE FROM news.version v USING stale s WHERE v.version_id = s.version_id AND s.since >= at RETURNING 1
), ended AS (
    UPDATE news.version v SET recorded = tstzrange(s.since, at, '[)')
    FROM stale s WHERE v.version_id = s.version_id AND s.since < at RETURNING 1
), begun AS (
    INSERT INTO news.version (article_id, content_id, observed, recorded)
    SELECT k.article_id, k.content_id, k.observed, tstzrange(at, NULL, '[)') FROM kept k
    WHERE NOT EXISTS (SELECT FROM news.version v WHERE upper_inf(v.recorded)
                      AND (v.article_id, v.content_id, v.observed) = (k.article_id, k.content_id, k.observed))
    ORDER BY k.article_id, k.observed
    RETURNING 1
)
SELECT (SELECT count(*) FROM dropped) + (SELECT count(*) FROM ended), (SELECT count(*) FROM begun)
$$;
COMMENT ON FUNCTION news.settle_versions(bigint[], timestamptz) IS
    'Makes the versions of these articles agree with their observations; answers how many intervals closed and opened';

CREATE TABLE news.sighting (
    article_id bigint NOT NULL REFERENCES news.article,
    source_id integer NOT NULL REFERENCES ops.source,
    guid_hash bytea NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    PRIMARY KEY (article_id, source_id, guid_hash)
);
CREATE INDEX sighting_by_item ON news.sighting (source_id, guid_hash);
COMMENT ON TABLE news.sighting IS 'The same article in several feeds is one article, several sightings';
COMMENT ON COLUMN news.sighting.article_id IS 'The article';
COMMENT ON COLUMN news.sighting.source_id IS 'The source that showed it';
COMMENT ON COLUMN news.sighting.guid_hash IS 'sha256 of the entry''s id there';
COMMENT ON COLUMN news.sighting.first_seen_at IS 'First seen there';
COMMENT ON COLUMN news.sighting.last_seen_at IS 'Last seen there, at most daily';
