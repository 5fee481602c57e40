-- What extraction says beside the text: one narrow row a content, so that the text's identity stays what it was.

CREATE TABLE news.content_detail (
    content_id bigint PRIMARY KEY REFERENCES news.content,
    agencies text[] NOT NULL,
    credits text[] NOT NULL,
    is_paywalled boolean NOT NULL,
    published_offset interval,
    modified_precision text CHECK (modified_precision IN ('instant', 'minute', 'day', 'month')),
    refused_dates text[] NOT NULL,
    dateline_start integer,
    dateline_end integer,
    dateline_place text,
    dateline_on date,
    dateline_agency text,
    images jsonb NOT NULL,
    quotes int4range[] NOT NULL,
    CHECK ((dateline_start IS NULL) = (dateline_end IS NULL)),
    CHECK (dateline_start >= 0 AND dateline_start < dateline_end)
);
COMMENT ON TABLE news.content_detail IS 'What extraction says of a content beside its text; no part of its identity';
COMMENT ON COLUMN news.content_detail.content_id IS 'The content';
COMMENT ON COLUMN news.content_detail.agencies IS 'News agencies credited or in the dateline, by their short names';
COMMENT ON COLUMN news.content_detail.credits IS
    'Who is credited beside people: agencies, outlets, desks, accounts; as stated';
COMMENT ON COLUMN news.content_detail.is_paywalled IS 'The page says it is not free, and yet gave its text';
COMMENT ON COLUMN news.content_detail.published_offset IS
    'Offset from UTC of the instant of publication as stated; null where it stated none';
COMMENT ON COLUMN news.content_detail.modified_precision IS 'instant, minute, day or month';
COMMENT ON COLUMN news.content_detail.refused_dates IS 'Dates of publication stated that no article can have, each with why';
COMMENT ON COLUMN news.content_detail.dateline_start IS 'Where the dateline begins in the body, in code points';
COMMENT ON COLUMN news.content_detail.dateline_end IS 'Where it ends, exclusive: fingerprints skip the span';
COMMENT ON COLUMN news.content_detail.dateline_place IS 'Its place, as written';
COMMENT ON COLUMN news.content_detail.dateline_on IS 'Its day; a year not written is the nearest to publication';
COMMENT ON COLUMN news.content_detail.dateline_agency IS 'Its agency, by its short name';
COMMENT ON COLUMN news.content_detail.images IS 'Pictures in order: [{"url": …, "caption": …}]';
COMMENT ON COLUMN news.content_detail.quotes IS 'Spans of the body the page sets apart as quotations, in code points';
COMMENT ON COLUMN news.content.published_origin IS
    'Which signal gave it; update: the page tells only of its last change, so published then or earlier';
