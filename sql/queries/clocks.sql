-- What the times that sources claim are off, learned from when they were first seen.

-- name: clock_evidence
-- Sources that showed something new since their clock was last examined, with the lags of their latest entries, oldest first.
SELECT t.source_id, s.time_zone, c.offset_minutes, found.lags
FROM ops.source_state t
JOIN ops.source s USING (source_id)
LEFT JOIN ops.clock_offset c ON c.source_id = t.source_id AND upper_inf(c.recorded)
CROSS JOIN LATERAL (
    SELECT array_agg(x.lag ORDER BY x.first_seen_at, x.url_key) AS lags
    FROM (SELECT f.first_seen_at, f.url_key, (extract(epoch FROM f.first_seen_at - f.claimed_at) / 60)::double precision AS lag
          FROM ops.feed_item f
          WHERE f.source_id = t.source_id AND f.waited_minutes <= %(most_waited)s
          ORDER BY f.first_seen_at DESC, f.url_key LIMIT %(latest)s) x
) found
WHERE t.last_new_at > coalesce(t.clock_learned_at, '-infinity') AND found.lags IS NOT NULL
ORDER BY t.source_id
FOR UPDATE OF t SKIP LOCKED;

-- name: clocks_examined
-- Notes when clocks were examined.
UPDATE ops.source_state SET clock_learned_at = %(at)s WHERE source_id = ANY (%(source_ids)s);

-- name: close_clock_offsets
-- Ends the offsets in force of these sources.
UPDATE ops.clock_offset SET recorded = tstzrange(lower(recorded), %(at)s, '[)')
WHERE source_id = ANY (%(source_ids)s) AND upper_inf(recorded);

-- name: keep_clock_offsets
-- A new version of what these sources' clocks are off.
INSERT INTO ops.clock_offset (source_id, offset_minutes, entries, rule, recorded, run_id)
SELECT r.source_id, r.offset_minutes, r.entries, r.rule, tstzrange(%(at)s, NULL, '[)'), %(run_id)s
FROM json_to_recordset(%(rows)s) AS r (source_id integer, offset_minutes integer, entries integer, rule text)
ORDER BY r.source_id;
