-- A feed, a run of it, a page it linked, and everything that was noted about that.
INSERT INTO ops.source (source_name, kind, url, outlet, has_archive, is_enabled)
VALUES ('courier', 'feed', 'https://courier.example/feed', 'Courier', false, true);
INSERT INTO ops.source_state (source_id, etag, next_poll_at) VALUES (1, '"a"', '2022-07-04 10:00+00');
INSERT INTO ops.host_state (host, robots_body, robots_status) VALUES ('courier.example', 'User-agent: *', 200);
INSERT INTO ops.run (job, external_id, code_version, started_at, finished_at)
VALUES ('news_ingest', 'scheduled__1', '0', '2022-07-04 09:00+00', '2022-07-04 09:05+00');
INSERT INTO ops.ledger (run_id, stage, item_key, source_id, state, at)
VALUES (1, 'fetch', 'page:courier.example/1', 1, 'kept', '2022-07-04 09:01+00'),
       (1, 'extract', 'capture:1', 1, 'kept', '2022-07-04 09:02+00');
INSERT INTO ops.ledger (run_id, stage, item_key, source_id, state, reason, at)
VALUES (1, 'fetch', 'page:courier.example/9', 1, 'rejected', 'not_found', '2022-07-04 09:01+00');
INSERT INTO ops.work (stage, item_key, source_id, queued_by, queued_at)
VALUES ('fetch', 'page:courier.example/3', 1, 1, '2022-07-04 09:02+00');
INSERT INTO ops.coverage_day (source_id, covered_on, fetched, new, rejected, verdict, run_id)
VALUES (1, '2022-07-04', 2, 2, 1, 'covered', 1);
INSERT INTO ops.check_result VALUES (1, 'ledger_balances', 'error', 0, '[]', '2022-07-04 09:05+00');
INSERT INTO ops.tombstone (tombstone_key, removed_at, reason) VALUES ('url:courier.example/7', '2022-07-04', 'asked for');
SELECT raw.ensure_month('2022-07-04');
INSERT INTO raw.blob_key VALUES (sha256('one'), '2022-07-01', 3), (sha256('two'), '2022-07-01', 3);
INSERT INTO raw.blob VALUES (sha256('one'), '2022-07-01', 'one'), (sha256('two'), '2022-07-01', 'two');
INSERT INTO ops.feed_item (source_id, guid_hash, item_hash, url_key, first_seen_at, last_seen_at)
VALUES (1, 'g', 'i', 'courier.example/1', '2022-07-04 09:00+00', '2022-07-04 09:00+00');
INSERT INTO ops.fetch (run_id, source_id, kind, requested_url, fetched_at, observed_at, outcome, blob_hash, size, duration_ms)
VALUES (1, 1, 'page', 'https://courier.example/1', '2022-07-04 09:01+00', '2022-07-04 09:01+00', 'fetched', sha256('one'), 3, 9),
       (1, 1, 'page', 'https://courier.example/2', '2022-07-04 09:01+00', '2022-07-04 09:01+00', 'fetched', sha256('two'), 3, 9);
