-- The ledger has no primary key: one of (run, stage, item) holds every address once more, half of what the ledger takes. The
-- unique index on the item's hash, made before this, sees to it that an item of a run and stage has one row.

-- The planner knows what is new, where it holds something: of a table analyzed while it was empty it expects little.
DO $$
BEGIN
    IF EXISTS (SELECT FROM news.fingerprint) THEN ANALYZE news.fingerprint; END IF;
    IF EXISTS (SELECT FROM ops.ledger) THEN ANALYZE ops.ledger; END IF;
    IF EXISTS (SELECT FROM news.story_feature) THEN ANALYZE news.story_feature; END IF;
    IF EXISTS (SELECT FROM news.tagging_evidence) THEN ANALYZE news.tagging_evidence; END IF;
END $$;
ALTER TABLE ops.ledger DROP CONSTRAINT ledger_pkey;
COMMENT ON TABLE ops.ledger IS
    'Every item of every run and stage, one row each; it ends in exactly one state: kept, rejected or released. It has no primary key, which would hold each address again: rows are found, and kept single, by run and ops.item_hash';
