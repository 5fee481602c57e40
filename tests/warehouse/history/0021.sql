-- Lines of an outlet: one that is furniture, one that a second article has brought again, one seen once.
INSERT INTO news.furniture_line VALUES ('Courier', 9223372036854775807, '{2,1,3}', '2022-07-04 09:04+00'),
    ('Courier', -9223372036854775808, '{2,1}', NULL), ('Кур’єр', 0, '{2}', NULL);
