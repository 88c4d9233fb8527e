-- A database on PostgreSQL with one year of a country (bench/scale) gets the four years before it: the
-- records with their facts and cells, and the rows of the registers that bench/figure.c asks in plain SQL, all
-- of them copies moved by whole years. What figures do not read is not copied, and goes to save the disk:
-- history, audit and words. For measuring only.
\set ON_ERROR_STOP on
TRUNCATE history, audit, search;
ALTER TABLE fact DROP CONSTRAINT fact_pkey;
DROP INDEX fact_record, fact_word;
ALTER TABLE record DROP CONSTRAINT record_pkey;
DROP INDEX record_code, record_unit, record_origin;

-- Where each day goes in each of the four years.
CREATE TABLE shift AS
SELECT year, day, ((date '1970-01-01' + day) - make_interval(years => year))::date - date '1970-01-01' AS earlier
FROM generate_series(1, 4) year, generate_series(
    (SELECT min(day)::int - 800 FROM fact), (SELECT max(day)::int + 800 FROM fact)) day;
CREATE UNIQUE INDEX shift_day ON shift (year, day);
ANALYZE shift;

-- Ids go back by half an hour and more each time, so that they meet nobody's; the letters of codes turn round.
CREATE FUNCTION id_of(id bigint, year int) RETURNS bigint LANGUAGE sql IMMUTABLE
    AS 'SELECT id - year * (1::bigint << 45)';
CREATE FUNCTION code_of(code text, year int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT left(code, 2) || translate(substr(code, 3), '0123456789abcdefghjkmnpqrstvwxyz',
        substr('0123456789abcdefghjkmnpqrstvwxyz0123456789abcdefghjkmnpqrstvwxyz', year + 1, 32))
$$;

INSERT INTO fact
SELECT f.shard, f.unit, f.indicator, s.earlier, id_of(f.record, s.year), f.seq, f.cut, f.value, f.word, f.batch
FROM shift s JOIN fact f ON f.day = s.day;
ALTER TABLE fact ADD PRIMARY KEY (shard, unit, indicator, day, record, seq);
CREATE INDEX fact_record ON fact (shard, record);
CREATE INDEX fact_word ON fact (shard, indicator, unit, day, word) WHERE word <> 0;

INSERT INTO record (shard, id, register, code, unit, state, version, visibility, batch, origin, created_at,
    created_by, updated_at, directives)
SELECT shard, id_of(id, year), register, code_of(code, year), unit, state, version, visibility, batch, NULL,
    created_at, created_by, updated_at, directives
FROM record, generate_series(1, 4) year;
ALTER TABLE record ADD PRIMARY KEY (shard, id);
CREATE UNIQUE INDEX record_code ON record (shard, code);
CREATE INDEX record_unit ON record (shard, unit, register, id);
CREATE UNIQUE INDEX record_origin ON record (shard, register, origin) WHERE origin IS NOT NULL;

-- Days of one year may meet those of another: the cells are added up.
CREATE TABLE roll_of_all AS
SELECT shard, unit, indicator, grain, bucket, cut, sum(value)::bigint AS value, sum(n)::bigint AS n,
    sum(n_over)::bigint AS n_over, sum(n_under)::bigint AS n_under, sum(n_about)::bigint AS n_about
FROM (SELECT * FROM roll UNION ALL
    SELECT r.shard, r.unit, r.indicator, r.grain, s.earlier, r.cut, r.value, r.n, r.n_over, r.n_under, r.n_about
    FROM shift s JOIN roll r ON r.bucket = s.day) every
GROUP BY shard, unit, indicator, grain, bucket, cut
ORDER BY shard, unit, indicator, grain, bucket, cut;
TRUNCATE roll;
ALTER TABLE roll DROP CONSTRAINT roll_pkey;
INSERT INTO roll SELECT * FROM roll_of_all;
ALTER TABLE roll ADD PRIMARY KEY (shard, unit, indicator, grain, bucket, cut);
DROP TABLE roll_of_all;

INSERT INTO r_quan_triet (shard, id, state, ngay, hinh_thuc, ben_to_chuc)
SELECT x.shard, id_of(x.id, s.year), x.state, s.earlier, x.hinh_thuc, x.ben_to_chuc
FROM r_quan_triet x JOIN shift s ON s.day = x.ngay;
INSERT INTO r_quan_triet_thanh_phan (shard, id, row, kieu, so_trieu_tap, so_du)
SELECT shard, id_of(id, year), row, kieu, so_trieu_tap, so_du
FROM r_quan_triet_thanh_phan, generate_series(1, 4) year;
INSERT INTO r_ktgs (shard, id, state, loai, chu_the, cap, ngay_ket_luan)
SELECT x.shard, id_of(x.id, s.year), x.state, x.loai, x.chu_the, x.cap, s.earlier
FROM r_ktgs x JOIN shift s ON s.day = x.ngay_ket_luan;
INSERT INTO r_ktgs_doi_tuong (shard, id, row, kieu, so_luong)
SELECT shard, id_of(id, year), row, kieu, so_luong FROM r_ktgs_doi_tuong, generate_series(1, 4) year;
INSERT INTO r_mo_hinh
SELECT (jsonb_populate_record(x, jsonb_build_object('id', id_of(x.id, s.year), 'tu_ngay', s.earlier,
    'den_ngay', (SELECT t.earlier FROM shift t WHERE t.year = s.year AND t.day = x.den_ngay)))).*
FROM r_mo_hinh x JOIN shift s ON s.day = x.tu_ngay;
DROP TABLE shift;
VACUUM ANALYZE;
