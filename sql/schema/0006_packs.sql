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
