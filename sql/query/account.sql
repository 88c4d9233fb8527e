-- Accounts and what they may: the viewer of a request.

-- name: viewer_account
-- An account that is not closed.
SELECT login, label, person FROM account WHERE id = :account AND closed = 0;

-- name: viewer_grants
-- Roles in force on a day.
SELECT role, unit FROM role_grant
WHERE account = :account AND from_day <= :day AND to_day >= :day
ORDER BY id;

-- name: reader_list
SELECT account FROM reader WHERE shard = :shard AND record = :record ORDER BY at, account;

-- name: reader_insert
INSERT INTO reader (shard, record, account, at, actor)
VALUES (:shard, :record, :account, :now, :actor)
ON CONFLICT (shard, record, account) DO NOTHING;

-- name: draft_put
INSERT INTO draft (shard, account, key, register, unit, version, body, at)
VALUES (:shard, :account, :key, :register, :unit, :version, :body, :now)
ON CONFLICT (shard, account, key) DO UPDATE SET register = excluded.register, unit = excluded.unit,
    version = excluded.version, body = excluded.body, at = excluded.at;

-- name: draft_by_key
SELECT key, register, unit, version, body, at FROM draft
WHERE shard = :shard AND account = :account AND key = :key;

-- name: draft_newest
-- Of a new record only.
SELECT key, register, unit, version, body, at FROM draft
WHERE shard = :shard AND account = :account AND register = :register AND unit = :unit AND version = 0
ORDER BY at DESC, key LIMIT 1;

-- name: draft_list
SELECT key, register, unit, version, body, at FROM draft
WHERE shard = :shard AND account = :account
ORDER BY at DESC, key LIMIT :limit;

-- name: draft_remove
DELETE FROM draft WHERE shard = :shard AND account = :account AND key = :key;

-- name: remark_list
SELECT r.field, r.text, r.at, r.actor, r.is_open, a.label
FROM remark r LEFT JOIN account a ON a.id = r.actor
WHERE r.shard = :shard AND r.record = :record
ORDER BY r.id DESC;

-- name: remark_close
UPDATE remark SET is_open = 0 WHERE shard = :shard AND record = :record AND is_open = 1;

-- name: remark_insert
INSERT INTO remark (shard, record, id, unit, version, field, text, is_open, at, actor)
VALUES (:shard, :record, :id, :unit, :version, :field, :text, 1, :now, :actor);
