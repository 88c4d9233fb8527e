-- The seals of the audit. An operator notices that `chithi audit verify` tells whether a row of the
-- audit was changed, removed or put in; what stood there before this step is sealed as it stands.

-- Random bytes without which a row's digest cannot be found by trying what may have stood in it.
ALTER TABLE audit ADD COLUMN salt BYTEA;

-- sharded: where a write has left audit rows that no seal has yet: the first id of them. Each write
-- leaves one for each shard, in the same transaction, so that a row is sealed however late it is
-- committed.
CREATE TABLE audit_wait (
    shard BIGINT NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (shard, id)
) /* clustered */;
INSERT INTO audit_wait (shard, id) SELECT shard, MIN(id) FROM audit GROUP BY shard;

-- sharded: the seals of a shard, one upon the other from 1. `members` has for each of its rows, in the
-- order of their ids, the id in 8 bytes and the digest of the row in 32; so a row may be erased and
-- its seal still be right. `digest` is that of the seal before, the number, the time and the members.
CREATE TABLE audit_seal (
    shard BIGINT NOT NULL,
    n BIGINT NOT NULL,
    at BIGINT NOT NULL,
    first_id BIGINT NOT NULL,
    last_id BIGINT NOT NULL,
    members BYTEA NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (shard, n)
);
CREATE INDEX audit_seal_first ON audit_seal (shard, first_id, n);
CREATE INDEX audit_seal_last ON audit_seal (shard, last_id);
CREATE INDEX audit_seal_digest ON audit_seal (shard, digest);

-- sharded: the last seal of a shard once more, so that it is seen when seals were cut off.
CREATE TABLE audit_head (
    shard BIGINT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL,
    digest TEXT NOT NULL
) /* clustered */;

-- Who was shown a person's data: that person asks.
CREATE INDEX audit_read ON audit (shard, subject, id) WHERE action = 'person.read';
