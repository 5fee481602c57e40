-- Words: full text, each language as its words are made.

CREATE FUNCTION mart.search_query(query text, stemmer text) RETURNS tsquery LANGUAGE sql IMMUTABLE AS $$
SELECT CASE stemmer
           WHEN 'en' THEN websearch_to_tsquery('news.english', query)
           WHEN 'ru' THEN websearch_to_tsquery('news.russian', query)
           ELSE regexp_replace(websearch_to_tsquery('news.plain', news.searchable('plain', query))::text,
                               '(''(?:[^'']|'''')+'')', '\1:*', 'g')::tsquery
       END
$$;
COMMENT ON FUNCTION mart.search_query(text, text) IS
    'What is looked for: words (all of them), "a phrase", or, -not; stemmed in English (en) and Russian (ru), else (plain) words that begin so';

CREATE FUNCTION mart.snippet(query tsquery, stemmer text, words text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    said text := regexp_replace(query::text, '!''(?:[^'']|'''')+''(?::\*)?', '', 'g');  -- what must not be there is not marked
    terms text[] := ARRAY(SELECT t[1] FROM regexp_matches(said, '''((?:[^'']|'''')+)''', 'g') AS t);
    pattern text := (SELECT string_agg(regexp_replace(left(t, greatest(4, length(t) - 1)), '[^[:alnum:]]', '.', 'g'), '|')
                     FROM unnest(terms) AS t);
    at integer;
    marked tsquery := query;
    part text := left(words, 20000);
BEGIN
    -- Reading a text word by word is what costs. But for phrases, met whole or not at all, it is done near the first hit only.
    IF pattern IS NOT NULL AND said !~ '<' THEN
        at := regexp_instr(part, '\m(?:' || pattern || ')', 1, 1, 0, 'i');
        marked := (SELECT string_agg('''' || t || '''' || CASE stemmer WHEN 'plain' THEN ':*' ELSE '' END, '|')
                   FROM unnest(terms) AS t)::tsquery;
        part := CASE WHEN at > 201 THEN regexp_replace(substr(part, at - 200, 1200), '^\S*\s', '')
                     WHEN at > 0 THEN left(part, 1200) ELSE left(part, 6000) END;
    END IF;
    RETURN ts_headline(CASE stemmer WHEN 'en' THEN 'news.english' WHEN 'ru' THEN 'news.russian' ELSE 'news.plain' END::regconfig,
                       part, marked, 'StartSel=«, StopSel=», MaxFragments=2, MaxWords=18, MinWords=6, FragmentDelimiter=" … "');
END $$;
COMMENT ON FUNCTION mart.snippet(tsquery, text, text) IS 'The words around what was found, marked «so»';

CREATE FUNCTION mart.search(
    query text, language text DEFAULT NULL, from_on date DEFAULT NULL, to_on date DEFAULT NULL, most integer DEFAULT 20
) RETURNS TABLE (article_id bigint, reported_at timestamptz, outlet text, language_code text, title text, snippet text)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    one text;
    wanted tsquery;
    hits bigint[] := '{}';
    found bigint[];
BEGIN
    FOREACH one IN ARRAY CASE WHEN language IS NULL THEN ARRAY['en', 'ru', 'plain'] ELSE ARRAY[news.stemmer_of(language)] END LOOP
        wanted := mart.search_query(query, one);
        CONTINUE WHEN numnode(wanted) = 0;
        EXECUTE format(  -- as text, so that the plan goes by how common the words and how many the days are
            'SELECT ARRAY(SELECT w.article_id FROM news.article_words w WHERE w.stemmer = %L AND w.words @@ %L::tsquery %s %s %s
             ORDER BY w.reported_at DESC, w.article_id DESC LIMIT %s)',
            one, wanted,
            CASE WHEN from_on IS NOT NULL THEN format('AND w.reported_at >= %L', from_on::timestamp AT TIME ZONE 'UTC') END,
            CASE WHEN to_on IS NOT NULL THEN format('AND w.reported_at < %L', (to_on + 1)::timestamp AT TIME ZONE 'UTC') END,
            CASE WHEN language IS NOT NULL AND one = 'plain'
                 THEN format('AND EXISTS (SELECT FROM news.article_now n WHERE n.article_id = w.article_id AND n.language_code = %L)', language) END,
            most) INTO found;
        hits := hits || found;
    END LOOP;
    RETURN QUERY
        SELECT n.article_id, n.reported_at, coalesce(s.outlet, s.source_name), n.language_code, c.title,
               mart.snippet(q.q, k.stemmer, news.searchable(k.stemmer, coalesce(c.standfirst || E'\n\n', '') || c.body))
        FROM (SELECT n.* FROM news.article_now n WHERE n.article_id = ANY (hits)
              ORDER BY n.reported_at DESC, n.article_id DESC LIMIT most) AS n
        JOIN ops.source s ON s.source_id = n.source_id
        JOIN news.content c ON c.content_id = n.content_id
        CROSS JOIN LATERAL (SELECT news.stemmer_of(n.language_code) AS stemmer) AS k
        CROSS JOIN LATERAL (SELECT mart.search_query(query, k.stemmer) AS q) AS q
        ORDER BY n.reported_at DESC, n.article_id DESC;
END $$;
COMMENT ON FUNCTION mart.search(text, text, date, date, integer) IS
    'Latest texts that hold all words (or "a phrase", or, -not), the newest first, with «what was found» in its sentence; language as en, ru, uk …, null for every one; days UTC, both included';
