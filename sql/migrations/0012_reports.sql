-- To come: reports.

SELECT 1;
