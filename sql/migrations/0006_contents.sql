-- To be filled: what extraction says beside the text.
SELECT 1;
