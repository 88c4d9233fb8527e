-- Packs, directives and indicators: what a pack brings into the database.

-- name: pack_file_list
SELECT path, body FROM pack_file ORDER BY path;

-- name: pack_file_clear
DELETE FROM pack_file;

-- name: pack_file_insert
INSERT INTO pack_file (path, body) VALUES (:path, :body);

-- name: directive_list
SELECT id, key, symbol FROM directive ORDER BY id;

-- name: directive_put
INSERT INTO directive (id, key, symbol) VALUES (:id, :key, :symbol)
ON CONFLICT (id) DO UPDATE SET symbol = excluded.symbol;

-- name: indicator_list
SELECT id, key, digest FROM indicator WHERE active = 1 ORDER BY id;

-- name: indicator_insert
-- out: id
INSERT INTO indicator (id, key, digest, active)
SELECT COALESCE(MAX(id), 0) + 1, :key, :digest, :active FROM indicator
RETURNING id;

-- name: indicator_state
UPDATE indicator SET active = :active WHERE id = :id;

-- name: indicator_rename
UPDATE indicator SET key = :key WHERE id = :id;

-- name: indicator_abandon
-- Those that a process left half made.
UPDATE indicator SET active = 3 WHERE active = 2;

-- name: indicator_half_made
SELECT 1 FROM indicator WHERE active > 1 LIMIT 1;

-- name: indicator_left
SELECT id FROM indicator WHERE active = 3 ORDER BY id;

-- name: indicator_forget_unit
DELETE FROM fact WHERE shard = :shard AND unit = :unit AND indicator = :indicator;

-- name: indicator_forget_deltas
-- every shard: an indicator is taken out of force.
DELETE FROM delta WHERE indicator = :indicator;

-- name: indicator_forget_cells
-- every shard: an indicator is taken out of force.
DELETE FROM roll WHERE indicator = :indicator;

-- name: indicator_forget_shard_deltas
DELETE FROM delta WHERE shard = :shard AND indicator = :indicator;

-- name: indicator_forget_shard_cells
DELETE FROM roll WHERE shard = :shard AND indicator = :indicator;

-- name: touched_note
INSERT INTO touched (shard, record) VALUES (:shard, :record)
ON CONFLICT (shard, record) DO NOTHING;

-- name: touched_list
-- every shard: a pack is applied.
SELECT t.shard, t.record, r.register FROM touched t
LEFT JOIN record r ON r.shard = t.shard AND r.id = t.record
ORDER BY t.shard, t.record LIMIT :limit;

-- name: touched_drop
DELETE FROM touched WHERE shard = :shard AND record = :record;

-- name: touched_clear
-- every shard: a pack is applied.
DELETE FROM touched;

-- name: meta_drop
DELETE FROM meta WHERE key = :key;

-- name: lease_renew
-- Changes no row when somebody else has taken it meanwhile.
UPDATE lease SET until = :until WHERE name = :name AND holder = :holder;
