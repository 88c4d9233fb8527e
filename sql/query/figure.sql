-- Facts, deltas and cells as figures read them. What belongs to a batch that is still loading is
-- left out.

-- name: roll_scan
-- Cells and waiting deltas in one statement, so that a change is seen once while it is folded. The
-- range is cut into days, months, years, months and days; each stretch may be empty, and is then not
-- looked for. `mask` and `want` choose among cuts: eight bits for each field (domain/fact.h).
-- That a stretch is not empty is asked behind its days, from which its numbers have their type.
-- out: unit (0 for a cell), day, cut, value, n, n_over, n_under, n_about
SELECT 0, bucket, cut, value, n, n_over, n_under, n_about FROM roll
WHERE shard = :shard AND unit = :unit AND indicator = :indicator AND grain = :year
    AND bucket >= :years_from AND bucket < :years_end AND (cut & :mask) = :want
    AND :years_from < :years_end
UNION ALL
SELECT 0, bucket, cut, value, n, n_over, n_under, n_about FROM roll
WHERE shard = :shard AND unit = :unit AND indicator = :indicator AND grain = :month
    AND bucket >= :months_from AND bucket < :years_from AND (cut & :mask) = :want
    AND :months_from < :years_from
UNION ALL
SELECT 0, bucket, cut, value, n, n_over, n_under, n_about FROM roll
WHERE shard = :shard AND unit = :unit AND indicator = :indicator AND grain = :month
    AND bucket >= :years_end AND bucket < :months_end AND (cut & :mask) = :want
    AND :years_end < :months_end
UNION ALL
SELECT 0, bucket, cut, value, n, n_over, n_under, n_about FROM roll
WHERE shard = :shard AND unit = :unit AND indicator = :indicator AND grain = :day
    AND bucket >= :days_from AND bucket < :months_from AND (cut & :mask) = :want
    AND :days_from < :months_from
UNION ALL
SELECT 0, bucket, cut, value, n, n_over, n_under, n_about FROM roll
WHERE shard = :shard AND unit = :unit AND indicator = :indicator AND grain = :day
    AND bucket >= :months_end AND bucket < :days_end AND (cut & :mask) = :want
    AND :months_end < :days_end
UNION ALL
SELECT unit, day, cut, value, n, n_over, n_under, n_about FROM delta
WHERE shard = :shard AND indicator = :indicator AND day >= :days_from AND day < :days_end
    AND (cut & :mask) = :want;

-- name: fact_scan
-- Facts of the units in a JSON list, between two days. The cross join keeps the order of the units
-- outside, so that each is one seek. out: day, cut, value, word
SELECT f.day, f.cut, f.value, f.word FROM json_each(:units) u CROSS JOIN fact f
WHERE f.shard = :shard AND f.unit = u.value AND f.indicator = :indicator
    AND f.day >= :first AND f.day < :end AND (f.cut & :mask) = :want
    AND (f.batch = 0 OR f.batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'));

-- name: fact_keys
-- The keys of a distinct indicator in a whole shard, in the columns of fact_scan.
SELECT day, cut, value, 0 FROM fact
WHERE shard = :shard AND indicator = :indicator AND is_key = 1
    AND day >= :first AND day < :end AND (cut & :mask) = :want
    AND (batch = 0 OR batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'));

-- name: fact_words
-- Which published words stand in qualified facts.
SELECT DISTINCT f.word FROM json_each(:units) u CROSS JOIN fact f
WHERE f.shard = :shard AND f.indicator = :indicator AND f.unit = u.value AND f.word <> 0
    AND f.day >= :first AND f.day < :end AND (f.cut & :mask) = :want
    AND (f.batch = 0 OR f.batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'));

-- name: fact_exists
SELECT 1 FROM json_each(:units) u CROSS JOIN fact f
WHERE f.shard = :shard AND f.unit = u.value AND f.indicator = :indicator
    AND f.day >= :first AND f.day < :end AND (f.cut & :mask) = :want
    AND (f.batch = 0 OR f.batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'))
LIMIT 1;

-- name: fact_rows
-- The records behind a figure: one row for each fact of the units in a JSON list, in its order.
SELECT x.unit, x.day, x.seq, x.cut, x.value, x.word, r.code, r.state, x.record
FROM (SELECT u.key AS place, f.unit, f.day, f.record, f.seq, f.cut, f.value, f.word
    FROM json_each(:units) u CROSS JOIN fact f
    WHERE f.shard = :shard AND f.unit = u.value AND f.indicator = :indicator
        AND f.day >= :first AND f.day < :end AND (f.cut & :mask) = :want
        AND (f.batch = 0 OR f.batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'))
    ORDER BY u.key, f.day, f.record, f.seq LIMIT :limit) x
CROSS JOIN record r
WHERE r.shard = :shard AND r.id = x.record
ORDER BY x.place, x.day, x.record, x.seq;

-- name: fact_of_shard
-- long
-- Of published batches: what cells are made from.
SELECT shard, indicator, unit, day, cut, value, word FROM fact
WHERE shard = :shard
    AND (batch = 0 OR batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'));

-- name: fact_of_batch
-- long
SELECT shard, indicator, unit, day, cut, value, word FROM fact
WHERE shard = :shard AND batch = :batch;

-- name: fact_clear
-- every shard: rebuild.
-- But for those that an import has not published yet: it will still need them.
DELETE FROM fact
WHERE batch = 0 OR batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading');

-- name: delta_clear
-- every shard: rebuild.
DELETE FROM delta;

-- name: roll_clear
-- every shard: rebuild.
DELETE FROM roll;

-- name: delta_any
SELECT 1 FROM delta WHERE shard = :shard LIMIT 1;

-- name: delta_count
-- every shard: how many wait in the nation.
SELECT COUNT(*) FROM delta;

-- name: delta_take
-- The folder's: the rows are gone and known in one statement.
DELETE FROM delta WHERE shard = :shard
    AND (indicator, id) IN (SELECT d.indicator, d.id FROM delta d WHERE d.shard = :shard
        ORDER BY d.indicator, d.id LIMIT :limit)
RETURNING indicator, unit, day, cut, value, n, n_over, n_under, n_about;

-- name: delta_peek
SELECT indicator, unit, day, cut, value, n, n_over, n_under, n_about FROM delta
WHERE shard = :shard LIMIT :limit;

-- name: roll_add
-- gathered
-- Bound by place.
INSERT INTO roll (shard, unit, indicator, grain, bucket, cut, value, n, n_over, n_under, n_about)
VALUES (:shard, :unit, :indicator, :grain, :bucket, :cut, :value, :n, :n_over, :n_under, :n_about)
ON CONFLICT (shard, unit, indicator, grain, bucket, cut) DO UPDATE SET
    value = roll.value + excluded.value, n = roll.n + excluded.n,
    n_over = roll.n_over + excluded.n_over, n_under = roll.n_under + excluded.n_under,
    n_about = roll.n_about + excluded.n_about;

-- name: roll_drop_empty
-- Bound by place.
DELETE FROM roll
WHERE shard = :shard AND unit = :unit AND indicator = :indicator AND grain = :grain
    AND bucket = :bucket AND cut = :cut
    AND n = 0 AND value = 0 AND n_over = 0 AND n_under = 0 AND n_about = 0;

-- name: roll_clear_unit
DELETE FROM roll WHERE shard = :shard AND unit = :unit;

-- name: roll_all
-- long
-- For the check.
SELECT unit, indicator, grain, bucket, cut, value, n, n_over, n_under, n_about FROM roll
WHERE shard = :shard AND indicator NOT IN (SELECT i.id FROM indicator i WHERE i.active > 1);

-- name: delta_all
-- long
-- For the check.
SELECT indicator, unit, day, cut, value, n, n_over, n_under, n_about FROM delta
WHERE shard = :shard AND indicator NOT IN (SELECT i.id FROM indicator i WHERE i.active > 1);

-- name: declared_insert
INSERT INTO declared (shard, id, indicator, cut, unit, from_day, to_day, value, word, source,
    version, at, actor, numerator, denominator)
VALUES (:shard, :id, :indicator, :cut, :unit, :from, :to, :value, :word, :source, 1, :now, :actor,
    :numerator, :denominator);

-- name: declared_same
-- Is there a declaration of the same thing?
SELECT id, value, word, source, version, numerator, denominator FROM declared
WHERE shard = :shard AND indicator = :indicator AND unit = :unit AND cut = :cut
    AND from_day = :from AND to_day = :to;

-- name: declared_replace
UPDATE declared SET value = :value, word = :word, source = :source, version = version + 1,
    at = :now, actor = :actor, numerator = :numerator, denominator = :denominator
WHERE shard = :shard AND id = :id;

-- name: declared_names
-- every shard: a pack is applied.
SELECT indicator, cut, shard, id FROM declared ORDER BY indicator, shard, id;

-- name: declared_rename
UPDATE declared SET indicator = :indicator, cut = :cut WHERE shard = :shard AND id = :id;

-- name: declared_delete
DELETE FROM declared WHERE shard = :shard AND id = :id;

-- name: declared_all
-- long
-- every shard: the dump and the export.
-- In an order that does not depend on ids: units by their place in the administrative order.
SELECT d.indicator, d.cut, d.unit, d.from_day, d.to_day, d.value, d.word, d.source,
    d.numerator, d.denominator
FROM declared d JOIN unit u ON u.id = d.unit
ORDER BY d.indicator, u.ordinal, u.id, d.from_day, d.to_day, d.cut;

-- name: declared_scan
-- Declarations of an indicator that touch a range.
SELECT id, unit, cut, from_day, to_day, value, word, source, version, at, numerator, denominator
FROM declared
WHERE shard = :shard AND indicator = :indicator AND from_day <= :to AND to_day >= :from
ORDER BY unit, from_day, id;

-- name: fact_for_check
-- long
-- Of published batches and indicators in force, in the columns of delta_all but for the sums.
SELECT indicator, unit, day, cut, value, word FROM fact
WHERE shard = :shard AND indicator NOT IN (SELECT i.id FROM indicator i WHERE i.active > 1)
    AND (batch = 0 OR batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'));

-- name: fact_orphans
-- every shard: the check.
-- Facts of indicators that are no longer in force; those that are being made or cleared are not.
SELECT indicator, COUNT(*) FROM fact
WHERE indicator NOT IN (SELECT i.id FROM indicator i WHERE i.active > 0)
GROUP BY indicator;

-- name: fact_count
-- every shard: the check.
SELECT COUNT(*) FROM fact;
