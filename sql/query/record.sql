-- Records, their history, and their facts. A record of a batch that is still loading
-- is not there yet for anybody.

-- name: record_by_code
SELECT shard, id, register, code, unit, state, version, batch, created_at, updated_at,
    directives FROM record
WHERE shard = :shard AND code = :code
    AND (batch = 0 OR batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'));

-- name: record_for_change
-- Locked, where others write beside.
SELECT shard, id, register, code, unit, state, version, batch, created_at, updated_at,
    directives FROM record
WHERE shard = :shard AND code = :code
    AND (batch = 0 OR batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'));

-- name: record_by_id
SELECT shard, id, register, code, unit, state, version, batch, created_at, updated_at,
    directives FROM record
WHERE shard = :shard AND id = :id
    AND (batch = 0 OR batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'));

-- name: record_of_unit
-- long
-- Records of one unit and register in the order of their making, for the export.
SELECT id, origin FROM record WHERE shard = :shard AND unit = :unit AND register = :register
    AND (batch = 0 OR batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'))
ORDER BY id;

-- name: record_by_codes
-- long
-- every shard: the dump, of all records of a register.
SELECT shard, id, visibility, origin FROM record WHERE register = :register
    AND (batch = 0 OR batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'))
ORDER BY shard, code;

-- name: record_by_origin
SELECT id FROM record WHERE shard = :shard AND register = :register AND origin = :origin;

-- name: record_code_by_origin
SELECT code FROM record WHERE shard = :shard AND register = :register AND origin = :origin;

-- name: record_insert
-- gathered
-- Bound by place.
INSERT INTO record (shard, id, register, code, unit, state, version, visibility, batch, origin,
    created_at, created_by, updated_at, directives)
VALUES (:shard, :id, :register, :code, :unit, :state, :version, :visibility, :batch, :origin,
    :now, :actor, :now, :directives);

-- name: record_update
UPDATE record SET unit = :unit, state = :state, version = :version, updated_at = :now,
    directives = :directives
WHERE shard = :shard AND id = :id;

-- name: record_list
-- Records of one unit and register after an id, in the order of their making.
SELECT id FROM record
WHERE shard = :shard AND unit = :unit AND register = :register AND id > :after
    AND (batch = 0 OR batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'))
ORDER BY id LIMIT :limit;

-- name: record_count_shard
SELECT COUNT(*) FROM record WHERE shard = :shard
    AND (batch = 0 OR batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'));

-- name: record_count
-- every shard: how many there are in the nation.
SELECT COUNT(*) FROM record WHERE register = :register AND state <> 'void'
    AND (batch = 0 OR batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'));

-- name: record_of_batch
-- long
-- every shard: an import is undone.
SELECT shard, id, code, version, state FROM record WHERE batch = :batch ORDER BY shard, id;

-- name: record_all
-- long
-- Every record, for the check and for rebuilding.
SELECT shard, id FROM record WHERE shard = :shard
    AND (batch = 0 OR batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'))
ORDER BY id;

-- name: history_insert
-- gathered
-- Bound by place.
INSERT INTO history (shard, record, version, at, actor, action, unit, state, reason, request, body,
    directives)
VALUES (:shard, :record, :version, :at, :actor, :action, :unit, :state, :reason, :request, :body,
    :directives);

-- name: history_by_request
SELECT action, unit, state, body, reason, directives FROM history
WHERE shard = :shard AND record = :record AND request = :request;

-- name: history_first
SELECT unit, state, body, directives FROM history WHERE shard = :shard AND record = :record AND version = 1;

-- name: history_list
SELECT h.version, h.at, h.actor, h.action, h.unit, h.state, h.reason, h.body, h.directives, a.label
FROM history h LEFT JOIN account a ON a.id = h.actor
WHERE h.shard = :shard AND h.record = :record ORDER BY h.version DESC;

-- name: history_states
SELECT at, state FROM history WHERE shard = :shard AND record = :record ORDER BY version;

-- name: history_last
SELECT version, unit, state, body, directives FROM history
WHERE shard = :shard AND record = :record ORDER BY version DESC LIMIT 1;

-- name: fact_of_record
SELECT unit, indicator, day, seq, cut, value, word, is_key FROM fact
WHERE shard = :shard AND record = :record;

-- name: fact_insert
-- gathered
-- Bound by place.
INSERT INTO fact (shard, unit, indicator, day, record, seq, cut, value, word, batch, is_key)
VALUES (:shard, :unit, :indicator, :day, :record, :seq, :cut, :value, :word, :batch, :is_key);

-- name: fact_delete
DELETE FROM fact WHERE shard = :shard AND unit = :unit AND indicator = :indicator AND day = :day
    AND record = :record AND seq = :seq;

-- name: delta_insert
-- gathered
-- Bound by place.
INSERT INTO delta (shard, indicator, id, unit, day, cut, value, n, n_over, n_under, n_about)
VALUES (:shard, :indicator, :id, :unit, :day, :cut, :value, :n, :n_over, :n_under, :n_about);

-- name: record_code
SELECT code FROM record WHERE shard = :shard AND id = :id;

-- name: record_any
-- every shard: an import asks once, before it begins.
SELECT 1 FROM record WHERE register = :register LIMIT 1;

-- name: record_any_register
-- every shard: an import asks once, before it begins.
SELECT 1 FROM record LIMIT 1;

-- name: record_newest
SELECT id FROM record
WHERE shard = :shard AND unit = :unit AND register = :register AND state <> 'void'
    AND (batch = 0 OR batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'))
ORDER BY id DESC LIMIT :limit;

-- name: history_body
SELECT body FROM history WHERE shard = :shard AND record = :record AND version = :version;
