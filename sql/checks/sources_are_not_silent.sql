-- severity: warning
-- why: a source that answers but brings nothing for longer than its rhythm explains has changed its address, its form or its mind
SELECT source_name, silent_since, silence, usual_gap, expected_within FROM mart.silent_source ORDER BY source_name;
