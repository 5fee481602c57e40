-- Work, runs and ledgers (ops), and bodies as received (raw).

CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE SCHEMA raw;
CREATE SCHEMA news;
CREATE SCHEMA geo;
CREATE SCHEMA ops;
COMMENT ON SCHEMA raw IS 'Bodies as received, never edited';
COMMENT ON SCHEMA news IS 'One row per real thing, normalized: articles, contents, versions, copies, mentions';
COMMENT ON SCHEMA geo IS 'The gazetteer, by version';
COMMENT ON SCHEMA ops IS 'Work, runs, ledgers, coverage and checks: what was done and what is missing';

-- Sources ------------------------------------------------------------------

CREATE TABLE ops.source (
    source_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_name text NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('feed', 'files')),
    url text NOT NULL,
    outlet text,
    owner text,
    country_code text,
    language_code text,
    home_region text,
    time_zone text NOT NULL DEFAULT 'UTC',
    tier smallint NOT NULL DEFAULT 2,
    terms text,
    poll_minutes integer NOT NULL DEFAULT 15 CHECK (poll_minutes >= 0),
    has_archive boolean NOT NULL,
    is_enabled boolean NOT NULL,
    is_private_allowed boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz
);
COMMENT ON TABLE ops.source IS 'What can be polled or read: one row an entry of the registry; removed ones are disabled, never deleted';
COMMENT ON COLUMN ops.source.source_id IS 'Surrogate key';
COMMENT ON COLUMN ops.source.source_name IS 'Stable key of the registry';
COMMENT ON COLUMN ops.source.kind IS 'feed (shows only the present) or files (dated files: has a past)';
COMMENT ON COLUMN ops.source.url IS 'Address of the feed, or path of the folder';
COMMENT ON COLUMN ops.source.outlet IS 'The publication; null when unknown';
COMMENT ON COLUMN ops.source.owner IS 'The family the outlet belongs to';
COMMENT ON COLUMN ops.source.country_code IS 'ISO 3166 alpha-2';
COMMENT ON COLUMN ops.source.language_code IS 'ISO 639-1';
COMMENT ON COLUMN ops.source.home_region IS 'Admin-1 code, as US.TX: where the outlet is at home';
COMMENT ON COLUMN ops.source.time_zone IS 'IANA zone for dates that state no offset';
COMMENT ON COLUMN ops.source.tier IS '1 agency or national, 2 regional, 3 other';
COMMENT ON COLUMN ops.source.terms IS 'Note on terms of use';
COMMENT ON COLUMN ops.source.poll_minutes IS 'Shortest pause between polls, minutes';
COMMENT ON COLUMN ops.source.has_archive IS 'Whether days gone by can be fetched: a feed has no past';
COMMENT ON COLUMN ops.source.is_enabled IS 'Whether runs take it';
COMMENT ON COLUMN ops.source.is_private_allowed IS 'Whether private and loopback addresses are allowed, for this source only';
COMMENT ON COLUMN ops.source.created_at IS 'First seen in the registry';
COMMENT ON COLUMN ops.source.disabled_at IS 'When it left the registry or was switched off';

CREATE TABLE ops.source_state (
    source_id integer PRIMARY KEY REFERENCES ops.source,
    etag text,
    last_modified text,
    blob_hash bytea,
    next_poll_at timestamptz NOT NULL DEFAULT '-infinity',
    last_polled_at timestamptz,
    last_new_at timestamptz,
    failure_weight numeric(6, 2) NOT NULL DEFAULT 0,
    moved_to_url text,
    is_gone boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE ops.source_state IS 'What polling learned of a source';
COMMENT ON COLUMN ops.source_state.source_id IS 'The source';
COMMENT ON COLUMN ops.source_state.etag IS 'ETag as given, verbatim';
COMMENT ON COLUMN ops.source_state.last_modified IS 'Last-Modified as given, verbatim';
COMMENT ON COLUMN ops.source_state.blob_hash IS 'sha256 of the last body: the same bytes are no work';
COMMENT ON COLUMN ops.source_state.next_poll_at IS 'Not to be asked before';
COMMENT ON COLUMN ops.source_state.last_polled_at IS 'Last request';
COMMENT ON COLUMN ops.source_state.last_new_at IS 'Last time something new came';
COMMENT ON COLUMN ops.source_state.failure_weight IS 'Failures since the last success: hard 1, soft 0.5, temporary 0.25';
COMMENT ON COLUMN ops.source_state.moved_to_url IS 'New address, stated by a wholly permanent redirect chain';
COMMENT ON COLUMN ops.source_state.is_gone IS '410: not asked again';

CREATE TABLE ops.host_state (
    host text PRIMARY KEY,
    next_request_at timestamptz NOT NULL DEFAULT '-infinity',
    robots_body text,
    robots_status smallint,
    robots_fetched_at timestamptz
);
COMMENT ON TABLE ops.host_state IS 'Politeness a host, shared by all workers';
COMMENT ON COLUMN ops.host_state.host IS 'Host and port as in the address';
COMMENT ON COLUMN ops.host_state.next_request_at IS 'The next free slot; pushed ahead by each request and by Retry-After';
COMMENT ON COLUMN ops.host_state.robots_body IS 'robots.txt as last read';
COMMENT ON COLUMN ops.host_state.robots_status IS 'HTTP status it came with; 0 when the host could not be reached';
COMMENT ON COLUMN ops.host_state.robots_fetched_at IS 'When it was read; good for a day';

-- Runs and accounting --------------------------------------------------------

CREATE TABLE ops.run (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job text NOT NULL,
    external_id text NOT NULL,
    interval_start_at timestamptz,
    interval_end_at timestamptz,
    code_version text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    UNIQUE (job, external_id)
);
COMMENT ON TABLE ops.run IS 'One run of a job; every derived row leads here';
COMMENT ON COLUMN ops.run.run_id IS 'Surrogate key';
COMMENT ON COLUMN ops.run.job IS 'DAG or command';
COMMENT ON COLUMN ops.run.external_id IS 'Airflow''s run id, or a command''s own';
COMMENT ON COLUMN ops.run.interval_start_at IS 'Start of the data interval, if it has one';
COMMENT ON COLUMN ops.run.interval_end_at IS 'End of the data interval, not included';
COMMENT ON COLUMN ops.run.code_version IS 'Version of the code that ran';
COMMENT ON COLUMN ops.run.started_at IS 'First task started';
COMMENT ON COLUMN ops.run.finished_at IS 'Checks done; null while it runs or if it was cut off';

CREATE TABLE ops.ledger (
    run_id bigint NOT NULL REFERENCES ops.run,
    stage text NOT NULL CHECK (stage IN ('fetch', 'extract', 'deduplicate', 'geotag', 'check')),
    item_key text NOT NULL,
    source_id integer REFERENCES ops.source,
    state text NOT NULL CHECK (state IN ('claimed', 'kept', 'rejected', 'released')),
    reason text,
    detail text,
    at timestamptz NOT NULL,
    PRIMARY KEY (run_id, stage, item_key),
    CHECK ((state = 'rejected') = (reason IS NOT NULL))
);
CREATE INDEX ledger_rejected ON ops.ledger (at) WHERE state = 'rejected';
COMMENT ON TABLE ops.ledger IS 'Every item of every run and stage; it ends in exactly one state: kept, rejected or released';
COMMENT ON COLUMN ops.ledger.run_id IS 'The run';
COMMENT ON COLUMN ops.ledger.stage IS 'The stage';
COMMENT ON COLUMN ops.ledger.item_key IS 'The item: feed:…, page:…, file:…, capture:…, content:…';
COMMENT ON COLUMN ops.ledger.source_id IS 'Where the item came from';
COMMENT ON COLUMN ops.ledger.state IS 'claimed while in work, then kept, rejected, or released to another run';
COMMENT ON COLUMN ops.ledger.reason IS 'Why it was rejected, from a closed set';
COMMENT ON COLUMN ops.ledger.detail IS 'One line for a person';
COMMENT ON COLUMN ops.ledger.at IS 'When it entered this state';

CREATE TABLE ops.work (
    work_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stage text NOT NULL CHECK (stage IN ('fetch', 'extract', 'deduplicate', 'geotag')),
    item_key text NOT NULL,
    source_id integer NOT NULL REFERENCES ops.source,
    payload jsonb NOT NULL DEFAULT '{}',
    run_id bigint REFERENCES ops.run,
    owner text,
    lease_until timestamptz,
    attempts smallint NOT NULL DEFAULT 0,
    queued_by bigint NOT NULL REFERENCES ops.run,
    queued_at timestamptz NOT NULL,
    UNIQUE (stage, item_key)
);
CREATE INDEX work_order ON ops.work (stage, work_id);
COMMENT ON TABLE ops.work IS 'What waits: one row an item and stage, claimed in batches, deleted when done';
COMMENT ON COLUMN ops.work.work_id IS 'Surrogate key; the order of arrival';
COMMENT ON COLUMN ops.work.stage IS 'The stage it waits for';
COMMENT ON COLUMN ops.work.item_key IS 'The item, as in the ledger';
COMMENT ON COLUMN ops.work.source_id IS 'Where it came from';
COMMENT ON COLUMN ops.work.payload IS 'What the stage needs beside the key';
COMMENT ON COLUMN ops.work.run_id IS 'The run that holds it';
COMMENT ON COLUMN ops.work.owner IS 'The task that holds it: its retry may take it back at once';
COMMENT ON COLUMN ops.work.lease_until IS 'Others may take it after this';
COMMENT ON COLUMN ops.work.attempts IS 'How often it was claimed; a third failure makes it poison';
COMMENT ON COLUMN ops.work.queued_by IS 'The run that queued it and has the first claim on it';
COMMENT ON COLUMN ops.work.queued_at IS 'When it came in';

CREATE TABLE ops.coverage_day (
    source_id integer NOT NULL REFERENCES ops.source,
    covered_on date NOT NULL,
    expected integer,
    fetched integer NOT NULL DEFAULT 0,
    new integer NOT NULL DEFAULT 0,
    rejected integer NOT NULL DEFAULT 0,
    verdict text NOT NULL CHECK (verdict IN ('covered', 'empty', 'failed', 'feed_has_no_past')),
    run_id bigint REFERENCES ops.run,
    PRIMARY KEY (source_id, covered_on)
);
COMMENT ON TABLE ops.coverage_day IS 'Source by day: what came in, so that what is missing has a name';
COMMENT ON COLUMN ops.coverage_day.source_id IS 'The source';
COMMENT ON COLUMN ops.coverage_day.covered_on IS 'The day, UTC';
COMMENT ON COLUMN ops.coverage_day.expected IS 'Items the source said it has for that day; null when it cannot say';
COMMENT ON COLUMN ops.coverage_day.fetched IS 'Documents read';
COMMENT ON COLUMN ops.coverage_day.new IS 'Of those, articles not held before';
COMMENT ON COLUMN ops.coverage_day.rejected IS 'Items rejected';
COMMENT ON COLUMN ops.coverage_day.verdict IS 'covered, empty (looked, nothing there), failed, or feed_has_no_past';
COMMENT ON COLUMN ops.coverage_day.run_id IS 'The run that last looked';

CREATE TABLE ops.check_result (
    run_id bigint NOT NULL REFERENCES ops.run,
    check_name text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('error', 'warning')),
    offending bigint NOT NULL,
    sample jsonb NOT NULL,
    checked_at timestamptz NOT NULL,
    PRIMARY KEY (run_id, check_name)
);
COMMENT ON TABLE ops.check_result IS 'What the checks of a run found';
COMMENT ON COLUMN ops.check_result.run_id IS 'The run';
COMMENT ON COLUMN ops.check_result.check_name IS 'Name of the file in sql/checks';
COMMENT ON COLUMN ops.check_result.severity IS 'error fails the run, warning does not';
COMMENT ON COLUMN ops.check_result.offending IS 'How many rows were wrong';
COMMENT ON COLUMN ops.check_result.sample IS 'The first of them';
COMMENT ON COLUMN ops.check_result.checked_at IS 'When';

CREATE TABLE ops.tombstone (
    tombstone_key text PRIMARY KEY,
    removed_at timestamptz NOT NULL,
    reason text NOT NULL
);
COMMENT ON TABLE ops.tombstone IS 'What was removed, when and why; its keys block re-ingestion';
COMMENT ON COLUMN ops.tombstone.tombstone_key IS 'url:… or sha256:…';
COMMENT ON COLUMN ops.tombstone.removed_at IS 'When';
COMMENT ON COLUMN ops.tombstone.reason IS 'Why';

-- Bodies ---------------------------------------------------------------------

CREATE TABLE raw.blob_key (
    blob_hash bytea PRIMARY KEY CHECK (length(blob_hash) = 32),
    stored_month date NOT NULL,
    size bigint NOT NULL
);
COMMENT ON TABLE raw.blob_key IS 'Which bodies are held: narrow and unpartitioned, so a body is stored once';
COMMENT ON COLUMN raw.blob_key.blob_hash IS 'sha256 of the uncompressed bytes';
COMMENT ON COLUMN raw.blob_key.stored_month IS 'Partition of raw.blob that holds it: month of first sight';
COMMENT ON COLUMN raw.blob_key.size IS 'Uncompressed bytes';

CREATE TABLE raw.blob (
    blob_hash bytea NOT NULL,
    stored_month date NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (stored_month, blob_hash)
) PARTITION BY RANGE (stored_month);
ALTER TABLE raw.blob ALTER body SET STORAGE EXTERNAL;  -- zstd by us; Postgres need not try again
COMMENT ON TABLE raw.blob IS 'Bodies as received, zstd-compressed, in monthly partitions';
COMMENT ON COLUMN raw.blob.blob_hash IS 'sha256 of the uncompressed bytes';
COMMENT ON COLUMN raw.blob.stored_month IS 'First day of the month of first sight';
COMMENT ON COLUMN raw.blob.body IS 'zstd frame';

CREATE FUNCTION raw.ensure_month(month date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    first date := date_trunc('month', month)::date;
    part text := 'blob_' || to_char(first, 'YYYY_MM');
BEGIN
    IF to_regclass('raw.' || part) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('raw.ensure_month'));
    EXECUTE format('CREATE TABLE IF NOT EXISTS raw.%I PARTITION OF raw.blob FOR VALUES FROM (%L) TO (%L)',
                   part, first, (first + interval '1 month')::date);
END $$;
COMMENT ON FUNCTION raw.ensure_month(date) IS 'Makes the month''s partition of raw.blob if it is missing';

CREATE TABLE ops.fetch (
    fetch_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES ops.run,
    source_id integer NOT NULL REFERENCES ops.source,
    kind text NOT NULL CHECK (kind IN ('feed', 'page', 'file')),
    requested_url text NOT NULL,
    final_url text,
    fetched_at timestamptz NOT NULL,
    observed_at timestamptz NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('fetched', 'not_modified', 'failed')),
    reason text,
    status smallint,
    headers jsonb NOT NULL DEFAULT '{}',
    blob_hash bytea REFERENCES raw.blob_key,
    size bigint,
    duration_ms integer NOT NULL,
    detail text,
    CHECK ((outcome = 'fetched') = (blob_hash IS NOT NULL)),
    CHECK ((outcome = 'failed') = (reason IS NOT NULL))
);
CREATE INDEX fetch_by_source ON ops.fetch (source_id, fetched_at);
CREATE INDEX fetch_by_blob ON ops.fetch (blob_hash) WHERE blob_hash IS NOT NULL;
COMMENT ON TABLE ops.fetch IS 'One row per request; a capture is a fetch with a body';
COMMENT ON COLUMN ops.fetch.fetch_id IS 'Surrogate key';
COMMENT ON COLUMN ops.fetch.run_id IS 'The run that asked';
COMMENT ON COLUMN ops.fetch.source_id IS 'For which source';
COMMENT ON COLUMN ops.fetch.kind IS 'feed, page or file';
COMMENT ON COLUMN ops.fetch.requested_url IS 'Address asked';
COMMENT ON COLUMN ops.fetch.final_url IS 'Address that answered, redirects followed';
COMMENT ON COLUMN ops.fetch.fetched_at IS 'When the answer came';
COMMENT ON COLUMN ops.fetch.observed_at IS 'The time the body speaks for: of the request, of the archive record, of the dated file';
COMMENT ON COLUMN ops.fetch.outcome IS 'fetched, not_modified or failed';
COMMENT ON COLUMN ops.fetch.reason IS 'Why it failed, from a closed set';
COMMENT ON COLUMN ops.fetch.status IS 'HTTP status; null if there was none';
COMMENT ON COLUMN ops.fetch.headers IS 'Response headers kept, from a closed list';
COMMENT ON COLUMN ops.fetch.blob_hash IS 'The body';
COMMENT ON COLUMN ops.fetch.size IS 'Bytes of the body, uncompressed';
COMMENT ON COLUMN ops.fetch.duration_ms IS 'Time the request took, milliseconds';
COMMENT ON COLUMN ops.fetch.detail IS 'One line for a person';

CREATE TABLE ops.feed_item (
    source_id integer NOT NULL REFERENCES ops.source,
    guid_hash bytea NOT NULL,
    item_hash bytea NOT NULL,
    url_key text NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    PRIMARY KEY (source_id, guid_hash)
);
CREATE INDEX feed_item_by_url ON ops.feed_item (url_key);
COMMENT ON TABLE ops.feed_item IS 'Entries a feed has shown: an entry already seen and unchanged is no work';
COMMENT ON COLUMN ops.feed_item.source_id IS 'The feed';
COMMENT ON COLUMN ops.feed_item.guid_hash IS 'sha256 of the entry''s id';
COMMENT ON COLUMN ops.feed_item.item_hash IS 'Hash of title, link, text and dates: tells a changed entry';
COMMENT ON COLUMN ops.feed_item.url_key IS 'Canonical form of its link: leads to the article';
COMMENT ON COLUMN ops.feed_item.first_seen_at IS 'First poll that showed it';
COMMENT ON COLUMN ops.feed_item.last_seen_at IS 'Last poll that showed it, at most daily';
