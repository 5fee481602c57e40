-- What extraction said beside the text.
INSERT INTO news.content_detail (content_id, agencies, credits, is_paywalled, refused_dates, images, quotes)
VALUES (1, '{Reuters}', '{}', false, '{}', '[]', '{}');
