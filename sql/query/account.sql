-- Accounts: the viewer of a request, what an account may, and how it signs in.

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
-- name: account_any
-- Is there one, closed or not?
SELECT 1 FROM account LIMIT 1;

-- name: account_by_login
SELECT id, login, label, person, closed, password, totp, totp_step, created_at
FROM account WHERE login = :login;

-- name: account_by_id
SELECT id, login, label, person, closed, password, totp, totp_step, created_at
FROM account WHERE id = :id;

-- name: account_list
SELECT id, login, label, person, closed, password, totp, totp_step, created_at
FROM account ORDER BY login;

-- name: account_insert
INSERT INTO account (id, login, label, closed, password, totp_step, created_at, created_by)
VALUES (:id, :login, :label, 0, :password, 0, :at, :actor);

-- name: account_put_password
UPDATE account SET password = :password WHERE id = :id;

-- name: account_put_closed
UPDATE account SET closed = :closed WHERE id = :id;

-- name: account_put_person
UPDATE account SET person = :person WHERE id = :id;

-- name: account_put_totp
UPDATE account SET totp = :totp, totp_step = :step WHERE id = :id;

-- name: account_secrets
SELECT id, login, totp FROM account WHERE totp IS NOT NULL ORDER BY login;

-- name: account_put_secret
-- In the place of one that stands there in clear.
UPDATE account SET totp = :totp WHERE id = :id AND totp = :clear;

-- name: account_take_step
-- Changes no row when a code of this half minute, or of a later one, was taken before.
UPDATE account SET totp_step = :step WHERE id = :id AND totp_step < :step;

-- name: grant_list
SELECT id, role, unit, from_day, to_day FROM role_grant WHERE account = :account
ORDER BY from_day, id;

-- name: grant_insert
INSERT INTO role_grant (id, account, role, unit, from_day, to_day, at, actor)
VALUES (:id, :account, :role, :unit, :from_day, :to_day, :at, :actor);

-- name: grant_end
UPDATE role_grant SET to_day = :to_day WHERE id = :id;

-- name: grant_delete
DELETE FROM role_grant WHERE id = :id;

-- name: session_insert
INSERT INTO session (digest, account, label, created_at, seen_at)
VALUES (:digest, :account, :label, :at, :at);

-- name: session_find
SELECT account, created_at, seen_at FROM session
WHERE digest = :digest AND seen_at > :idle AND created_at > :oldest;

-- name: session_list
SELECT digest, label, created_at, seen_at FROM session
WHERE account = :account AND seen_at > :idle AND created_at > :oldest
ORDER BY created_at DESC, digest;

-- name: session_seen
UPDATE session SET seen_at = :at WHERE digest = :digest AND seen_at < :at;

-- name: session_delete
DELETE FROM session WHERE digest = :digest AND account = :account;

-- name: session_delete_others
-- All of an account but one (null: none is spared).
DELETE FROM session WHERE account = :account AND (digest <> :spared OR CAST(:spared AS TEXT) IS NULL);

-- name: session_sweep
DELETE FROM session WHERE seen_at <= :idle OR created_at <= :oldest;

-- name: device_insert
INSERT INTO device (digest, account, label, created_at, until)
VALUES (:digest, :account, :label, :at, :until);

-- name: device_find
SELECT 1 FROM device WHERE digest = :digest AND account = :account AND until > :now;

-- name: device_list
SELECT digest, label, created_at, until FROM device WHERE account = :account AND until > :now
ORDER BY created_at DESC, digest;

-- name: device_delete
DELETE FROM device WHERE digest = :digest AND account = :account;

-- name: device_delete_all
DELETE FROM device WHERE account = :account;

-- name: device_sweep
DELETE FROM device WHERE until <= :now;

-- name: pass_insert
INSERT INTO pass (digest, account, kind, until) VALUES (:digest, :account, :kind, :until);

-- name: pass_find
SELECT account FROM pass WHERE digest = :digest AND kind = :kind AND until > :now;

-- name: pass_take
-- Changes no row when somebody else was quicker.
DELETE FROM pass WHERE digest = :digest AND kind = :kind AND account = :account AND until > :now;

-- name: pass_count
SELECT COUNT(*) FROM pass WHERE account = :account AND kind = :kind AND until > :now;

-- name: pass_delete_kind
DELETE FROM pass WHERE account = :account AND kind = :kind;

-- name: pass_sweep
DELETE FROM pass WHERE until <= :now;

-- name: reader_accounts
SELECT a.login, a.label, r.at, a.id FROM reader r JOIN account a ON a.id = r.account
WHERE r.shard = :shard AND r.record = :record ORDER BY r.at, a.id;

-- name: reader_delete
-- Not the last one.
DELETE FROM reader WHERE shard = :shard AND record = :record AND account = :account
    AND EXISTS (SELECT 1 FROM reader o WHERE o.shard = :shard AND o.record = :record
        AND o.account <> :account);

-- name: account_open_by_login
SELECT id FROM account WHERE login = :login AND closed = 0;

-- name: remark_open
-- Records of a unit with something said about them that is not answered yet.
SELECT DISTINCT shard, record FROM remark
WHERE shard = :shard AND unit = :unit AND is_open = 1
ORDER BY record DESC LIMIT :limit;

-- name: account_grants
-- Accounts behind a login with all roles that they ever had, a row for each: nulls where there is none.
-- long
SELECT a.id, a.login, a.label, a.closed, CASE WHEN a.password IS NULL THEN 1 ELSE 0 END,
    g.role, g.unit, g.from_day, g.to_day
FROM account a LEFT JOIN role_grant g ON g.account = a.id
WHERE a.login > :after
ORDER BY a.login, g.from_day, g.id;

-- name: unit_grants
-- Roles on a unit that have not ended.
SELECT a.login, a.label, g.role, g.from_day, g.to_day
FROM role_grant g JOIN account a ON a.id = g.account
WHERE g.unit = :unit AND g.to_day >= :day AND a.closed = 0
ORDER BY g.role, a.login, g.from_day;

-- name: unit_records
-- How many records a unit has, also void ones.
SELECT COUNT(*) FROM record WHERE shard = :shard AND unit = :unit;
