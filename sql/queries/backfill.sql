-- Backfills: what is missing, what it will cost, and how far it got.

-- name: backfill_days
-- Each archive and day of an interval with its state: had, owed, failed or missing.
SELECT s.source_id, s.source_name, d::date AS covered_on,
       CASE WHEN coalesce(w.owed, 0) > 0 THEN 'owed'
            WHEN b.state IN ('had', 'failed') THEN b.state
            WHEN r.failure IS NOT NULL THEN 'failed'
            ELSE 'missing' END AS state,
       b.expected, coalesce(b.fetched, 0) AS fetched, coalesce(w.owed, 0)::integer AS owed,
       b.run_id, coalesce(b.failure, r.failure) AS failure
FROM ops.source s
CROSS JOIN generate_series(%(start)s::date, %(end)s::date - 1, interval '1 day') AS d
LEFT JOIN mart.backfill_day b ON b.source_name = s.source_name AND b.covered_on = d::date
LEFT JOIN ops.days_owed() w ON w.source_id = s.source_id AND w.covered_on = d::date
LEFT JOIN LATERAL (
    SELECT failure FROM ops.run
    WHERE job = 'news_backfill' AND interval_start_at = d::date::timestamp AT TIME ZONE 'UTC'
    ORDER BY run_id DESC LIMIT 1
) r ON true
WHERE s.has_archive AND s.is_enabled AND (%(names)s::text[] IS NULL OR s.source_name = ANY (%(names)s))
ORDER BY d, s.source_name;

-- name: backfill_sources
-- Sources with what past backfills of each gave: listings a day, pages stated a day, pages a byte of archive.
SELECT s.source_id, s.source_name, s.kind, s.url, s.time_zone, coalesce(t.moved_to_url, s.url) AS asked_url, s.has_archive, s.is_enabled,
       t.gone_at, p.expected_a_day::double precision, l.listings_a_day::double precision, a.pages_a_byte
FROM ops.source s
JOIN ops.source_state t USING (source_id)
LEFT JOIN LATERAL (
    SELECT avg(c.expected) AS expected_a_day FROM ops.coverage_day c
    WHERE c.source_id = s.source_id AND c.expected IS NOT NULL
) p ON true
LEFT JOIN LATERAL (
    SELECT count(*)::numeric / nullif(count(DISTINCT f.run_id), 0) AS listings_a_day
    FROM ops.fetch f JOIN ops.run r ON r.run_id = f.run_id AND r.job = 'news_backfill'
    WHERE s.kind = 'sitemap' AND f.source_id = s.source_id AND f.kind = 'feed'
) l ON true
LEFT JOIN LATERAL (
    SELECT sum(o.records) / nullif(sum(split_part(o.file_mark, ':', 1)::double precision), 0) AS pages_a_byte
    FROM ops.archive_offset o WHERE o.source_id = s.source_id AND o.is_done
) a ON true
WHERE %(names)s::text[] IS NULL OR s.source_name = ANY (%(names)s)
ORDER BY s.source_name;

-- name: backfill_files_read
-- Files of archives that were read to their end for days of an interval.
SELECT source_id, file_name, file_mark, start_on, end_on FROM ops.archive_offset
WHERE is_done AND start_on >= %(start)s AND end_on <= %(end)s;

-- name: backfill_hosts
-- What is known of hosts: their robots.txt.
SELECT host, robots_body, robots_status, robots_fetched_at FROM ops.host_state WHERE host = ANY (%(hosts)s);

-- name: backfill_yield
-- What a page gave so far in this warehouse: articles, mentions, bytes of disk and seconds of work, with how many pages say so.
WITH pages AS (
    SELECT coalesce(sum(c.fetched), 0)::double precision AS n, coalesce(sum(c.new), 0)::double precision AS new
    FROM ops.coverage_day c JOIN ops.source s USING (source_id) WHERE s.has_archive
), timed AS (
    SELECT sum(seconds) AS seconds, sum(pages)::double precision AS pages FROM (
        SELECT extract(epoch FROM r.finished_at - r.started_at)::double precision AS seconds, sum(c.fetched) AS pages
        FROM ops.run r JOIN ops.coverage_day c ON c.archive_run_id = r.run_id
        WHERE r.finished_at IS NOT NULL AND c.fetched > 0 AND r.job = 'news_backfill'
        GROUP BY r.run_id
    ) AS runs
), held AS (
    SELECT count(*)::double precision AS contents FROM news.content
), named AS (
    SELECT CASE WHEN c.reltuples > 0 THEN c.reltuples ELSE (SELECT count(*) FROM news.mention) END AS mentions
    FROM pg_class c WHERE c.oid = 'news.mention'::regclass
), disk AS (
    SELECT sum(pg_relation_size(c.oid) + coalesce(pg_indexes_size(c.oid), 0)
               + coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0))::double precision AS bytes
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('raw', 'news', 'ops') AND c.relkind = 'r'
)
SELECT pages.n AS pages, pages.new / nullif(pages.n, 0) AS articles_a_page, mentions / nullif(contents, 0) AS mentions_an_article,
       bytes / nullif(contents, 0) AS bytes_an_article, contents, timed.seconds / nullif(timed.pages, 0) AS seconds_a_page
FROM pages, timed, held, named, disk;

-- name: lock_backfill_day
-- Takes a day for this connection, if no other works on it.
SELECT pg_try_advisory_lock(hashtext('dateline.backfill'), %(day)s::date - '2000-01-01'::date);

-- name: unlock_backfill_day
-- Gives a day back.
SELECT pg_advisory_unlock(hashtext('dateline.backfill'), %(day)s::date - '2000-01-01'::date);

-- name: end_backfills_cut_off
-- Ends runs for an interval that nobody works on any more, and frees what they held.
WITH cut AS (
    UPDATE ops.run r SET finished_at = %(at)s, failure = coalesce(r.failure, 'cut off')
    WHERE r.job = 'news_backfill' AND r.finished_at IS NULL
      AND r.interval_start_at = %(start)s AND r.interval_end_at = %(end)s
      AND NOT EXISTS (SELECT FROM pg_stat_activity a
                      WHERE a.datname = current_database() AND a.application_name = 'run ' || r.run_id)
    RETURNING r.run_id
), freed AS (
    UPDATE ops.work w SET run_id = NULL, owner = NULL, lease_until = NULL FROM cut WHERE w.run_id = cut.run_id
)
UPDATE ops.ledger l SET state = 'released', detail = 'run was cut off', at = %(at)s
FROM cut WHERE l.run_id = cut.run_id AND l.state = 'claimed';

-- name: backfill_run_number
-- How many runs an interval had.
SELECT count(*) FROM ops.run WHERE job = 'news_backfill' AND interval_start_at = %(start)s;

-- name: backfill_runs
-- Runs of backfills for days of an interval, begun since an instant or still at work, with what each has done so far.
SELECT r.run_id, (r.interval_start_at AT TIME ZONE 'UTC')::date AS covered_on, r.started_at, r.finished_at, r.failure,
       r.finished_at IS NULL AND EXISTS (
           SELECT FROM pg_stat_activity a
           WHERE a.datname = current_database() AND a.application_name = 'run ' || r.run_id) AS is_at_work,
       coalesce(sum(l.n) FILTER (WHERE l.stage = 'fetch' AND l.state = 'kept' AND NOT l.is_archive), 0)::integer AS pages,
       coalesce(sum(l.n) FILTER (WHERE l.stage = 'extract' AND l.state = 'kept'), 0)::integer AS extracted,
       coalesce(sum(l.n) FILTER (WHERE l.stage = 'deduplicate' AND l.state = 'kept'), 0)::integer AS compared,
       coalesce(sum(l.n) FILTER (WHERE l.stage = 'geotag' AND l.state = 'kept'), 0)::integer AS tagged,
       coalesce(sum(l.n) FILTER (WHERE l.state = 'rejected'), 0)::integer AS rejected,
       coalesce(sum(l.n) FILTER (WHERE l.state = 'released'), 0)::integer AS released
FROM ops.run r
LEFT JOIN LATERAL (
    SELECT stage, state, starts_with(item_key, 'archive:') AS is_archive, count(*) AS n
    FROM ops.ledger WHERE run_id = r.run_id GROUP BY 1, 2, 3
) l ON true
WHERE r.job = 'news_backfill' AND r.interval_start_at >= %(start)s AND r.interval_start_at < %(end)s
  AND (r.started_at >= %(since)s OR r.finished_at IS NULL)
GROUP BY r.run_id
ORDER BY r.run_id;

-- name: backfill_bounds
-- The first and the last day that backfills were asked for.
SELECT min(interval_start_at AT TIME ZONE 'UTC')::date AS first_on, max(interval_end_at AT TIME ZONE 'UTC')::date AS end_on
FROM ops.run WHERE job = 'news_backfill' AND interval_start_at IS NOT NULL;
