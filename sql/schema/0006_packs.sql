-- Several packs in one database. An operator notices nothing. The paths of pack_file get the key of
-- their pack before them when the next pack is applied; until then they are read as they are.

-- reference: the directives that records may serve. The number is a bit in the records' sets, from
-- 0 to 22; it never changes and is never given to another.
CREATE TABLE directive (
    id BIGINT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL,
    symbol TEXT NOT NULL
) /* clustered */;
CREATE UNIQUE INDEX directive_key ON directive (key);

-- indicator.active: 0 gone, 1 in force, 2 its facts are being made, 3 its facts are being cleared.

-- sharded: records that were written since facts for a new version of their indicators are being
-- made (meta 'building'); these look at them once more.
CREATE TABLE touched (
    shard BIGINT NOT NULL,
    record BIGINT NOT NULL,
    PRIMARY KEY (shard, record)
) /* clustered */;
