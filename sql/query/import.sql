-- Batches of imported records.

-- name: batch_insert
INSERT INTO batch (id, register, file, digest, records, state, at, actor)
VALUES (:id, :register, :file, :digest, 0, 'loading', :now, :actor);

-- name: batch_publish
UPDATE batch SET state = 'published', records = :records WHERE id = :id;

-- name: batch_undone
UPDATE batch SET state = 'undone' WHERE id = :id;

-- name: batch_find
SELECT register, file, records, state FROM batch WHERE id = :id AND state = 'published';

-- name: record_free_origin
-- Of a record of a batch that is undone.
UPDATE record SET origin = NULL WHERE shard = :shard AND id = :id;

-- name: batch_loading
SELECT id, register FROM batch WHERE state = 'loading' ORDER BY id LIMIT 1;

-- name: batch_discard_facts
-- every shard: what a killed import has left.
DELETE FROM fact WHERE batch = :batch;

-- name: batch_discard_history
-- every shard: what a killed import has left.
DELETE FROM history
WHERE (shard, record) IN (SELECT r.shard, r.id FROM record r WHERE r.batch = :batch);

-- name: batch_discard_records
-- every shard: what a killed import has left.
DELETE FROM record WHERE batch = :batch;

-- name: batch_delete
DELETE FROM batch WHERE id = :batch;

-- name: lease_drop
UPDATE lease SET until = 0 WHERE name = :name AND holder = :holder;
