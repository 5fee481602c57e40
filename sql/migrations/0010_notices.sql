-- To come: notices.

SELECT 1;
