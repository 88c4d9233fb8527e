-- Indicators that were published by decision.

-- name: publication_list
SELECT code, indicator, unit, from_day, to_day, decision, at FROM publication
WHERE withdrawn_at = 0 ORDER BY at, code;

-- name: publication_insert
INSERT INTO publication (code, indicator, unit, from_day, to_day, decision, at, actor, withdrawn_at)
VALUES (:code, :indicator, :unit, :from, :to, :decision, :now, :actor, 0);

-- name: publication_withdraw
UPDATE publication SET withdrawn_at = :now WHERE code = :code AND withdrawn_at = 0;
