-- Reprocessing: what was stated of a capture beside its bytes, shadows of what today's code makes of an interval, and
-- what earlier code said of a content beside its text.

-- What was stated ------------------------------------------------------------------------
-- Bytes alone do not tell what extraction was given: a feed's entry names a title and a date, a dated file its outlet.

CREATE TABLE raw.stated (
    fetch_id bigint PRIMARY KEY REFERENCES ops.fetch ON DELETE CASCADE,
    article_key text,
    hints jsonb
);
COMMENT ON TABLE raw.stated IS 'What was stated of a capture beside its bytes, as extraction was given it; captures of which nothing was stated have no row';
COMMENT ON COLUMN raw.stated.fetch_id IS 'The capture';
COMMENT ON COLUMN raw.stated.article_key IS 'The key it was asked for; null in rows of before this was kept';
COMMENT ON COLUMN raw.stated.hints IS 'Title, authors, date, language, summary as stated by its feed, sitemap or file; null: not known any more';

INSERT INTO raw.stated (fetch_id, article_key, hints)
SELECT DISTINCT ON (o.fetch_id) o.fetch_id, NULL, CASE WHEN f.kind = 'page' THEN coalesce(  -- an archived page has none
    (SELECT p.hints FROM news.article_key k JOIN ops.page p USING (article_key)
     WHERE k.article_id = o.article_id ORDER BY k.article_key LIMIT 1), '{}') END
FROM news.observation o JOIN ops.fetch f USING (fetch_id)
ON CONFLICT DO NOTHING;

-- What earlier code said beside a text ------------------------------------------------------
-- A content is one text of one article for good. Where better code reads the same text but another section, language or
-- dateline, the row says what today's code says, and what it said before is here.

CREATE TABLE news.content_before (
    content_id bigint NOT NULL REFERENCES news.content,
    said jsonb NOT NULL,
    code_version text NOT NULL,
    run_id bigint NOT NULL REFERENCES ops.run,
    recorded tstzrange NOT NULL CHECK (NOT isempty(recorded))
);
CREATE INDEX content_before_of ON news.content_before (content_id);
COMMENT ON TABLE news.content_before IS 'What earlier code said of a content beside its text (language, section, dateline and the like), where today''s says otherwise';
COMMENT ON COLUMN news.content_before.content_id IS 'The content';
COMMENT ON COLUMN news.content_before.said IS 'Its columns, and those of its details, as they were';
COMMENT ON COLUMN news.content_before.code_version IS 'The code that said so';
COMMENT ON COLUMN news.content_before.run_id IS 'The run that put other values in their place';
COMMENT ON COLUMN news.content_before.recorded IS 'While the warehouse held it so';

-- Shadows ------------------------------------------------------------------------------------

CREATE TABLE ops.reprocess (
    reprocess_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL UNIQUE REFERENCES ops.run,
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL CHECK (end_at > start_at),
    what text[] NOT NULL CHECK (what <@ '{text,places,copies}' AND cardinality(what) > 0),
    source_id integer REFERENCES ops.source,
    code_version text NOT NULL,
    gazetteer_id integer NOT NULL REFERENCES geo.gazetteer,
    state text NOT NULL CHECK (state IN ('deriving', 'ready', 'approved', 'dropped')),
    made_at timestamptz NOT NULL,
    settled_at timestamptz,
    left_alone integer
);
COMMENT ON TABLE ops.reprocess IS 'An interval read again with the code of a day, into a shadow that is compared, then approved or dropped';
COMMENT ON COLUMN ops.reprocess.reprocess_id IS 'Surrogate key';
COMMENT ON COLUMN ops.reprocess.run_id IS 'The run that made it; what it puts in names this run';
COMMENT ON COLUMN ops.reprocess.start_at IS 'Articles observed from then on';
COMMENT ON COLUMN ops.reprocess.end_at IS 'Articles observed before then';
COMMENT ON COLUMN ops.reprocess.what IS 'text, places, copies: what is done anew; what follows from a changed text always is';
COMMENT ON COLUMN ops.reprocess.source_id IS 'Only articles of this source; null for all';
COMMENT ON COLUMN ops.reprocess.code_version IS 'The code that derives it; no other may go on with it or approve it';
COMMENT ON COLUMN ops.reprocess.gazetteer_id IS 'The gazetteer it uses';
COMMENT ON COLUMN ops.reprocess.state IS 'deriving, ready (compared, waits for approval), approved (swapped in) or dropped';
COMMENT ON COLUMN ops.reprocess.made_at IS 'When it was begun';
COMMENT ON COLUMN ops.reprocess.settled_at IS 'When it was approved or dropped';
COMMENT ON COLUMN ops.reprocess.left_alone IS 'Articles that changed while it was swapped in and kept what they had';

CREATE TABLE ops.shadow_article (
    reprocess_id bigint NOT NULL REFERENCES ops.reprocess,
    article_id bigint NOT NULL REFERENCES news.article,
    base bytea,
    captures integer NOT NULL DEFAULT 0,
    PRIMARY KEY (reprocess_id, article_id)
);
CREATE INDEX shadow_article_waiting ON ops.shadow_article (reprocess_id, article_id) WHERE base IS NULL;
COMMENT ON TABLE ops.shadow_article IS 'Articles of a shadow: those without a base are still to be read';
COMMENT ON COLUMN ops.shadow_article.reprocess_id IS 'The shadow';
COMMENT ON COLUMN ops.shadow_article.article_id IS 'The main article; what was merged into it is read with it';
COMMENT ON COLUMN ops.shadow_article.base IS 'Hash of what the warehouse held of it when it was read (ops.article_base): another now, and it is read again';
COMMENT ON COLUMN ops.shadow_article.captures IS 'How many captures were read';

CREATE TABLE ops.shadow_reading (
    reprocess_id bigint NOT NULL REFERENCES ops.reprocess,
    main_id bigint NOT NULL,
    article_id bigint NOT NULL,
    observed_at timestamptz NOT NULL,
    blob_hash bytea NOT NULL,
    content_hash bytea NOT NULL,
    PRIMARY KEY (reprocess_id, main_id, article_id, observed_at, blob_hash)
);
COMMENT ON TABLE ops.shadow_reading IS 'Observations that today''s code reads differently';
COMMENT ON COLUMN ops.shadow_reading.reprocess_id IS 'The shadow';
COMMENT ON COLUMN ops.shadow_reading.main_id IS 'The main article';
COMMENT ON COLUMN ops.shadow_reading.article_id IS 'The article observed';
COMMENT ON COLUMN ops.shadow_reading.observed_at IS 'When';
COMMENT ON COLUMN ops.shadow_reading.blob_hash IS 'The bytes';
COMMENT ON COLUMN ops.shadow_reading.content_hash IS 'What they say';

CREATE TABLE ops.shadow_content (
    reprocess_id bigint NOT NULL REFERENCES ops.reprocess,
    main_id bigint NOT NULL,
    article_id bigint NOT NULL,
    content_hash bytea NOT NULL,
    content_id bigint,
    said jsonb NOT NULL,
    details jsonb NOT NULL,
    PRIMARY KEY (reprocess_id, main_id, article_id, content_hash)
);
COMMENT ON TABLE ops.shadow_content IS 'Contents that the warehouse does not hold so';
COMMENT ON COLUMN ops.shadow_content.reprocess_id IS 'The shadow';
COMMENT ON COLUMN ops.shadow_content.main_id IS 'The main article';
COMMENT ON COLUMN ops.shadow_content.article_id IS 'The article that says it';
COMMENT ON COLUMN ops.shadow_content.content_hash IS 'Its hash, as in news.content';
COMMENT ON COLUMN ops.shadow_content.content_id IS 'The content that has this text with other values beside it; null where the text is new';
COMMENT ON COLUMN ops.shadow_content.said IS 'Its columns';
COMMENT ON COLUMN ops.shadow_content.details IS 'Its details';

CREATE TABLE ops.shadow_tagging (
    reprocess_id bigint NOT NULL REFERENCES ops.reprocess,
    main_id bigint NOT NULL,
    article_id bigint NOT NULL,
    content_hash bytea NOT NULL,
    override_version text,
    tagged jsonb NOT NULL,
    PRIMARY KEY (reprocess_id, main_id, article_id, content_hash)
);
COMMENT ON TABLE ops.shadow_tagging IS 'Places of contents as tagged anew, where that differs or the text is new';
COMMENT ON COLUMN ops.shadow_tagging.reprocess_id IS 'The shadow';
COMMENT ON COLUMN ops.shadow_tagging.main_id IS 'The main article';
COMMENT ON COLUMN ops.shadow_tagging.article_id IS 'The article that says it';
COMMENT ON COLUMN ops.shadow_tagging.content_hash IS 'The content';
COMMENT ON COLUMN ops.shadow_tagging.override_version IS 'Corrections that concerned it';
COMMENT ON COLUMN ops.shadow_tagging.tagged IS 'Mentions, people-words and focus';

CREATE TABLE ops.shadow_difference (
    reprocess_id bigint NOT NULL REFERENCES ops.reprocess,
    article_id bigint NOT NULL,
    kind text NOT NULL,
    rule text NOT NULL,
    outlet text NOT NULL,
    before text,
    after text,
    amount double precision
);
CREATE INDEX shadow_difference_of ON ops.shadow_difference (reprocess_id, article_id);
COMMENT ON TABLE ops.shadow_difference IS 'What would change: the report of a shadow, kept when it is approved';
COMMENT ON COLUMN ops.shadow_difference.reprocess_id IS 'The shadow';
COMMENT ON COLUMN ops.shadow_difference.article_id IS 'The main article';
COMMENT ON COLUMN ops.shadow_difference.kind IS
    'text, title, standfirst, captions, authors, date, beside (values beside the text), refused (not read as an article today), unread (its bytes or what was stated are not held), mention_added, mention_removed, mention_moved, mention_role, evidence, copy_added, copy_removed, copy_regrouped, copy_retold, story_joined, story_left, story_moved, edit_added, edit_removed, override_lost';
COMMENT ON COLUMN ops.shadow_difference.rule IS 'The rule behind it: extractor, origin of a date, method of a mention, rule of a copy, reason of a refusal';
COMMENT ON COLUMN ops.shadow_difference.outlet IS 'The outlet; the source''s name where that is unknown';
COMMENT ON COLUMN ops.shadow_difference.before IS 'What is held, in short';
COMMENT ON COLUMN ops.shadow_difference.after IS 'What would be, in short';
COMMENT ON COLUMN ops.shadow_difference.amount IS 'How much: share of words that differ, km moved, days moved, similarity';

CREATE FUNCTION ops.article_base(article bigint) RETURNS bytea LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
SELECT sha256(convert_to(coalesce(string_agg(ROW(o.article_id, o.observed_at, o.blob_hash, o.content_id, t.tagging_id)::text, ''
    ORDER BY o.article_id, o.observed_at, o.blob_hash), ''), 'UTF8'))
FROM unnest(news.articles_in(article)) AS a (article_id)
JOIN news.observed_content o ON o.article_id = a.article_id AND upper_inf(o.recorded)
LEFT JOIN news.tagging t ON t.content_id = o.content_id AND upper_inf(t.recorded)
$$;
COMMENT ON FUNCTION ops.article_base(bigint) IS 'Hash of what is held of an article: its observations, what each says, and how that is tagged';
