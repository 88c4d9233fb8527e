-- Notifications and saved filters.

-- name: notification_seen_get
SELECT at FROM notification_seen WHERE account = :account;

-- name: notification_seen_put
INSERT INTO notification_seen (account, at) VALUES (:account, :now)
ON CONFLICT (account) DO UPDATE SET at = excluded.at;

-- name: notification_count
-- What came about a unit since the account has looked: reminders; reports that were returned or received,
-- for who sends them (:sends is 1); records of the account's that somebody else changed.
SELECT (SELECT COUNT(*) FROM reminder
        WHERE shard = :shard AND unit = :unit AND at > :since)
    + (SELECT COUNT(*) FROM submission
        WHERE shard = :shard AND unit = :unit AND state <> 'gui' AND at > :since AND :sends = 1)
    + (SELECT COUNT(*) FROM record r JOIN history h
            ON h.shard = r.shard AND h.record = r.id AND h.version = r.version
        WHERE r.shard = :shard AND r.created_by = :account AND r.created_by > 0
            AND r.updated_at > :since AND r.unit = :unit AND h.actor <> :account);

-- name: notification_sessions
-- Browsers that were signed in since, but for the one that asks.
SELECT label, created_at FROM session
WHERE account = :account AND created_at > :since AND seen_at > :idle AND created_at > :oldest
    AND (digest <> :own OR CAST(:own AS TEXT) IS NULL)
ORDER BY created_at DESC, digest LIMIT :limit;

-- name: notification_reports
SELECT period, state, reason, at FROM submission
WHERE shard = :shard AND unit = :unit AND state <> 'gui' AND at > :since
ORDER BY at DESC LIMIT :limit;

-- name: notification_records
-- The newest first; `action` and `reason` are those of the last change.
SELECT r.shard, r.id, h.at, h.action, h.reason, a.label
FROM record r
    JOIN history h ON h.shard = r.shard AND h.record = r.id AND h.version = r.version
    LEFT JOIN account a ON a.id = h.actor
WHERE r.shard = :shard AND r.created_by = :account AND r.created_by > 0 AND r.updated_at > :since
    AND r.unit = :unit AND h.actor <> :account
ORDER BY r.updated_at DESC, r.id LIMIT :limit;

-- name: saved_filter_list
SELECT name, query FROM saved_filter WHERE account = :account AND register = :register
ORDER BY name;

-- name: saved_filter_put
INSERT INTO saved_filter (account, register, name, query, at)
VALUES (:account, :register, :name, :query, :now)
ON CONFLICT (account, register, name) DO UPDATE SET query = excluded.query, at = excluded.at;

-- name: saved_filter_remove
DELETE FROM saved_filter WHERE account = :account AND register = :register AND name = :name;
