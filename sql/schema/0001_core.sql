-- The first schema. An operator notices nothing.
--
-- Each table's comment begins with its mark, which the program reads (store/distribute.h). "reference"
-- tables are small and everywhere; "sharded" ones grow, their primary key begins with the shard, and
-- all their unique indexes contain it. Days are day numbers since 1970-01-01, instants
-- UTC milliseconds. A table marked clustered is kept in the order of its primary key.

-- reference: numbers that the program itself keeps ("generation" rises with every change of units,
-- model, rights or settings).
CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
) /* clustered */;

-- reference: what the operator may set.
CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) /* clustered */;

-- reference: the text of the pack, so that every process reads the same.
CREATE TABLE pack_file (
    path TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
) /* clustered */;

-- reference: a number for each version of an indicator; facts carry it.
CREATE TABLE indicator (
    id BIGINT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    active BIGINT NOT NULL
) /* clustered */;

-- reference: who holds a number that only one process may use at a time, until when, and the last
-- record id that was given out under it.
CREATE TABLE slot (
    id BIGINT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL,
    last_id BIGINT NOT NULL
) /* clustered */;

-- reference: single-runner work and who does it until when.
CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL
) /* clustered */;

-- reference: the identity of a unit; what it was called and where it stood is in unit_span.
CREATE TABLE unit (
    id BIGINT NOT NULL PRIMARY KEY,
    shard BIGINT NOT NULL,
    ordinal BIGINT NOT NULL
) /* clustered */;

-- reference: what a unit was called and where it stood, from day to day.
CREATE TABLE unit_span (
    unit BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    level TEXT NOT NULL,
    kind TEXT NOT NULL,
    bloc TEXT NOT NULL,
    parent BIGINT,
    PRIMARY KEY (unit, from_day),
    CHECK (from_day <= to_day)
) /* clustered */;

-- reference: what happened to a unit on a day, and by which decision.
CREATE TABLE unit_event (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    day BIGINT NOT NULL,
    unit BIGINT NOT NULL,
    other BIGINT,
    decision TEXT,
    at BIGINT NOT NULL,
    actor BIGINT NOT NULL
) /* clustered */;

-- reference: the units for which sums are kept; days = 1: day cells besides month cells.
CREATE TABLE cell_unit (
    unit BIGINT NOT NULL PRIMARY KEY,
    days BIGINT NOT NULL
) /* clustered */;

-- reference: imports. What a batch brought counts from the moment it is published.
CREATE TABLE batch (
    id BIGINT NOT NULL PRIMARY KEY,
    register TEXT NOT NULL,
    file TEXT NOT NULL,
    digest TEXT NOT NULL,
    records BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('loading', 'published', 'undone')),
    at BIGINT NOT NULL,
    actor BIGINT NOT NULL
) /* clustered */;

-- sharded: a record's row, the one that is locked; its fields are in r_REGISTER.
CREATE TABLE record (
    shard BIGINT NOT NULL,
    id BIGINT NOT NULL,
    register TEXT NOT NULL,
    code TEXT NOT NULL,
    unit BIGINT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    visibility TEXT NOT NULL,
    batch BIGINT NOT NULL,
    origin TEXT,
    created_at BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (shard, id)
) /* clustered */;
CREATE UNIQUE INDEX record_code ON record (shard, code);
CREATE INDEX record_unit ON record (shard, unit, register, id);
CREATE UNIQUE INDEX record_origin ON record (shard, register, origin) WHERE origin IS NOT NULL;

-- sharded: every version of every record, whole, as JSON text.
CREATE TABLE history (
    shard BIGINT NOT NULL,
    record BIGINT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    action TEXT NOT NULL,
    unit BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    request TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (shard, record, version)
) /* clustered */;
CREATE UNIQUE INDEX history_request ON history (shard, record, request) WHERE request IS NOT NULL;

-- sharded: who did what, when. `subject` names a record by its id, or is 0.
CREATE TABLE audit (
    shard BIGINT NOT NULL,
    id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    action TEXT NOT NULL,
    subject BIGINT NOT NULL,
    version BIGINT NOT NULL,
    detail TEXT,
    PRIMARY KEY (shard, id)
) /* clustered */;

-- sharded, derived: what one record contributes to one indicator. `cut` packs the choices of the
-- indicator's `by` fields, `word` is the published qualifier (base/number.h).
CREATE TABLE fact (
    shard BIGINT NOT NULL,
    unit BIGINT NOT NULL,
    indicator BIGINT NOT NULL,
    day BIGINT NOT NULL,
    record BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    cut BIGINT NOT NULL,
    value BIGINT NOT NULL,
    word BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    PRIMARY KEY (shard, unit, indicator, day, record, seq)
) /* clustered */;
CREATE INDEX fact_record ON fact (shard, record);
CREATE INDEX fact_word ON fact (shard, indicator, unit, day, word) WHERE word <> 0;

-- sharded, derived: changes of facts that the cells do not have yet.
CREATE TABLE delta (
    shard BIGINT NOT NULL,
    indicator BIGINT NOT NULL,
    id BIGINT NOT NULL,
    unit BIGINT NOT NULL,
    day BIGINT NOT NULL,
    cut BIGINT NOT NULL,
    value BIGINT NOT NULL,
    n BIGINT NOT NULL,
    n_over BIGINT NOT NULL,
    n_under BIGINT NOT NULL,
    n_about BIGINT NOT NULL,
    PRIMARY KEY (shard, indicator, id)
) /* clustered */;

-- sharded, derived: cells, the stored sums of a unit with all below it. `grain` as
-- in domain/cell.h: years and months as totals (cut 0) and by cut, days by cut. `bucket` is the first day.
CREATE TABLE roll (
    shard BIGINT NOT NULL,
    unit BIGINT NOT NULL,
    indicator BIGINT NOT NULL,
    grain BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    cut BIGINT NOT NULL,
    value BIGINT NOT NULL,
    n BIGINT NOT NULL,
    n_over BIGINT NOT NULL,
    n_under BIGINT NOT NULL,
    n_about BIGINT NOT NULL,
    PRIMARY KEY (shard, unit, indicator, grain, bucket, cut)
) /* clustered */;

-- sharded: figures stated without records.
CREATE TABLE declared (
    shard BIGINT NOT NULL,
    id BIGINT NOT NULL,
    indicator TEXT NOT NULL,
    cut TEXT NOT NULL,
    unit BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    value BIGINT NOT NULL,
    word BIGINT NOT NULL,
    source TEXT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    PRIMARY KEY (shard, id),
    CHECK (from_day <= to_day)
) /* clustered */;
CREATE INDEX declared_indicator ON declared (shard, indicator, unit);
