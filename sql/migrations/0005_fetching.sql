-- Sitemaps, page lists and WARC beside feeds and files.

ALTER TABLE ops.source DROP CONSTRAINT source_kind_check;
ALTER TABLE ops.source ADD CONSTRAINT source_kind_check CHECK (kind IN ('feed', 'sitemap', 'pages', 'warc', 'files'));
COMMENT ON COLUMN ops.source.kind IS
    'feed or pages (show only the present), sitemap, warc or files (have a past)';
COMMENT ON COLUMN ops.source.url IS 'Address to ask, or path of the file or folder';

ALTER TABLE ops.source ADD COLUMN link_selector text;
COMMENT ON COLUMN ops.source.link_selector IS 'CSS selector of the links to articles, for pages';

ALTER TABLE ops.host_state ADD COLUMN paused_until timestamptz, ADD COLUMN pause_reason text;
COMMENT ON COLUMN ops.host_state.paused_until IS 'Until when the host is left alone for more than politeness';
COMMENT ON COLUMN ops.host_state.pause_reason IS
    'Why: rate_limited where it asked for it; dns_failed, unreachable or timed_out where it kept failing';
