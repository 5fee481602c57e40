-- What exports are cut from: the articles of a stretch of days.

CREATE FUNCTION mart.article_between(since date, until date, outlets text[])
RETURNS TABLE (article_id bigint, article text, day date) LANGUAGE sql STABLE AS $$
SELECT a.article_id, a.url, a.reported_on
FROM mart.article a
WHERE (since IS NULL OR a.reported_on >= since) AND (until IS NULL OR a.reported_on <= until)
  AND (outlets IS NULL OR a.outlet = ANY (outlets))
$$;
COMMENT ON FUNCTION mart.article_between(date, date, text[]) IS
    'Articles published (undated: first seen) from since to until, both included, in these outlets; null means no limit';
