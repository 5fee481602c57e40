-- To come: changes.

SELECT 1;
