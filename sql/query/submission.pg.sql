-- What differs where others write beside.

-- name: submission_for_change
SELECT state, note, reason, version, sent_at, at, actor FROM submission
WHERE shard = :shard AND unit = :unit AND period = :period FOR UPDATE;
