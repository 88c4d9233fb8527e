-- Holidays, periods and reviews.

-- name: holiday_list
SELECT day, name FROM holiday ORDER BY day;

-- name: holiday_put
INSERT INTO holiday (day, name) VALUES (:day, :name)
ON CONFLICT (day) DO UPDATE SET name = excluded.name;

-- name: holiday_delete
DELETE FROM holiday WHERE day = :day;

-- name: period_list
SELECT key, kind, label, from_day, to_day, due_day FROM period ORDER BY key;

-- name: period_put
-- A period keeps its id when it is put again.
INSERT INTO period (id, key, kind, label, from_day, to_day, due_day)
VALUES (:id, :key, :kind, :label, :from, :to, :due)
ON CONFLICT (key) DO UPDATE SET label = excluded.label, from_day = excluded.from_day,
    to_day = excluded.to_day, due_day = excluded.due_day;

-- name: period_delete
DELETE FROM period WHERE key = :key;

-- name: review_list
SELECT key, directive, kind, due_day, label FROM review ORDER BY due_day, key;

-- name: review_put
INSERT INTO review (key, directive, kind, due_day, label)
VALUES (:key, :directive, :kind, :due, :label)
ON CONFLICT (key) DO UPDATE SET directive = excluded.directive, kind = excluded.kind,
    due_day = excluded.due_day, label = excluded.label;

-- name: review_delete
DELETE FROM review WHERE key = :key;
