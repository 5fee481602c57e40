-- What the schema says of itself: the source of the data dictionary and of the entity diagram.

-- name: codebook_schemas
-- The schemas, with what each is for, the public one first.
SELECT n.nspname AS schema, coalesce(obj_description(n.oid, 'pg_namespace'), '') AS meaning
FROM pg_namespace n
WHERE n.nspname IN ('mart', 'news', 'geo', 'ops', 'raw')
ORDER BY array_position(ARRAY['mart', 'news', 'geo', 'ops', 'raw'], n.nspname::text);

-- name: codebook_relations
-- Tables and views with their columns in order: type, key, what it refers to, what it means.
SELECT n.nspname AS schema, c.relname AS name, c.relkind = 'v' AS is_view,
       coalesce(obj_description(c.oid, 'pg_class'), '') AS meaning,
       (SELECT json_agg(json_build_object(
                   'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
                   'is_key', coalesce(a.attnum = ANY (p.conkey), false), 'refers_to', r.refers_to,
                   'meaning', coalesce(col_description(c.oid, a.attnum), '')) ORDER BY a.attnum)
        FROM pg_attribute a
        LEFT JOIN pg_constraint p ON p.conrelid = c.oid AND p.contype = 'p'
        LEFT JOIN LATERAL (
            SELECT min(format('%%s.%%s', fn.nspname, f.relname)) AS refers_to
            FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
            WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conkey[1] = a.attnum AND k.conparentid = 0) AS r ON true
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('mart', 'news', 'geo', 'ops', 'raw') AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
ORDER BY n.nspname, c.relname;

-- name: codebook_functions
-- The functions analysts call, with their parameters and what they answer.
SELECT p.proname AS name, pg_get_function_identity_arguments(p.oid) AS parameters,
       pg_get_function_result(p.oid) AS answers, coalesce(obj_description(p.oid, 'pg_proc'), '') AS meaning
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'mart'
ORDER BY p.proname, parameters;

-- name: codebook_references
-- Which table leads to which, by foreign keys; runs are left out, for every derived row leads to one.
SELECT DISTINCT n.nspname || '.' || c.relname AS child, fn.nspname || '.' || f.relname AS parent,
       a.attname AS column_name, NOT a.attnotnull AS is_optional,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indpred IS NULL
               AND i.indnatts = 1 AND i.indkey[0] = a.attnum) AS is_one
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class f ON f.oid = k.confrelid
JOIN pg_namespace fn ON fn.oid = f.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
WHERE k.contype = 'f' AND k.conparentid = 0 AND NOT c.relispartition AND f.oid <> 'ops.run'::regclass
  AND n.nspname IN ('news', 'geo', 'ops', 'raw')
ORDER BY 1, 2, 3;

-- name: type_names
-- What Postgres calls these types.
SELECT t.oid::bigint AS oid, format_type(t.oid, NULL) AS type FROM pg_type t WHERE t.oid = ANY (%(oids)s::oid[]);
