-- To come: backfills.

SELECT 1;
