-- The working day: when somebody last looked at the notifications, and filters that were kept by name. An
-- operator notices nothing.

-- reference: until when an account has seen its notifications.
CREATE TABLE notification_seen (
    account BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
) /* clustered */;

-- reference: what somebody asks of a register again and again: the query of its page.
CREATE TABLE saved_filter (
    account BIGINT NOT NULL,
    register TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account, register, name)
) /* clustered */;

-- What others did with somebody's records. Imports have no author, and cost nothing here.
CREATE INDEX record_author ON record (shard, created_by, updated_at) WHERE created_by > 0;
