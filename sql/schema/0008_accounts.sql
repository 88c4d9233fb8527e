-- Accounts: who may sign in, as what, and how. An operator notices that `chithi serve` asks people to
-- sign in as soon as there is one account. What is kept about people here stands in
-- doc/data-dictionary.md.

-- reference: somebody who may sign in. `label` is what colleagues read; `person` the number of the
-- person's code in the list of people, or null. `closed` is since when nobody signs in with it, or 0.
-- Without a password the account was invited and has not come yet. `totp` is the secret that codes are
-- made of, and `totp_step` the half minute of the last code that was taken: none is taken twice.
CREATE TABLE account (
    id BIGINT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL,
    label TEXT NOT NULL,
    person BIGINT,
    closed BIGINT NOT NULL,
    password TEXT,
    totp TEXT,
    totp_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BIGINT NOT NULL
) /* clustered */;
CREATE UNIQUE INDEX account_login ON account (login);

-- reference: a role that an account has on a unit between two days, both included.
CREATE TABLE role_grant (
    id BIGINT NOT NULL PRIMARY KEY,
    account BIGINT NOT NULL,
    role TEXT NOT NULL,
    unit BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    CHECK (from_day <= to_day)
) /* clustered */;
CREATE INDEX role_grant_account ON role_grant (account);
CREATE INDEX role_grant_unit ON role_grant (unit);

-- reference: a browser that is signed in. `digest` is of the token in its cookie, which is kept nowhere.
-- `seen_at` follows the truth by up to a minute.
CREATE TABLE session (
    digest TEXT NOT NULL PRIMARY KEY,
    account BIGINT NOT NULL,
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
) /* clustered */;
CREATE INDEX session_account ON session (account);

-- reference: a browser that need not give a code again until then.
CREATE TABLE device (
    digest TEXT NOT NULL PRIMARY KEY,
    account BIGINT NOT NULL,
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    until BIGINT NOT NULL
) /* clustered */;
CREATE INDEX device_account ON device (account);

-- reference: what opens an account once: an invitation or a new password by link ('link'), in place of a
-- code ('recovery'), or between the password and the code ('code').
CREATE TABLE pass (
    digest TEXT NOT NULL PRIMARY KEY,
    account BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('link', 'recovery', 'code')),
    until BIGINT NOT NULL
) /* clustered */;
CREATE INDEX pass_account ON pass (account);

-- sharded with the record: who reads a record of restricted visibility. Where there is a row, nobody
-- else does.
CREATE TABLE reader (
    shard BIGINT NOT NULL,
    record BIGINT NOT NULL,
    account BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    PRIMARY KEY (shard, record, account)
) /* clustered */;
CREATE INDEX reader_account ON reader (shard, account);

-- sharded with the unit: what somebody is typing, as it was typed. Nothing of it is in a register.
-- `key` is the record's code, or of a new one the origin that it is going to have.
CREATE TABLE draft (
    shard BIGINT NOT NULL,
    account BIGINT NOT NULL,
    key TEXT NOT NULL,
    register TEXT NOT NULL,
    unit BIGINT NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (shard, account, key)
) /* clustered */;

-- sharded with the record: what was said about a version of it, to a field or to the whole; open until
-- the record takes its next step. `unit` is the record's.
CREATE TABLE remark (
    shard BIGINT NOT NULL,
    record BIGINT NOT NULL,
    id BIGINT NOT NULL,
    unit BIGINT NOT NULL,
    version BIGINT NOT NULL,
    field TEXT,
    text TEXT NOT NULL,
    is_open BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    PRIMARY KEY (shard, record, id)
) /* clustered */;
CREATE INDEX remark_open ON remark (shard, unit, record) WHERE is_open = 1;

-- sharded with the unit: the report that a unit has sent up for a period, by its key. Its figures are
-- those of the records; `note` is what the unit says to them, `reason` why it was returned.
CREATE TABLE submission (
    shard BIGINT NOT NULL,
    unit BIGINT NOT NULL,
    period TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('gui', 'tra_lai', 'nhan')),
    note TEXT NOT NULL,
    reason TEXT,
    version BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    PRIMARY KEY (shard, unit, period)
) /* clustered */;

-- sharded with the unit: that somebody above waits for something, most of all for a report.
CREATE TABLE reminder (
    shard BIGINT NOT NULL,
    id BIGINT NOT NULL,
    unit BIGINT NOT NULL,
    period TEXT,
    text TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    PRIMARY KEY (shard, id)
) /* clustered */;
CREATE INDEX reminder_unit ON reminder (shard, unit, id);

-- reference: figures that anybody may see, each by a decision.
CREATE TABLE publication (
    code TEXT NOT NULL PRIMARY KEY,
    indicator TEXT NOT NULL,
    unit BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    decision TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    withdrawn_at BIGINT NOT NULL,
    CHECK (from_day <= to_day)
) /* clustered */;

-- Lists of what waits in a state, the newest first.
CREATE INDEX record_state ON record (shard, register, state, id);
