-- Numbers, settings, slots and leases.

-- name: meta_get
-- in: key · out: value
SELECT value FROM meta WHERE key = :key;

-- name: world_guard
-- Asked by who writes by the rules of a world, at the beginning of his transaction.
-- out: the generation · is somebody making facts meanwhile? Whoever changes either is alone: he
-- waits for those who have asked, and who asks later sees it. So once is enough for a transaction.
SELECT COALESCE((SELECT value FROM meta WHERE key = 'generation'), 0),
    EXISTS (SELECT 1 FROM meta WHERE key = 'building');

-- name: meta_put
INSERT INTO meta (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: generation_raise
-- After every change of units, model, rights or settings.
INSERT INTO meta (key, value) VALUES ('generation', 1)
ON CONFLICT (key) DO UPDATE SET value = meta.value + 1;

-- name: setting_list
SELECT key, value FROM setting ORDER BY key;

-- name: setting_put
INSERT INTO setting (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: slot_table
-- Is there a schema at all? A row when there is.
SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'slot';

-- name: distribute_functions
-- How many of the two functions there are by which tables are handed to Citus: none in a file.
SELECT 0;

-- name: distribute_noted
-- A row when the database is distributed.
SELECT 1 WHERE 1 = 0;

-- name: slot_list
SELECT id, until, last_id FROM slot ORDER BY id;

-- name: slot_put
INSERT INTO slot (id, holder, until, last_id) VALUES (:id, :holder, :until, :last_id)
ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, until = excluded.until,
    last_id = excluded.last_id;

-- name: lease_take
-- Take or renew a lease that is ours or has ended. Changes no row when another holds it.
INSERT INTO lease (name, holder, until) VALUES (:name, :holder, :until)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE lease.holder = excluded.holder OR lease.until < :now;

-- name: table_columns
-- out: table, column, type (BIGINT, TEXT or BYTEA), its place in the key from 1 (0: none), in the order of
-- the stream of rows (store/rows.h): the key first. Not the tables of a process, and not the index of words.
SELECT t.name, c.name, c.type, c.pk
FROM pragma_table_list t JOIN pragma_table_info(t.name) c
WHERE t.schema = 'main' AND t.type = 'table' AND substr(t.name, 1, 7) <> 'sqlite_'
    AND t.name NOT IN ('slot', 'lease')
ORDER BY t.name, c.pk = 0, c.pk, c.name;
