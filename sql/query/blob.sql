-- Attached files.

-- name: blob_insert
-- A part that is there already is the same.
INSERT INTO blob (shard, digest, part, body) VALUES (:shard, :digest, :part, :body)
ON CONFLICT (shard, digest, part) DO NOTHING;

-- name: blob_parts
SELECT body FROM blob WHERE shard = :shard AND digest = :digest ORDER BY part;

-- name: blob_size
SELECT COALESCE(SUM(LENGTH(body)), 0) FROM blob WHERE shard = :shard AND digest = :digest;
