-- Sources: when and why each is asked, and which fell silent.

CREATE VIEW mart.source AS
SELECT s.source_name, s.kind, s.outlet, s.is_enabled, coalesce(t.moved_to_url, s.url) AS url, t.next_poll_at,
       t.next_poll_rule, t.last_polled_at, t.last_success_at, t.last_new_at, t.last_reason, t.failure_weight,
       t.given_up_at, t.gone_at, t.moved_at, t.is_validator_trusted, t.validators_judgement, t.is_overflowing,
       make_interval(mins => round(t.gap_minutes)::integer) AS usual_gap,
       make_interval(mins => round(t.silent_after_minutes)::integer) AS silent_after,
       c.offset_minutes AS clock_offset_minutes, c.rule AS clock_rule, c.clock_version, t.opt_outs, t.opt_outs_read_at
FROM ops.source s
JOIN ops.source_state t USING (source_id)
LEFT JOIN ops.clock_offset c ON c.source_id = s.source_id AND upper_inf(c.recorded);
COMMENT ON VIEW mart.source IS 'One row a source: when it is asked next and by which rule, how it answers, its clock and reservations';

CREATE VIEW mart.silent_source AS
SELECT s.source_name, s.outlet, t.last_new_at AS silent_since, t.last_success_at - t.last_new_at AS silence,
       make_interval(mins => round(t.gap_minutes)::integer) AS usual_gap,
       make_interval(mins => round(t.longest_gap_minutes)::integer) AS longest_gap,
       make_interval(mins => round(t.silent_after_minutes)::integer) AS expected_within
FROM ops.source s
JOIN ops.source_state t USING (source_id)
WHERE s.is_enabled AND t.last_reason IS NULL
  AND t.last_success_at - t.last_new_at > make_interval(secs => t.silent_after_minutes * 60);
COMMENT ON VIEW mart.silent_source IS 'Sources that answer, yet bring nothing new for longer than their own rhythm explains';
