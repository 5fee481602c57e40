-- online
-- What the tables made anew hold (fingerprints, too) has the rows it names. The items of the ledger are found by their hashes.

ALTER TABLE news.story_feature VALIDATE CONSTRAINT story_feature_article_id_fkey;
ALTER TABLE news.story_feature VALIDATE CONSTRAINT story_feature_content_id_fkey;
ALTER TABLE news.tagging_evidence VALIDATE CONSTRAINT tagging_evidence_tagging_id_fkey;
ALTER TABLE news.fingerprint VALIDATE CONSTRAINT fingerprint_content_id_fkey;
ALTER TABLE news.fingerprint VALIDATE CONSTRAINT fingerprint_article_id_fkey;
ALTER TABLE news.fingerprint VALIDATE CONSTRAINT fingerprint_run_id_fkey;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ledger_by_item ON ops.ledger (run_id, ops.item_hash(stage, item_key));
