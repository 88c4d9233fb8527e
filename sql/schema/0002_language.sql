-- What the language of packs grew by: directives of a record, declared fractions. An operator notices
-- nothing.

-- The set of directives that a record serves, a bit for each number in the table `directive`.
ALTER TABLE record ADD COLUMN directives BIGINT NOT NULL DEFAULT 0;
ALTER TABLE history ADD COLUMN directives BIGINT NOT NULL DEFAULT 0;

-- A percentage may be declared with what it was divided from.
ALTER TABLE declared ADD COLUMN numerator BIGINT;
ALTER TABLE declared ADD COLUMN denominator BIGINT;
CREATE UNIQUE INDEX declared_once ON declared (shard, indicator, unit, cut, from_day, to_day);
