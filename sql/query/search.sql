-- The words of records, kept by the engine's index of texts. A record whose import is not published
-- yet has words and is found by nobody.

-- name: search_insert
-- gathered
-- Bound by place.
INSERT INTO search (rowid, shard, words) VALUES (:id, :shard, :words);

-- name: search_delete
DELETE FROM search WHERE rowid = :id AND shard = :shard;

-- name: search_of_record
SELECT words FROM search WHERE rowid = :id AND shard = :shard;

-- name: search_page
-- every shard: whoever searches does not say where.
-- Records, the newest first, from below an id. `units` is a JSON list; `anywhere` is 1 when it is
-- not asked. The cross join keeps the words outside, so that only what they find is looked up.
-- out: shard, id
SELECT s.shard, s.rowid FROM search s CROSS JOIN record r
WHERE s.search MATCH :match AND s.rowid < :before AND r.shard = s.shard AND r.id = s.rowid
    AND r.state <> 'void'
    AND (r.batch = 0 OR r.batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'))
    AND (:anywhere = 1 OR r.unit IN (SELECT u.value FROM json_each(:units) u))
ORDER BY s.rowid DESC LIMIT :limit;

-- name: search_register
-- every shard: the words say which.
-- The same in one register, and in one state unless that is ''.
-- out: shard, id
SELECT s.shard, s.rowid FROM search s CROSS JOIN record r
WHERE s.search MATCH :match AND s.rowid < :before AND r.shard = s.shard AND r.id = s.rowid
    AND r.register = :register AND r.state <> 'void' AND (:state = '' OR r.state = :state)
    AND (r.batch = 0 OR r.batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'))
    AND (:anywhere = 1 OR r.unit IN (SELECT u.value FROM json_each(:units) u))
ORDER BY s.rowid DESC LIMIT :limit;

-- name: search_discard
-- every shard: what a killed import has left.
-- Of a batch that is discarded, before its records go.
DELETE FROM search WHERE rowid IN (SELECT r.id FROM record r WHERE r.batch = :batch);

-- name: search_orphans
-- long
-- every shard: the check.
-- Words of no record.
SELECT s.rowid FROM search s LEFT JOIN record r ON r.shard = s.shard AND r.id = s.rowid
WHERE r.id IS NULL;

-- name: search_orphans_delete
-- every shard: rebuild.
DELETE FROM search WHERE rowid IN (
    SELECT s.rowid FROM search s LEFT JOIN record r ON r.shard = s.shard AND r.id = s.rowid
    WHERE r.id IS NULL);

-- name: search_rebuild
-- The index anew from the words that are kept.
INSERT INTO search (search) VALUES ('rebuild');

-- name: search_all
-- long
-- every shard: the check.
SELECT rowid, words FROM search;

-- name: search_index
-- long
-- every shard: the check.
SELECT doc, term FROM search_word;
