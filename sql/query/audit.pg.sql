-- The last seal is locked before it is read.

-- name: audit_head_for_change
SELECT n, digest FROM audit_head WHERE shard = :shard FOR UPDATE;
