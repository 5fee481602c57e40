-- Relative places, and analysts' corrections that survive reprocessing.

ALTER TABLE news.mention
    ADD COLUMN relation text CHECK (relation IN ('near', 'outskirts', 'direction', 'distance', 'offset', 'between')),
    ADD COLUMN relation_km real CHECK (relation_km > 0),
    ADD COLUMN bearing smallint CHECK (bearing BETWEEN 0 AND 359),
    ADD COLUMN other_place_id bigint REFERENCES geo.place,
    ADD CHECK (relation IS NOT NULL OR (relation_km IS NULL AND bearing IS NULL)),
    ADD CHECK ((relation IS NOT DISTINCT FROM 'between') = (other_place_id IS NOT NULL)),
    ADD CHECK (relation IS NULL OR place_id IS NOT NULL);
COMMENT ON COLUMN news.mention.place_id IS 'The place named; null when unresolved. Where relation is given it only anchors what is meant';
COMMENT ON COLUMN news.mention.lat IS 'Latitude of what is meant, as resolved then: off the place where relation is given';
COMMENT ON COLUMN news.mention.lon IS 'Longitude of what is meant, as resolved then';
COMMENT ON COLUMN news.mention.relation IS 'How what is meant lies to the place named: near, outskirts, direction, distance, offset (both), between; null where it is the place itself';
COMMENT ON COLUMN news.mention.relation_km IS 'Distance from the place as stated, km';
COMMENT ON COLUMN news.mention.bearing IS 'Direction from the place as stated, degrees clockwise from north';
COMMENT ON COLUMN news.mention.other_place_id IS 'The other anchor of between';

ALTER TABLE news.tagging ADD COLUMN override_version text;
COMMENT ON COLUMN news.tagging.override_version IS 'Ids of the place overrides that concerned the text, in order; null where none did';

CREATE TABLE news.place_override (
    override_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    surface text NOT NULL CHECK (surface <> ''),
    place_id bigint REFERENCES geo.place,
    text_hash bytea,
    field text CHECK (field IN ('title', 'standfirst', 'body', 'caption')),
    start_offset integer CHECK (start_offset >= 0),
    outlet text,
    language_code text,
    note text NOT NULL,
    recorded tstzrange NOT NULL CHECK (NOT isempty(recorded)),
    CHECK ((text_hash IS NULL) = (field IS NULL) AND (field IS NULL) = (start_offset IS NULL)),
    CHECK (text_hash IS NULL OR (outlet IS NULL AND language_code IS NULL))
);
COMMENT ON TABLE news.place_override IS 'An analyst''s word on what a name means, or that it is no place; tagging applies it last';
COMMENT ON COLUMN news.place_override.override_id IS 'Surrogate key';
COMMENT ON COLUMN news.place_override.surface IS 'The name as written';
COMMENT ON COLUMN news.place_override.place_id IS 'What it means; null: no place';
COMMENT ON COLUMN news.place_override.text_hash IS 'sha256 of the one field''s text it concerns; null for every text';
COMMENT ON COLUMN news.place_override.field IS 'title, standfirst, body or caption, with text_hash';
COMMENT ON COLUMN news.place_override.start_offset IS 'First code point of the name, with text_hash';
COMMENT ON COLUMN news.place_override.outlet IS 'Outlet or source it holds for; null for any';
COMMENT ON COLUMN news.place_override.language_code IS 'ISO 639-1 of the texts it holds for; null for any';
COMMENT ON COLUMN news.place_override.note IS 'Who says so and why';
COMMENT ON COLUMN news.place_override.recorded IS 'While it holds';
