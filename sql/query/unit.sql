-- Units and their spans.

-- name: unit_list
-- In administrative order; with the sums that are kept.
SELECT u.id, u.shard, u.ordinal, c.unit IS NOT NULL, COALESCE(c.days, 0)
FROM unit u LEFT JOIN cell_unit c ON c.unit = u.id
ORDER BY u.ordinal, u.id;

-- name: unit_spans
SELECT unit, from_day, to_day, code, name, level, kind, bloc, parent FROM unit_span
ORDER BY unit, from_day;

-- name: unit_heirs
SELECT unit, other FROM unit_event WHERE kind = 'merge' ORDER BY day, id;

-- name: unit_insert
-- gathered
INSERT INTO unit (id, shard, ordinal) VALUES (:id, :shard, :ordinal);

-- name: unit_last
SELECT COALESCE(MAX(id), 0), COALESCE(MAX(shard), 0), COALESCE(MAX(ordinal), 0) FROM unit;

-- name: unit_span_insert
-- gathered
INSERT INTO unit_span (unit, from_day, to_day, code, name, sort_key, level, kind, bloc, parent)
VALUES (:unit, :from, :to, :code, :name, :sort_key, :level, :kind, :bloc, :parent);

-- name: unit_span_close
UPDATE unit_span SET to_day = :to WHERE unit = :unit AND from_day = :from;

-- name: unit_span_delete
DELETE FROM unit_span WHERE unit = :unit AND from_day = :from;

-- name: unit_event_insert
-- gathered
INSERT INTO unit_event (id, kind, day, unit, other, decision, at, actor)
VALUES (:id, :kind, :day, :unit, :other, :decision, :at, :actor);

-- name: unit_events
SELECT kind, day, other, decision, at FROM unit_event WHERE unit = :unit ORDER BY day, id;

-- name: cell_unit_clear
DELETE FROM cell_unit;

-- name: cell_unit_insert
-- gathered
INSERT INTO cell_unit (unit, days) VALUES (:unit, :days);

-- name: unit_fact_after
-- What a unit bears on or after a day. out: indicator, seq
SELECT indicator, seq FROM fact WHERE shard = :shard AND unit = :unit AND day >= :day;
