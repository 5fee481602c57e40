-- To come: keeping.

SELECT 1;
