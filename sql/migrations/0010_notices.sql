-- What hosts say to machines besides robots.txt, and what the queue needs to stay as fast when much waits.

ALTER TABLE ops.host_state
    ADD COLUMN ai_txt text,
    ADD COLUMN tdmrep text,
    ADD COLUMN notices_asked_at timestamptz,
    ADD COLUMN notices_read_at timestamptz;
COMMENT ON COLUMN ops.host_state.ai_txt IS '/ai.txt as last read; null where there is none';
COMMENT ON COLUMN ops.host_state.tdmrep IS
    '/.well-known/tdmrep.json (TDM Reservation Protocol) as last read; null where there is none';
COMMENT ON COLUMN ops.host_state.notices_asked_at IS 'When these two were last asked for, whatever came of it; at most daily';
COMMENT ON COLUMN ops.host_state.notices_read_at IS 'When both were last read or known not to be there; good for a week';

-- What is claimed next is found by source and run, without a look at what else waits.
CREATE INDEX work_next ON ops.work (stage, source_id, queued_by, rank, work_id);
DROP INDEX ops.work_order;
