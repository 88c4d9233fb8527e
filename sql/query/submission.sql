-- Reports that units send up for a period, and reminders.

-- name: submission_get
SELECT state, note, reason, version, sent_at, at, actor FROM submission
WHERE shard = :shard AND unit = :unit AND period = :period;

-- name: submission_for_change
-- Locked, where others write beside.
SELECT state, note, reason, version, sent_at, at, actor FROM submission
WHERE shard = :shard AND unit = :unit AND period = :period;

-- name: submission_put
INSERT INTO submission (shard, unit, period, state, note, reason, version, sent_at, at, actor)
VALUES (:shard, :unit, :period, :state, :note, :reason, :version, :sent_at, :now, :actor)
ON CONFLICT (shard, unit, period) DO UPDATE SET state = excluded.state, note = excluded.note,
    reason = excluded.reason, version = excluded.version, sent_at = excluded.sent_at,
    at = excluded.at, actor = excluded.actor;

-- name: submission_of_unit
SELECT period, state, sent_at FROM submission WHERE shard = :shard AND unit = :unit ORDER BY period;

-- name: reminder_insert
INSERT INTO reminder (shard, id, unit, period, text, at, actor)
VALUES (:shard, :id, :unit, :period, :text, :now, :actor);

-- name: reminder_of_unit
SELECT m.period, m.text, m.at, a.label FROM reminder m LEFT JOIN account a ON a.id = m.actor
WHERE m.shard = :shard AND m.unit = :unit ORDER BY m.id DESC LIMIT :limit;

-- name: submission_of_period
-- every shard: a period is taken out once in years, and only when nobody has reported for it.
SELECT 1 FROM submission WHERE period = :period LIMIT 1;
