-- Accounts and what they may: the viewer of a request.

-- name: viewer_account
-- An account that is not closed.
SELECT login, label, person FROM account WHERE id = :account AND closed = 0;

-- name: viewer_grants
-- Roles in force on a day.
SELECT role, unit FROM role_grant
WHERE account = :account AND from_day <= :day AND to_day >= :day
ORDER BY id;
