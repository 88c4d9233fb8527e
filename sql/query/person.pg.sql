-- People who are about to be changed are locked before they are read.

-- name: person_for_change
SELECT shard, id, code, origin, name, given, version, created_at, updated_at FROM person
WHERE shard = :shard AND code = :code
FOR UPDATE;
