-- The words of records in a table with an index of sets of words.

-- name: search_insert
INSERT INTO search (id, shard, words) VALUES (:id, :shard, :words);

-- name: search_delete
DELETE FROM search WHERE id = :id AND shard = :shard;

-- name: search_of_record
SELECT words FROM search WHERE id = :id AND shard = :shard;

-- name: search_page
SELECT s.shard, s.id FROM search s JOIN record r ON r.shard = s.shard AND r.id = s.id
WHERE s.word_set @@ CAST(:match AS TSQUERY) AND s.id < :before
    AND r.state <> 'void'
    AND (r.batch = 0 OR r.batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'))
    AND (:anywhere = 1
        OR r.unit = ANY (CAST(translate(:units, '[]', '{}') AS BIGINT[])))
ORDER BY s.id DESC LIMIT :limit;

-- name: search_register
SELECT s.shard, s.id FROM search s JOIN record r ON r.shard = s.shard AND r.id = s.id
WHERE s.word_set @@ CAST(:match AS TSQUERY) AND s.id < :before
    AND r.register = :register AND r.state <> 'void'
    AND (CAST(:state AS TEXT) = '' OR r.state = :state)
    AND (r.batch = 0 OR r.batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'))
    AND (:anywhere = 1
        OR r.unit = ANY (CAST(translate(:units, '[]', '{}') AS BIGINT[])))
ORDER BY s.id DESC LIMIT :limit;

-- name: search_discard
DELETE FROM search
WHERE (shard, id) IN (SELECT r.shard, r.id FROM record r WHERE r.batch = :batch);

-- name: search_orphans
SELECT s.id FROM search s LEFT JOIN record r ON r.shard = s.shard AND r.id = s.id
WHERE r.id IS NULL;

-- name: search_orphans_delete
DELETE FROM search s
WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.shard = s.shard AND r.id = s.id);

-- name: search_rebuild
-- The index follows the rows by itself.
SELECT 1;

-- name: search_all
SELECT id, words FROM search;

-- name: search_index
SELECT id, unnest(tsvector_to_array(word_set)) FROM search;
