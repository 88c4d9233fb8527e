-- Rows that are about to be changed are locked before they are read.

-- name: record_for_change
SELECT shard, id, register, code, unit, state, version, batch, created_at, updated_at,
    directives FROM record
WHERE shard = :shard AND code = :code
    AND (batch = 0 OR batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'))
FOR UPDATE;
