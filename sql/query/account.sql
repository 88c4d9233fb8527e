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
