-- What extraction says beside the text.

-- name: keep_details
-- Stores what is said beside contents that have none of it yet; a repeat changes nothing.
INSERT INTO news.content_detail (content_id, agencies, credits, is_paywalled, published_offset, modified_precision,
    refused_dates, dateline_start, dateline_end, dateline_place, dateline_on, dateline_agency, images, quotes)
SELECT DISTINCT ON (c.content_id) c.content_id, ARRAY(SELECT json_array_elements_text(r.agencies)),
    ARRAY(SELECT json_array_elements_text(r.credits)), r.is_paywalled, make_interval(secs => r.published_offset),
    r.modified_precision, ARRAY(SELECT json_array_elements_text(r.refused_dates)), r.dateline_start, r.dateline_end,
    r.dateline_place, r.dateline_on, r.dateline_agency, r.images,
    ARRAY(SELECT int4range((q ->> 0)::integer, (q ->> 1)::integer) FROM json_array_elements(r.quotes) AS q)
FROM json_to_recordset(%(rows)s) AS r (article_id bigint, content_hash text, agencies json, credits json,
    is_paywalled boolean, published_offset double precision, modified_precision text, refused_dates json,
    dateline_start integer, dateline_end integer, dateline_place text, dateline_on date, dateline_agency text,
    images jsonb, quotes json)
JOIN news.content c ON c.article_id = r.article_id AND c.content_hash = r.content_hash::bytea
WHERE NOT EXISTS (SELECT FROM news.content_detail d WHERE d.content_id = c.content_id)
ORDER BY c.content_id
ON CONFLICT (content_id) DO NOTHING;

-- name: load_datelines
-- Where the datelines of these contents stand; those without one are left out.
SELECT content_id, dateline_start, dateline_end FROM news.content_detail
WHERE content_id = ANY (%(content_ids)s) AND dateline_start IS NOT NULL;

-- name: trace_article
-- Where the article of these keys stands in the warehouse: its contents with run, code, capture and gazetteer.
SELECT main.article_id, c.content_id, o.observed_at, c.extractor, c.code_version,
       format('%%s (%%s %%s)', c.run_id, r.job, r.external_id) AS run, encode(o.blob_hash, 'hex') AS capture,
       (SELECT count(*) FROM news.version v WHERE v.article_id = main.article_id AND upper_inf(v.recorded)) AS versions,
       (SELECT max(g.version) FROM news.tagging t JOIN geo.gazetteer g USING (gazetteer_id)
        WHERE t.content_id = c.content_id AND upper_inf(t.recorded)) AS gazetteer
FROM (SELECT DISTINCT news.main_article(k.article_id) AS article_id FROM news.article_key k
      WHERE k.article_key = ANY (%(keys)s)) AS main
JOIN news.observed_content o ON o.article_id = ANY (news.articles_in(main.article_id)) AND upper_inf(o.recorded)
JOIN news.content c ON c.content_id = o.content_id
JOIN ops.run r ON r.run_id = c.run_id
ORDER BY o.observed_at, c.content_id;
