-- An entry that a feed states exactly as before need not be read.

ALTER TABLE ops.feed_item ADD COLUMN stated_hash bytea;
COMMENT ON COLUMN ops.feed_item.stated_hash IS 'Hash of the entry exactly as stated when it was read; null before that was kept';
