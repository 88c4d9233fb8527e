-- People, their membership, and attached files. An operator notices that `chithi check` counts
-- people and files too. What each column about a person is for, who sees it and for how long it is
-- kept stands in doc/data-dictionary.md; a test refuses one that is not there.

-- sharded: a person, in the shard of the first unit. `sort_key` is made of the name (given name,
-- family name, middle names). `origin` is the person's own key where the list comes from.
CREATE TABLE person (
    shard BIGINT NOT NULL,
    id BIGINT NOT NULL,
    code TEXT NOT NULL,
    origin TEXT,
    name TEXT NOT NULL,
    given TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (shard, id)
) /* clustered */;
CREATE UNIQUE INDEX person_code ON person (shard, code);
CREATE UNIQUE INDEX person_origin ON person (origin, shard) WHERE origin IS NOT NULL;

-- sharded with the person: where somebody belongs from day to day, both included. The spans of one
-- person do not overlap, whatever their status, so that everybody is counted once on a day.
CREATE TABLE member (
    shard BIGINT NOT NULL,
    person BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    unit BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status = 'chinh_thuc' OR status = 'du_bi' OR status = 'ngoai_dang'),
    post TEXT NOT NULL,
    PRIMARY KEY (shard, person, from_day),
    CHECK (from_day <= to_day)
) /* clustered */;
CREATE INDEX member_unit ON member (shard, unit);

-- sharded with the person: every version, whole, as JSON text.
CREATE TABLE person_history (
    shard BIGINT NOT NULL,
    person BIGINT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    action TEXT NOT NULL,
    reason TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (shard, person, version)
) /* clustered */;

-- sharded with the unit, derived: how many people came to a unit and left it. Unit 0 is all units of
-- the shard together. `grain` as in domain/headcount.h: all time, by year, by month, by day; a unit's
-- own rows have the first and the last of them. `bucket` is the first day.
CREATE TABLE headcount (
    shard BIGINT NOT NULL,
    unit BIGINT NOT NULL,
    grain BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    status TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (shard, unit, grain, bucket, status)
) /* clustered */;

-- sharded with the records that refer to it: a file in parts of 256 KiB, under the SHA-256 of its
-- bytes, so that the same file is kept once.
CREATE TABLE blob (
    shard BIGINT NOT NULL,
    digest TEXT NOT NULL,
    part BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (shard, digest, part)
);
