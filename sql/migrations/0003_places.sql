-- The gazetteer by version, and what geotagging made of contents.

CREATE TABLE geo.gazetteer (
    gazetteer_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version text NOT NULL UNIQUE,
    places integer NOT NULL,
    names integer NOT NULL,
    loaded_at timestamptz NOT NULL,
    is_current boolean NOT NULL
);
CREATE UNIQUE INDEX gazetteer_current ON geo.gazetteer (is_current) WHERE is_current;
COMMENT ON TABLE geo.gazetteer IS 'Versions of the gazetteer; one is current';
COMMENT ON COLUMN geo.gazetteer.gazetteer_id IS 'Surrogate key';
COMMENT ON COLUMN geo.gazetteer.version IS 'Hash of everything it was made from';
COMMENT ON COLUMN geo.gazetteer.places IS 'How many places it has';
COMMENT ON COLUMN geo.gazetteer.names IS 'How many names it has';
COMMENT ON COLUMN geo.gazetteer.loaded_at IS 'When it was loaded';
COMMENT ON COLUMN geo.gazetteer.is_current IS 'Whether tagging uses it';

CREATE TABLE geo.place (
    place_id bigint PRIMARY KEY,
    name text NOT NULL,
    feature_class text NOT NULL,
    feature_code text NOT NULL,
    country_code text,
    admin1_code text,
    admin2_code text,
    lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    population bigint NOT NULL,
    radius_km real NOT NULL,
    gazetteer_id integer NOT NULL REFERENCES geo.gazetteer
);
CREATE INDEX place_by_name ON geo.place (name);
CREATE INDEX place_by_region ON geo.place (country_code, admin1_code, feature_class);
COMMENT ON TABLE geo.place IS 'A place; those no longer in the current gazetteer stay while anything names them';
COMMENT ON COLUMN geo.place.place_id IS 'GeoNames id; ours are negative and fixed in seeds/';
COMMENT ON COLUMN geo.place.name IS 'Usual name';
COMMENT ON COLUMN geo.place.feature_class IS 'GeoNames class: A region, P settlement, L area, …';
COMMENT ON COLUMN geo.place.feature_code IS 'GeoNames code: PCLI country, ADM1, ADM2, PPL, RGN, …';
COMMENT ON COLUMN geo.place.country_code IS 'ISO 3166 alpha-2';
COMMENT ON COLUMN geo.place.admin1_code IS 'First-level code within the country';
COMMENT ON COLUMN geo.place.admin2_code IS 'Second-level code';
COMMENT ON COLUMN geo.place.lat IS 'Latitude, degrees, WGS 84';
COMMENT ON COLUMN geo.place.lon IS 'Longitude, degrees, WGS 84';
COMMENT ON COLUMN geo.place.population IS 'Inhabitants, 0 if unknown';
COMMENT ON COLUMN geo.place.radius_km IS 'Radius of the area it stands for, km';
COMMENT ON COLUMN geo.place.gazetteer_id IS 'The latest gazetteer that has it';

CREATE TABLE geo.place_name (
    place_id bigint NOT NULL,  -- no foreign key: 750,000 row triggers would take half the time of a load
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('primary', 'alias', 'abbreviation', 'demonym')),
    language_code text,
    valid_from date,
    valid_to date
);
CREATE INDEX place_name_by_place ON geo.place_name (place_id);
COMMENT ON TABLE geo.place_name IS 'Names of places in the current gazetteer';
COMMENT ON COLUMN geo.place_name.place_id IS 'The place';
COMMENT ON COLUMN geo.place_name.name IS 'The name, any script';
COMMENT ON COLUMN geo.place_name.kind IS 'primary, alias, abbreviation or demonym';
COMMENT ON COLUMN geo.place_name.language_code IS 'ISO 639-1, if known';
COMMENT ON COLUMN geo.place_name.valid_from IS 'In use since; null if always';
COMMENT ON COLUMN geo.place_name.valid_to IS 'In use until; null if still';

CREATE TABLE news.tagging (
    tagging_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    content_id bigint NOT NULL REFERENCES news.content,
    tagger text NOT NULL,
    gazetteer_id integer NOT NULL REFERENCES geo.gazetteer,
    run_id bigint NOT NULL REFERENCES ops.run,
    recorded tstzrange NOT NULL,
    EXCLUDE USING gist (content_id WITH =, recorded WITH &&)
);
CREATE UNIQUE INDEX tagging_now ON news.tagging (content_id) WHERE upper_inf(recorded);
COMMENT ON TABLE news.tagging IS 'What geotagging made of a content; owns its mentions';
COMMENT ON COLUMN news.tagging.tagging_id IS 'Surrogate key';
COMMENT ON COLUMN news.tagging.content_id IS 'The content';
COMMENT ON COLUMN news.tagging.tagger IS 'Name and version of the tagger';
COMMENT ON COLUMN news.tagging.gazetteer_id IS 'The gazetteer it used';
COMMENT ON COLUMN news.tagging.run_id IS 'The run that made it';
COMMENT ON COLUMN news.tagging.recorded IS 'While it holds';

CREATE TABLE news.mention (
    mention_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tagging_id bigint NOT NULL REFERENCES news.tagging,
    field text NOT NULL CHECK (field IN ('title', 'standfirst', 'body', 'caption')),
    start_offset integer NOT NULL CHECK (start_offset >= 0),
    end_offset integer NOT NULL,
    surface text NOT NULL,
    role text NOT NULL CHECK (role IN ('event', 'dateline', 'speaker', 'actor', 'passing')),
    place_id bigint REFERENCES geo.place,
    lat double precision,
    lon double precision,
    country_code text,
    precision smallint CHECK (precision BETWEEN 1 AND 7),
    radius_km real,
    confidence real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    method text NOT NULL,
    UNIQUE (tagging_id, field, start_offset, end_offset),
    CHECK (end_offset > start_offset),
    CHECK ((place_id IS NULL) = (lat IS NULL) AND (lat IS NULL) = (lon IS NULL) AND (place_id IS NULL) = (precision IS NULL))
);
CREATE INDEX mention_by_place ON news.mention (place_id, tagging_id);
COMMENT ON TABLE news.mention IS 'A place named in a text, resolved or not';
COMMENT ON COLUMN news.mention.mention_id IS 'Surrogate key';
COMMENT ON COLUMN news.mention.tagging_id IS 'The tagging that found it';
COMMENT ON COLUMN news.mention.field IS 'title, standfirst, body or caption';
COMMENT ON COLUMN news.mention.start_offset IS 'First code point';
COMMENT ON COLUMN news.mention.end_offset IS 'Code point after the last';
COMMENT ON COLUMN news.mention.surface IS 'The words as written';
COMMENT ON COLUMN news.mention.role IS 'event, dateline, speaker, actor (a government named by its place) or passing';
COMMENT ON COLUMN news.mention.place_id IS 'The place; null when unresolved';
COMMENT ON COLUMN news.mention.lat IS 'Latitude as resolved then';
COMMENT ON COLUMN news.mention.lon IS 'Longitude as resolved then';
COMMENT ON COLUMN news.mention.country_code IS 'Country as resolved then';
COMMENT ON COLUMN news.mention.precision IS 'UCDP: 1 exact place, 2 within about 25 km, 3 admin 2, 4 admin 1, 5 line or fuzzy area, 6 country, 7 international';
COMMENT ON COLUMN news.mention.radius_km IS 'Radius of what is meant, km';
COMMENT ON COLUMN news.mention.confidence IS '0 to 1';
COMMENT ON COLUMN news.mention.method IS 'The rule that decided';

CREATE TABLE news.mention_candidate (
    mention_id bigint NOT NULL REFERENCES news.mention,
    rank smallint NOT NULL,
    place_id bigint NOT NULL REFERENCES geo.place,
    score real NOT NULL,
    evidence jsonb NOT NULL,
    PRIMARY KEY (mention_id, rank)
);
COMMENT ON TABLE news.mention_candidate IS 'The places a mention could have been, and what spoke for each';
COMMENT ON COLUMN news.mention_candidate.mention_id IS 'The mention';
COMMENT ON COLUMN news.mention_candidate.rank IS '1 is best';
COMMENT ON COLUMN news.mention_candidate.place_id IS 'The place';
COMMENT ON COLUMN news.mention_candidate.score IS 'Sum of the evidence';
COMMENT ON COLUMN news.mention_candidate.evidence IS 'Each feature''s contribution';

CREATE TABLE news.demonym (
    tagging_id bigint NOT NULL REFERENCES news.tagging,
    field text NOT NULL CHECK (field IN ('title', 'standfirst', 'body', 'caption')),
    start_offset integer NOT NULL CHECK (start_offset >= 0),
    end_offset integer NOT NULL CHECK (end_offset > start_offset),
    surface text NOT NULL,
    place_id bigint NOT NULL REFERENCES geo.place,
    PRIMARY KEY (tagging_id, field, start_offset)
);
COMMENT ON TABLE news.demonym IS 'People-words (Ukrainian, Parisians): evidence of a place, not a place';
COMMENT ON COLUMN news.demonym.tagging_id IS 'The tagging that found it';
COMMENT ON COLUMN news.demonym.field IS 'title, standfirst, body or caption';
COMMENT ON COLUMN news.demonym.start_offset IS 'First code point';
COMMENT ON COLUMN news.demonym.end_offset IS 'Code point after the last';
COMMENT ON COLUMN news.demonym.surface IS 'The word as written';
COMMENT ON COLUMN news.demonym.place_id IS 'The country or region it speaks of';

CREATE TABLE news.focus (
    tagging_id bigint NOT NULL REFERENCES news.tagging,
    level text NOT NULL CHECK (level IN ('place', 'admin1', 'country')),
    place_id bigint NOT NULL REFERENCES geo.place,
    weight real NOT NULL CHECK (weight BETWEEN 0 AND 1),
    PRIMARY KEY (tagging_id, level, place_id)
);
CREATE INDEX focus_by_place ON news.focus (place_id, tagging_id);
COMMENT ON TABLE news.focus IS 'What an article is about, by level';
COMMENT ON COLUMN news.focus.tagging_id IS 'The tagging that found it';
COMMENT ON COLUMN news.focus.level IS 'place, admin1 or country';
COMMENT ON COLUMN news.focus.place_id IS 'The place';
COMMENT ON COLUMN news.focus.weight IS '0 to 1; the weights of a level sum to at most 1';
