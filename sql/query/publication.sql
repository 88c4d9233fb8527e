-- Indicators that were published by decision.

-- name: publication_list
SELECT id, indicator, unit, from_day, to_day, decision, at FROM publication
WHERE withdrawn_at = 0 ORDER BY id;

-- name: publication_insert
INSERT INTO publication (id, indicator, unit, from_day, to_day, decision, at, actor, withdrawn_at)
VALUES (:id, :indicator, :unit, :from, :to, :decision, :now, :actor, 0);

-- name: publication_withdraw
UPDATE publication SET withdrawn_at = :now WHERE id = :id AND withdrawn_at = 0;
