-- To be filled: typed edits, independent lines.
SELECT 1;
