-- severity: error
-- why: every item of a run ends in exactly one state; one still claimed when the run is checked was lost on the way
SELECT stage, item_key, at FROM ops.ledger WHERE run_id = %(run_id)s AND state = 'claimed';
