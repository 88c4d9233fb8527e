-- Numbers, settings, the pack's text, slots and leases.

-- name: meta_get
-- in: key · out: value
SELECT value FROM meta WHERE key = :key;

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

-- name: pack_file_list
SELECT path, body FROM pack_file ORDER BY path;

-- name: pack_file_clear
DELETE FROM pack_file;

-- name: pack_file_insert
INSERT INTO pack_file (path, body) VALUES (:path, :body);

-- name: slot_table
-- Is there a schema at all? A row when there is.
SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'slot';

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

-- name: indicator_list
SELECT id, key, digest FROM indicator WHERE active = 1 ORDER BY id;

-- name: indicator_insert
INSERT INTO indicator (id, key, digest, active)
SELECT COALESCE(MAX(id), 0) + 1, :key, :digest, 1 FROM indicator
RETURNING id;

-- name: indicator_retire
UPDATE indicator SET active = 0 WHERE id = :id;

-- name: indicator_forget_facts
DELETE FROM fact WHERE indicator = :indicator;

-- name: indicator_forget_deltas
DELETE FROM delta WHERE indicator = :indicator;

-- name: indicator_forget_cells
DELETE FROM roll WHERE indicator = :indicator;
