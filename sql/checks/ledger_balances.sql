-- severity: error
-- why: every item of a run ends in exactly one state; one still claimed when the run is checked was lost on the way
SELECT l.run_id, l.stage, l.item_key, l.at FROM ops.ledger l JOIN ops.run r USING (run_id)
WHERE l.state = 'claimed' AND (l.run_id = %(run_id)s OR %(run_id)s::bigint IS NULL AND r.finished_at IS NOT NULL);
