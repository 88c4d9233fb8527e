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
