-- To come: shadows.

SELECT 1;
