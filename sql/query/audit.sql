-- The audit: its rows, their seals, and who asks for them.

-- name: audit_insert
-- gathered
-- Bound by place.
INSERT INTO audit (shard, id, at, actor, action, subject, version, detail, salt)
VALUES (:shard, :id, :at, :actor, :action, :subject, :version, :detail, :salt);

-- name: audit_wait_insert
-- gathered
-- Bound by place.
INSERT INTO audit_wait (shard, id) VALUES (:shard, :id);

-- name: audit_waits
SELECT id FROM audit_wait WHERE shard = :shard ORDER BY id LIMIT 1;

-- name: audit_wait_take
-- What is taken out was committed with its rows: a later statement sees them.
DELETE FROM audit_wait WHERE shard = :shard RETURNING id;

-- name: audit_head_get
SELECT n, digest FROM audit_head WHERE shard = :shard;

-- name: audit_head_for_change
-- Locked, where others write beside.
SELECT n, digest FROM audit_head WHERE shard = :shard;

-- name: audit_head_put
INSERT INTO audit_head (shard, n, digest) VALUES (:shard, :n, :digest)
ON CONFLICT (shard) DO UPDATE SET n = excluded.n, digest = excluded.digest;

-- name: audit_seal_insert
INSERT INTO audit_seal (shard, n, at, first_id, last_id, members, digest)
VALUES (:shard, :n, :at, :first, :last, :members, :digest);

-- name: audit_seal_since
-- Which rows from an id on have their seal already.
SELECT members FROM audit_seal WHERE shard = :shard AND last_id >= :from;

-- name: audit_from
-- To seal: the columns that audit_row_digest reads.
SELECT id, at, actor, action, subject, version, detail, salt FROM audit
WHERE shard = :shard AND id >= :from ORDER BY id LIMIT :limit;

-- name: audit_all
-- long
-- To verify: the columns that audit_row_digest reads.
SELECT id, at, actor, action, subject, version, detail, salt FROM audit
WHERE shard = :shard ORDER BY id;

-- name: audit_seal_all
-- long
SELECT n, at, first_id, last_id, members, digest FROM audit_seal WHERE shard = :shard ORDER BY n;

-- name: audit_seal_by_first
-- long
SELECT members, n FROM audit_seal WHERE shard = :shard ORDER BY first_id, n;

-- name: audit_seal_last
SELECT n, digest, (SELECT COUNT(*) FROM audit_seal c WHERE c.shard = :shard)
FROM audit_seal WHERE shard = :shard ORDER BY n DESC LIMIT 1;

-- name: audit_seal_find
-- Is a digest that somebody has written down that of a seal?
SELECT n FROM audit_seal WHERE shard = :shard AND digest = :digest;

-- name: audit_shards
-- every shard: to verify, also what was put into a shard that there is not.
SELECT shard FROM audit GROUP BY shard UNION SELECT shard FROM audit_seal GROUP BY shard
UNION SELECT shard FROM audit_head GROUP BY shard ORDER BY 1;

-- name: audit_head_shards
-- every shard: the check.
SELECT shard FROM audit_seal GROUP BY shard UNION SELECT shard FROM audit_head GROUP BY shard
ORDER BY 1;
