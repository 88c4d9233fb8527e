-- What people say against what is kept about themselves. An operator notices nothing.

-- sharded with the unit to which the person belongs: a request to correct what is kept about a person, by
-- the person's code; open until that is changed.
CREATE TABLE contest (
    shard BIGINT NOT NULL,
    id BIGINT NOT NULL,
    unit BIGINT NOT NULL,
    person TEXT NOT NULL,
    text TEXT NOT NULL,
    is_open BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (shard, id)
) /* clustered */;
CREATE INDEX contest_open ON contest (shard, unit, id) WHERE is_open = 1;
