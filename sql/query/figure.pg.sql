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
