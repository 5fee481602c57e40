-- How far archives were read.

-- name: archive_offsets
-- How far the files of an archive were read for an interval.
SELECT file_name, file_mark, next_offset, records, is_done FROM ops.archive_offset
WHERE source_id = %(source_id)s AND start_on = %(start)s AND end_on = %(end)s;

-- name: keep_archive_offset
-- Notes how far a file of an archive was read for an interval.
INSERT INTO ops.archive_offset (source_id, file_name, file_mark, start_on, end_on, next_offset, records, is_done, run_id, read_at)
VALUES (%(source_id)s, %(file_name)s, %(file_mark)s, %(start)s, %(end)s, %(next_offset)s, %(records)s, %(is_done)s,
        %(run_id)s, %(at)s)
ON CONFLICT (source_id, file_name, start_on, end_on) DO UPDATE SET file_mark = excluded.file_mark,
    next_offset = excluded.next_offset, records = excluded.records, is_done = excluded.is_done, run_id = excluded.run_id,
    read_at = excluded.read_at;
