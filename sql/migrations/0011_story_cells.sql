-- To come: story cells.

SELECT 1;
