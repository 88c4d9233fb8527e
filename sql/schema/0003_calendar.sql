-- The calendar: days off, periods and reviews. An operator notices nothing; the tables are empty
-- until somebody fills them.

-- reference: days off besides Saturdays and Sundays.
CREATE TABLE holiday (
    day BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
) /* clustered */;

-- reference: the ranges that are reported for, each with the day on which its report is due. What
-- holds is what stands here: a later change of the holidays moves no due day.
CREATE TABLE period (
    id BIGINT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('lich', 'chot_14', 'rieng')),
    label TEXT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    due_day BIGINT NOT NULL,
    CHECK (from_day <= to_day AND to_day <= due_day)
) /* clustered */;
CREATE UNIQUE INDEX period_key ON period (key);

-- reference: which directive, by its key, is due for review, and when.
CREATE TABLE review (
    key TEXT NOT NULL PRIMARY KEY,
    directive TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('so_ket', 'tong_ket')),
    due_day BIGINT NOT NULL,
    label TEXT NOT NULL
) /* clustered */;
