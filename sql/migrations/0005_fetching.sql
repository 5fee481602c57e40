-- Kinds of source beside feeds and files, what polling learns of them, pages asked again, archives read in part.

-- Kinds of source ----------------------------------------------------------------

ALTER TABLE ops.source DROP CONSTRAINT source_kind_check;
ALTER TABLE ops.source ADD CONSTRAINT source_kind_check CHECK (kind IN ('feed', 'sitemap', 'pages', 'warc', 'files'));
COMMENT ON COLUMN ops.source.kind IS
    'feed or pages (show only the present), sitemap, warc or files (have a past)';
COMMENT ON COLUMN ops.source.url IS 'Address to ask, or path of the file or folder';

ALTER TABLE ops.source ADD COLUMN link_selector text;
COMMENT ON COLUMN ops.source.link_selector IS 'CSS selector of the links to articles, for pages';

-- What polling learned ---------------------------------------------------------------

ALTER TABLE ops.source_state
    DROP COLUMN is_gone,
    ADD COLUMN is_validator_trusted boolean NOT NULL DEFAULT true,
    ADD COLUMN validators_judged_at timestamptz,
    ADD COLUMN validators_judgement text,
    ADD COLUMN not_modified_count integer NOT NULL DEFAULT 0,
    ADD COLUMN last_body_at timestamptz,
    ADD COLUMN last_success_at timestamptz,
    ADD COLUMN last_reason text,
    ADD COLUMN next_poll_rule text,
    ADD COLUMN ttl_minutes integer,
    ADD COLUMN skip_hours smallint[] NOT NULL DEFAULT '{}',
    ADD COLUMN skip_days smallint[] NOT NULL DEFAULT '{}',
    ADD COLUMN gap_minutes double precision,
    ADD COLUMN longest_gap_minutes double precision,
    ADD COLUMN entries integer NOT NULL DEFAULT 0,
    ADD COLUMN silent_after_minutes double precision,
    ADD COLUMN is_overflowing boolean NOT NULL DEFAULT false,
    ADD COLUMN given_up_at timestamptz,
    ADD COLUMN gone_at timestamptz,
    ADD COLUMN moved_at timestamptz,
    ADD COLUMN clock_learned_at timestamptz,
    ADD COLUMN opt_outs jsonb,
    ADD COLUMN opt_outs_read_at timestamptz;
COMMENT ON COLUMN ops.source_state.is_validator_trusted IS 'Whether its ETag and Last-Modified are believed; false once they were found to lie';
COMMENT ON COLUMN ops.source_state.validators_judged_at IS 'When they were last found to lie; believed again a week later';
COMMENT ON COLUMN ops.source_state.validators_judgement IS 'What proved the lie';
COMMENT ON COLUMN ops.source_state.not_modified_count IS 'Answers of 304 since the last body';
COMMENT ON COLUMN ops.source_state.last_body_at IS 'Last answer with a body';
COMMENT ON COLUMN ops.source_state.last_success_at IS 'Last answer that could be used, 304 included';
COMMENT ON COLUMN ops.source_state.last_reason IS 'Why the last poll failed; null if it did not';
COMMENT ON COLUMN ops.source_state.next_poll_rule IS
    'Which rule set next_poll_at: interval, ttl, cache_control, expires, rhythm, overflow, retry_after, skip_hours, skip_days, failing, given_up or gone';
COMMENT ON COLUMN ops.source_state.ttl_minutes IS 'Pause the source asks for in its own text (ttl, sy:*)';
COMMENT ON COLUMN ops.source_state.skip_hours IS 'Hours, UTC, in which it asks not to be read';
COMMENT ON COLUMN ops.source_state.skip_days IS 'Days of the week, 0 Monday, in which it asks not to be read';
COMMENT ON COLUMN ops.source_state.gap_minutes IS 'Usual time between two new entries, moving mean';
COMMENT ON COLUMN ops.source_state.longest_gap_minutes IS 'Longest time without a new entry, slowly forgotten';
COMMENT ON COLUMN ops.source_state.entries IS 'Entries its rhythm was learned from';
COMMENT ON COLUMN ops.source_state.silent_after_minutes IS 'Without anything new for longer than this it has fallen silent; null while its rhythm is unknown';
COMMENT ON COLUMN ops.source_state.is_overflowing IS 'All the last poll showed was new: entries may have come and gone unseen';
COMMENT ON COLUMN ops.source_state.given_up_at IS 'Failures weighed 30: asked once a week since';
COMMENT ON COLUMN ops.source_state.gone_at IS '410: asked once a month since';
COMMENT ON COLUMN ops.source_state.moved_at IS 'When the new address was first read as this source';
COMMENT ON COLUMN ops.source_state.clock_learned_at IS 'When its clock was last examined';
COMMENT ON COLUMN ops.source_state.opt_outs IS 'What it says to machines that read for training or mining, as read';
COMMENT ON COLUMN ops.source_state.opt_outs_read_at IS 'When that was read';

CREATE TABLE ops.listing (
    source_id integer NOT NULL REFERENCES ops.source,
    url text NOT NULL,
    stated_at timestamptz,
    etag text,
    last_modified text,
    blob_hash bytea,
    last_read_at timestamptz NOT NULL,
    PRIMARY KEY (source_id, url)
);
COMMENT ON TABLE ops.listing IS 'Sitemaps that an index names: one is read again only if the index says that it changed, or says nothing';
COMMENT ON COLUMN ops.listing.source_id IS 'The source whose index names it';
COMMENT ON COLUMN ops.listing.url IS 'Its address';
COMMENT ON COLUMN ops.listing.stated_at IS 'Its lastmod in the index when it was last read';
COMMENT ON COLUMN ops.listing.etag IS 'ETag as given, verbatim';
COMMENT ON COLUMN ops.listing.last_modified IS 'Last-Modified as given, verbatim';
COMMENT ON COLUMN ops.listing.blob_hash IS 'sha256 of its last body';
COMMENT ON COLUMN ops.listing.last_read_at IS 'When it was last asked for with success';

-- Entries: one row an id and page, so that an id given to two pages leads to both -----------

ALTER TABLE ops.feed_item DROP CONSTRAINT feed_item_pkey;
ALTER TABLE ops.feed_item ADD PRIMARY KEY (source_id, guid_hash, url_key);
ALTER TABLE ops.feed_item
    ADD COLUMN claimed_at timestamptz,
    ADD COLUMN date_rule text NOT NULL DEFAULT 'undated',
    ADD COLUMN clock_version integer,
    ADD COLUMN waited_minutes real;
CREATE INDEX feed_item_clock ON ops.feed_item (source_id, first_seen_at) WHERE waited_minutes IS NOT NULL;
COMMENT ON COLUMN ops.feed_item.item_hash IS 'Hash of title, page, words and dates: tells a changed entry';
COMMENT ON COLUMN ops.feed_item.url_key IS 'Canonical form of its link, or urn:dateline:<source>:<item> if it has none: leads to the article';
COMMENT ON COLUMN ops.feed_item.claimed_at IS 'Publication as the entry states it, exact times only';
COMMENT ON COLUMN ops.feed_item.date_rule IS
    'What was made of it: undated, as_claimed, corrected, does_not_fit (the feed''s offset does not fit this entry) or future_date (refused)';
COMMENT ON COLUMN ops.feed_item.clock_version IS 'The learned offset that corrected it';
COMMENT ON COLUMN ops.feed_item.waited_minutes IS 'Time between the poll that first showed it and the one before; null at the first poll';

CREATE TABLE ops.clock_offset (
    clock_version integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id integer NOT NULL REFERENCES ops.source,
    offset_minutes integer NOT NULL,
    entries integer NOT NULL,
    rule text NOT NULL CHECK (rule IN ('honest', 'own_zone', 'whole_hour', 'half_hour')),
    recorded tstzrange NOT NULL,
    run_id bigint NOT NULL REFERENCES ops.run,
    EXCLUDE USING gist (source_id WITH =, recorded WITH &&)
);
COMMENT ON TABLE ops.clock_offset IS 'Learned: how far a source''s claimed times are off; results name the version they used';
COMMENT ON COLUMN ops.clock_offset.clock_version IS 'Version that results name';
COMMENT ON COLUMN ops.clock_offset.source_id IS 'The source';
COMMENT ON COLUMN ops.clock_offset.offset_minutes IS 'To be added to what it claims; 0 for an honest clock that was wrong before';
COMMENT ON COLUMN ops.clock_offset.entries IS 'Entries it was learned from';
COMMENT ON COLUMN ops.clock_offset.rule IS 'What explains it: the source''s own zone, a whole hour, a half hour, or nothing to explain';
COMMENT ON COLUMN ops.clock_offset.recorded IS 'While it was in force';
COMMENT ON COLUMN ops.clock_offset.run_id IS 'The run that learned it';

ALTER TABLE news.content
    ADD COLUMN published_claimed_at timestamptz,
    ADD COLUMN published_clock_version integer REFERENCES ops.clock_offset;
COMMENT ON COLUMN news.content.published_claimed_at IS 'What the feed claimed, where published_at is its correction';
COMMENT ON COLUMN news.content.published_clock_version IS 'The learned clock offset that corrected it';

-- Pages, asked again --------------------------------------------------------------------

CREATE TABLE ops.page (
    article_key text PRIMARY KEY,
    source_id integer NOT NULL REFERENCES ops.source,
    url text NOT NULL,
    hints jsonb NOT NULL DEFAULT '{}',
    etag text,
    last_modified text,
    blob_hash bytea,
    first_fetched_at timestamptz NOT NULL,
    last_fetched_at timestamptz NOT NULL,
    next_fetch_at timestamptz,
    gone_at timestamptz
);
CREATE INDEX page_due ON ops.page (source_id, next_fetch_at) WHERE next_fetch_at IS NOT NULL;
COMMENT ON TABLE ops.page IS 'Pages as last fetched, to ask them again conditionally; the index holds only those that will be';
COMMENT ON COLUMN ops.page.article_key IS 'Canonical form of the address: leads to the article';
COMMENT ON COLUMN ops.page.source_id IS 'The source that brought it';
COMMENT ON COLUMN ops.page.url IS 'Address to ask';
COMMENT ON COLUMN ops.page.hints IS 'What its source said of it, but for the text';
COMMENT ON COLUMN ops.page.etag IS 'ETag as given, verbatim';
COMMENT ON COLUMN ops.page.last_modified IS 'Last-Modified as given, verbatim';
COMMENT ON COLUMN ops.page.blob_hash IS 'sha256 of its last body; null if it never gave one';
COMMENT ON COLUMN ops.page.first_fetched_at IS 'First asked; the times of refetching count from here';
COMMENT ON COLUMN ops.page.last_fetched_at IS 'Last asked';
COMMENT ON COLUMN ops.page.next_fetch_at IS 'To be asked again then; null when that is over';
COMMENT ON COLUMN ops.page.gone_at IS 'When it first answered 404 or 410 after it had given a body';

ALTER TABLE ops.work ADD COLUMN rank smallint NOT NULL DEFAULT 0;
DROP INDEX ops.work_order;
CREATE INDEX work_order ON ops.work (stage, rank, work_id);
CREATE INDEX work_by_source ON ops.work (source_id, stage) WHERE rank = 0;
COMMENT ON COLUMN ops.work.rank IS '0 for what is new, 1 for what is only asked again: the new goes first';

-- Requests: the text of an entry is a capture too, and each counts for a day --------------------

ALTER TABLE ops.fetch DROP CONSTRAINT fetch_kind_check;
ALTER TABLE ops.fetch ADD CONSTRAINT fetch_kind_check CHECK (kind IN ('feed', 'page', 'item', 'file'));
ALTER TABLE ops.fetch ADD COLUMN covered_on date;
UPDATE ops.fetch SET covered_on = (observed_at AT TIME ZONE 'UTC')::date;
ALTER TABLE ops.fetch ALTER COLUMN covered_on SET NOT NULL;
CREATE INDEX fetch_by_day ON ops.fetch (source_id, covered_on);
CREATE INDEX fetch_by_run ON ops.fetch (run_id);
CREATE INDEX observation_by_fetch ON news.observation (fetch_id);
COMMENT ON COLUMN ops.fetch.kind IS 'feed (any listing: feed, sitemap, page list), page, item (the text of a feed entry itself) or file';
COMMENT ON COLUMN ops.fetch.covered_on IS 'The day it counts for, UTC: of observed_at, or in a backfill from a sitemap of publication';

-- Archives, read in part --------------------------------------------------------------

CREATE TABLE ops.archive_offset (
    source_id integer NOT NULL REFERENCES ops.source,
    file_name text NOT NULL,
    file_mark text NOT NULL,
    start_on date NOT NULL,
    end_on date NOT NULL,
    next_offset bigint NOT NULL DEFAULT 0,
    records integer NOT NULL DEFAULT 0,
    is_done boolean NOT NULL DEFAULT false,
    run_id bigint NOT NULL REFERENCES ops.run,
    read_at timestamptz NOT NULL,
    PRIMARY KEY (source_id, file_name, start_on, end_on)
);
COMMENT ON TABLE ops.archive_offset IS 'How far each archive file was read for an interval: a reader that was stopped goes on there';
COMMENT ON COLUMN ops.archive_offset.source_id IS 'The archive';
COMMENT ON COLUMN ops.archive_offset.file_name IS 'The file, relative to the archive';
COMMENT ON COLUMN ops.archive_offset.file_mark IS 'Size and time of change when it was read: a file that changed is read anew';
COMMENT ON COLUMN ops.archive_offset.start_on IS 'First day of the interval';
COMMENT ON COLUMN ops.archive_offset.end_on IS 'The day after its last';
COMMENT ON COLUMN ops.archive_offset.next_offset IS 'Byte at which the next record begins';
COMMENT ON COLUMN ops.archive_offset.records IS 'Pages kept of it so far';
COMMENT ON COLUMN ops.archive_offset.is_done IS 'Whether it was read to its end';
COMMENT ON COLUMN ops.archive_offset.run_id IS 'The run that last read it';
COMMENT ON COLUMN ops.archive_offset.read_at IS 'When';

ALTER TABLE ops.host_state ADD COLUMN paused_until timestamptz, ADD COLUMN pause_reason text;
COMMENT ON COLUMN ops.host_state.paused_until IS 'Until when the host is left alone for more than politeness';
COMMENT ON COLUMN ops.host_state.pause_reason IS
    'Why: rate_limited where it asked for it; dns_failed, unreachable or timed_out where it kept failing';
