-- Facts of several units: the list as an array.

-- name: fact_scan
SELECT f.day, f.cut, f.value, f.word
FROM unnest(CAST(translate(:units, '[]', '{}') AS BIGINT[])) AS u (id) JOIN fact f
    ON f.shard = :shard AND f.unit = u.id AND f.indicator = :indicator
WHERE f.day >= :first AND f.day < :end AND (f.cut & :mask) = :want
    AND (f.batch = 0 OR f.batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'));

-- name: fact_words
SELECT DISTINCT f.word
FROM unnest(CAST(translate(:units, '[]', '{}') AS BIGINT[])) AS u (id) JOIN fact f
    ON f.shard = :shard AND f.indicator = :indicator AND f.unit = u.id
WHERE f.word <> 0 AND f.day >= :first AND f.day < :end AND (f.cut & :mask) = :want
    AND (f.batch = 0 OR f.batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'));

-- name: fact_exists
SELECT 1
FROM unnest(CAST(translate(:units, '[]', '{}') AS BIGINT[])) AS u (id) JOIN fact f
    ON f.shard = :shard AND f.unit = u.id AND f.indicator = :indicator
WHERE f.day >= :first AND f.day < :end AND (f.cut & :mask) = :want
    AND (f.batch = 0 OR f.batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'))
LIMIT 1;

-- name: fact_rows
SELECT x.unit, x.day, x.seq, x.cut, x.value, x.word, r.code, r.state, x.record
FROM (SELECT u.place, f.unit, f.day, f.record, f.seq, f.cut, f.value, f.word
    FROM unnest(CAST(translate(:units, '[]', '{}') AS BIGINT[])) WITH ORDINALITY AS u (id, place)
    JOIN fact f ON f.shard = :shard AND f.unit = u.id AND f.indicator = :indicator
    WHERE f.day >= :first AND f.day < :end AND (f.cut & :mask) = :want
        AND (f.batch = 0 OR f.batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'))
    ORDER BY u.place, f.day, f.record, f.seq LIMIT :limit) x
JOIN record r ON r.shard = :shard AND r.id = x.record
ORDER BY x.place, x.day, x.record, x.seq;
