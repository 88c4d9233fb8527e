-- People, their membership and history, and how many they are.

-- name: person_by_code
SELECT shard, id, code, origin, name, given, version, created_at, updated_at FROM person
WHERE shard = :shard AND code = :code;

-- name: person_for_change
-- Locked, where others write beside.
SELECT shard, id, code, origin, name, given, version, created_at, updated_at FROM person
WHERE shard = :shard AND code = :code;

-- name: person_by_id
SELECT shard, id, code, origin, name, given, version, created_at, updated_at FROM person
WHERE shard = :shard AND id = :id;

-- name: person_by_origin
-- every shard: a list may come from another unit than the first.
SELECT shard, id, code, origin, name, given, version, created_at, updated_at FROM person
WHERE origin = :origin ORDER BY shard LIMIT 1;

-- name: person_code_by_origin
-- every shard: a list may come from another unit than the first.
-- The number of people tells whether the key says who is meant.
SELECT min(code), count(*) FROM person WHERE origin = :origin;

-- name: person_name
SELECT name FROM person WHERE shard = :shard AND code = :code;

-- name: person_spans
SELECT from_day, to_day, unit, status, post FROM member
WHERE shard = :shard AND person = :person ORDER BY from_day;

-- name: person_insert
-- gathered
-- Bound by place.
INSERT INTO person (shard, id, code, origin, name, given, sort_key, version, created_at, created_by,
    updated_at)
VALUES (:shard, :id, :code, :origin, :name, :given, :sort_key, :version, :now, :actor, :now);

-- name: person_update
UPDATE person SET name = :name, given = :given, sort_key = :sort_key, version = :version,
    updated_at = :now
WHERE shard = :shard AND id = :id;

-- name: person_codes
-- long
-- every shard: the export and the dump.
SELECT shard, code FROM person ORDER BY shard, code;

-- name: person_list
-- long
-- Everybody of a shard, for the check.
SELECT id, sort_key FROM person WHERE shard = :shard ORDER BY id;

-- name: member_clear
DELETE FROM member WHERE shard = :shard AND person = :person;

-- name: member_insert
-- gathered
-- Bound by place.
INSERT INTO member (shard, person, from_day, to_day, unit, status, post)
VALUES (:shard, :person, :from, :to, :unit, :status, :post);

-- name: member_of_unit
-- Who belongs to a unit on a day, as far as this shard knows; put into order by the caller.
SELECT p.id, p.code, p.sort_key FROM member m JOIN person p ON p.shard = m.shard AND p.id = m.person
WHERE m.shard = :shard AND m.unit = :unit AND m.from_day <= :day AND m.to_day >= :day;

-- name: member_all
-- long
-- Every span, for rebuilding.
SELECT from_day, to_day, unit, status FROM member WHERE shard = :shard;

-- name: member_changes
-- long
-- every shard: the check.
-- What came and went, told by SQL alone, for the check: the shard and unit, the day, the status.
--     in: open, the day that stands for no end
SELECT u.shard, c.unit, c.day, c.status, SUM(c.n) FROM (
    SELECT unit, from_day AS day, status, 1 AS n FROM member
    UNION ALL
    SELECT unit, to_day + 1 AS day, status, -1 AS n FROM member WHERE to_day < :open
) c JOIN unit u ON u.id = c.unit
GROUP BY u.shard, c.unit, c.day, c.status ORDER BY u.shard, c.unit, c.day, c.status;

-- name: member_overlaps
-- every shard: the check.
-- Spans of one person that share a day.
SELECT a.shard, a.person FROM member a JOIN member b
    ON b.shard = a.shard AND b.person = a.person AND b.from_day > a.from_day
WHERE b.from_day <= a.to_day ORDER BY a.shard, a.person;

-- name: person_history_insert
-- gathered
-- Bound by place.
INSERT INTO person_history (shard, person, version, at, actor, action, reason, body)
VALUES (:shard, :person, :version, :at, :actor, :action, :reason, :body);

-- name: person_history_list
SELECT version, at, actor, action, reason FROM person_history
WHERE shard = :shard AND person = :person ORDER BY version DESC;

-- name: person_history_last
SELECT version, body FROM person_history
WHERE shard = :shard AND person = :person ORDER BY version DESC LIMIT 1;

-- name: headcount_add
-- Bound by place.
INSERT INTO headcount (shard, unit, grain, bucket, status, n)
VALUES (:shard, :unit, :grain, :bucket, :status, :n)
ON CONFLICT (shard, unit, grain, bucket, status) DO UPDATE SET n = headcount.n + excluded.n;

-- name: headcount_of_shard
-- How many belong to the units of a shard on a day, by status: all that ever came less those that
-- left, but for what happened after the day.
--     in: the day, and the first days of its year and month and of the next ones
SELECT status, n FROM headcount WHERE shard = :shard AND unit = 0 AND grain = 0
UNION ALL
SELECT status, -n FROM headcount WHERE shard = :shard AND unit = 0 AND grain = 1
    AND bucket >= :next_year
UNION ALL
SELECT status, -n FROM headcount WHERE shard = :shard AND unit = 0 AND grain = 2
    AND bucket >= :next_month AND bucket < :next_year
UNION ALL
SELECT status, -n FROM headcount WHERE shard = :shard AND unit = 0 AND grain = 3
    AND bucket > :day AND bucket < :next_month;

-- name: headcount_of_units
-- The same for the own members of the units in a JSON list: all time, and the days after the day.
SELECT h.status, CASE h.grain WHEN 0 THEN h.n ELSE -h.n END
FROM json_each(:units) u CROSS JOIN headcount h
WHERE h.shard = :shard AND h.unit = u.value
    AND (h.grain = 0 OR h.grain = 3 AND h.bucket > :day);

-- name: headcount_all
-- long
-- every shard: the check.
SELECT shard, unit, grain, bucket, status, n FROM headcount;

-- name: headcount_clear
-- every shard: rebuild.
DELETE FROM headcount;

-- name: contest_insert
INSERT INTO contest (shard, id, unit, person, text, is_open, at)
VALUES (:shard, :id, :unit, :person, :text, 1, :now);

-- name: contest_open
-- The newest first.
SELECT person, text, at FROM contest
WHERE shard = :shard AND unit = :unit AND is_open = 1 ORDER BY id DESC LIMIT :limit;

-- name: contest_close
UPDATE contest SET is_open = 0
WHERE shard = :shard AND unit = :unit AND is_open = 1 AND person = :person;
