-- What the columns of the public views mean: those computed are told here; the others mean what the columns they are
-- taken from mean.

COMMENT ON COLUMN mart.article.outlet_country_code IS 'Country of the outlet, ISO 3166 alpha-2';
COMMENT ON COLUMN mart.article.observed_since IS 'Since when the publisher has shown this text';
COMMENT ON COLUMN mart.article.versions IS 'How many states of it the publisher showed';
COMMENT ON COLUMN mart.article.url IS 'Its address, or urn:dateline:… where it has none';
COMMENT ON COLUMN mart.copy.copy_outlet IS 'Outlet of the copy';
COMMENT ON COLUMN mart.copy.copy_title IS 'Title of the copy';
COMMENT ON COLUMN mart.copy.copy_published_at IS 'When the copy was published';
COMMENT ON COLUMN mart.copy.origin_outlet IS 'Outlet of the origin';
COMMENT ON COLUMN mart.copy.origin_title IS 'Title of the origin';
COMMENT ON COLUMN mart.copy.origin_published_at IS 'When the origin was published';
COMMENT ON COLUMN mart.edit.place_before_id IS 'The place named before, where the name was resolved';
COMMENT ON COLUMN mart.edit.place_after_id IS 'The place named after';
COMMENT ON COLUMN mart.mention.place IS 'Name of the place';
COMMENT ON COLUMN mart.mention.gazetteer IS 'Version of the gazetteer it was resolved with';
COMMENT ON COLUMN mart.mention_candidate.chosen_place_id IS 'The place that was chosen for the mention; null where doubt remains';
COMMENT ON COLUMN mart.mention_candidate.place IS 'Name of this candidate';
COMMENT ON COLUMN mart.place.place IS 'Name of the place';
COMMENT ON COLUMN mart.place.articles IS 'Articles that name it now';
COMMENT ON COLUMN mart.place.mentions IS 'How often they name it';
COMMENT ON COLUMN mart.place.outlets IS 'Outlets that name it';
COMMENT ON COLUMN mart.place_override.place IS 'Name of the place meant';
COMMENT ON COLUMN mart.place_override.text_sha256 IS 'sha256 of the text it concerns; null where it concerns a name';
COMMENT ON COLUMN mart.place_override.since IS 'Since when it holds';
COMMENT ON COLUMN mart.place_override.conflict IS 'What is wrong with it; null where nothing is';
COMMENT ON COLUMN mart.provenance.captured_as IS 'page, feed, file or archive: which capture the text was read from';
COMMENT ON COLUMN mart.provenance.sha256 IS 'Of the bytes as received';
COMMENT ON COLUMN mart.provenance.body_retired_at IS 'When the bytes were let go of, by rule of retention; null: they are held';
COMMENT ON COLUMN mart.provenance.run IS 'Airflow''s id of the run that made the text';
COMMENT ON COLUMN mart.silent_source.silent_since IS 'When something new last came';
COMMENT ON COLUMN mart.silent_source.silence IS 'How long ago that was at the last success';
COMMENT ON COLUMN mart.silent_source.usual_gap IS 'Usual pause between two new items';
COMMENT ON COLUMN mart.silent_source.longest_gap IS 'Longest pause seen';
COMMENT ON COLUMN mart.silent_source.expected_within IS 'Silence that its rhythm explains';
COMMENT ON COLUMN mart.source.usual_gap IS 'Usual pause between two new items';
COMMENT ON COLUMN mart.source.silent_after IS 'Silence that its rhythm explains';
COMMENT ON COLUMN mart.source.clock_offset_minutes IS 'Minutes its stated times are ahead of the true ones; null: no rule';
COMMENT ON COLUMN mart.source.clock_rule IS 'How its clock was found out';
COMMENT ON COLUMN mart.stage.seen IS 'Items the stage saw';
COMMENT ON COLUMN mart.stage.kept IS 'Items that went on';
COMMENT ON COLUMN mart.stage.rejected IS 'Items turned away, each with a reason';
COMMENT ON COLUMN mart.stage.released IS 'Items left to another run';
COMMENT ON COLUMN mart.stage.unfinished IS 'Items still in work';
COMMENT ON COLUMN mart.story.articles IS 'Articles that tell it';
COMMENT ON COLUMN mart.story.outlets IS 'Outlets that tell it';
COMMENT ON COLUMN mart.story.originals IS 'Of the articles, those that copy nobody';
COMMENT ON COLUMN mart.story.first_published_at IS 'Earliest publication';
COMMENT ON COLUMN mart.story.last_published_at IS 'Latest publication';
COMMENT ON COLUMN mart.story.first_title IS 'Title of the earliest';
COMMENT ON COLUMN mart.story.article_ids IS 'The articles, earliest first';
COMMENT ON COLUMN mart.story_line.line IS 'Number of the independent line, from 1';
COMMENT ON COLUMN mart.story_line.family IS 'Owner; else the outlet itself';
COMMENT ON COLUMN mart.story_source.articles IS 'Articles that tell it';
COMMENT ON COLUMN mart.story_source.outlets IS 'Outlets they stand in';
COMMENT ON COLUMN mart.story_source.families IS 'Owners of those outlets';
COMMENT ON COLUMN mart.story_source.origins IS 'Texts that are no copies of one another';
COMMENT ON COLUMN mart.story_source.independent_lines IS 'Lines that share neither family nor origin nor named upstream';
COMMENT ON COLUMN mart.story_tie.kind IS 'family, origin or upstream';
COMMENT ON COLUMN mart.story_tie.tie IS 'The owner, the origin''s article id, or the upstream''s name';
COMMENT ON COLUMN mart.story_tie.articles IS 'How many articles it ties';
COMMENT ON COLUMN mart.story_tie.article_ids IS 'Which';
COMMENT ON COLUMN mart.stub.first_seen_at IS 'First capture of the page';
COMMENT ON COLUMN mart.stub.last_seen_at IS 'Latest capture of the page';
COMMENT ON COLUMN mart.stub.stated_title IS 'Title as its feed stated it';
COMMENT ON COLUMN mart.stub.stated_published_at IS 'Publication as its feed stated it';
COMMENT ON COLUMN mart.stub.sha256 IS 'Of the latest bytes';
COMMENT ON COLUMN mart.version.observed_from IS 'Since when the publisher showed it';
COMMENT ON COLUMN mart.version.observed_to IS 'Until when; null: still';
COMMENT ON COLUMN mart.version.recorded_from IS 'Since when the warehouse held it so';
COMMENT ON COLUMN mart.version.recorded_to IS 'Until when; null: still';

DO $$
DECLARE
    target record;
    found text;
BEGIN
    FOR target IN
        SELECT c.oid, c.relname, a.attnum, a.attname
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = 'mart'::regnamespace AND c.relkind = 'v' AND col_description(c.oid, a.attnum) IS NULL
        ORDER BY c.oid, a.attnum
    LOOP
        SELECT col_description(b.attrelid, b.attnum) INTO found
        FROM pg_rewrite r
        JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
        JOIN pg_attribute b ON b.attrelid = d.refobjid AND b.attnum = d.refobjsubid
        WHERE r.ev_class = target.oid AND d.refobjid <> target.oid AND b.attname = target.attname
          AND col_description(b.attrelid, b.attnum) IS NOT NULL
        ORDER BY b.attrelid LIMIT 1;
        IF found IS NOT NULL THEN
            EXECUTE format('COMMENT ON COLUMN mart.%I.%I IS %L', target.relname, target.attname, found);
        END IF;
    END LOOP;
END $$;
