-- People who are about to be changed are locked before they are read.

-- name: person_for_change
SELECT shard, id, code, origin, name, given, version, created_at, updated_at FROM person
WHERE shard = :shard AND code = :code
FOR UPDATE;

-- name: headcount_of_units
SELECT h.status, CASE h.grain WHEN 0 THEN h.n ELSE -h.n END
FROM unnest(CAST(translate(:units, '[]', '{}') AS BIGINT[])) AS u (id) JOIN headcount h
    ON h.shard = :shard AND h.unit = u.id
WHERE h.grain = 0 OR h.grain = 3 AND h.bucket > :day;
