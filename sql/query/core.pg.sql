-- name: slot_table
SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'slot';

-- name: table_columns
SELECT relation, name, type, place FROM (
    SELECT CAST(t.relname AS TEXT) AS relation, CAST(a.attname AS TEXT) AS name,
        CASE format_type(a.atttypid, NULL)
            WHEN 'bigint' THEN 'BIGINT' WHEN 'bytea' THEN 'BYTEA' ELSE 'TEXT' END AS type,
        CAST(COALESCE(array_position(CAST(i.indkey AS SMALLINT[]), a.attnum) + 1, 0) AS BIGINT)
            AS place
    FROM pg_class t
    JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = current_schema()
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
    WHERE t.relkind IN ('r', 'p') AND t.relname NOT IN ('slot', 'lease', 'search', 'commit_mark')
) AS found
ORDER BY relation COLLATE "C", place = 0, place, name COLLATE "C";

-- name: distribute_functions
-- The functions and not the extension, so that tests can put others in their place.
SELECT COUNT(DISTINCT proname) FROM pg_proc
WHERE proname IN ('create_reference_table', 'create_distributed_table')
    AND pg_function_is_visible(oid);

-- name: distribute_noted
SELECT 1 WHERE obj_description(to_regclass('commit_mark'), 'pg_class') = 'distributed';
