-- Replaces all devices by :devices public ones: places strewn over the communes by population, each with 1 to 40
-- devices, and one market with 20,000 at a single point. Everything follows from hashes of running numbers, so a
-- second run makes the same rows. To be run by psql in a database of its own (`bench.database`).
\set ON_ERROR_STOP on
SET synchronous_commit = off;
SET work_mem = '512MB';
SET maintenance_work_mem = '1GB';
SET lock_timeout = 0;

-- A number in [0, 1) that belongs to `n` and to the purpose `salt`.
CREATE OR REPLACE FUNCTION pg_temp.chance(n bigint, salt integer) RETURNS double precision LANGUAGE sql IMMUTABLE
PARALLEL SAFE AS $$ SELECT (hashint8extended(n, salt) & 9007199254740991) / 9007199254740992.0 $$;

CREATE TEMP TABLE place AS
WITH commune AS (
    SELECT id, parent_id, geom, population::double precision / sum(population) OVER () AS share
    FROM geodata_administrativeunit WHERE level = 'commune' AND valid_to IS NULL AND geom IS NOT NULL
), strewn AS (
    SELECT id AS commune_id, parent_id AS province_id,
           (ST_Dump(ST_GeneratePoints(geom, greatest(1, round(coalesce(share, 0) * :devices / 12.2))::integer, id))).geom
    FROM commune
)
SELECT row_number() OVER () AS n, * FROM strewn;
UPDATE place SET geom = ST_SetSRID(ST_MakePoint(106.6980, 10.7725), 4326) WHERE n = 1;

CREATE TEMP TABLE device AS
SELECT row_number() OVER (ORDER BY place.n, each) AS id, place.n AS place
FROM place, LATERAL generate_series(1, CASE WHEN place.n = 1 THEN 20000 ELSE
    (ARRAY[1, 1, 2, 3, 5, 8, 12, 20, 30, 40])[1 + floor(10 * pg_temp.chance(place.n, 1))::integer] END) AS each
LIMIT :devices;

CREATE TEMP TABLE made_again AS
SELECT 1 AS step, format('ALTER TABLE layers_measuringdevice DROP CONSTRAINT %I', conname) AS before,
       format('ALTER TABLE layers_measuringdevice ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)) AS after
FROM pg_constraint WHERE conrelid = 'layers_measuringdevice'::regclass AND contype = 'f'
UNION ALL
SELECT 0, format('DROP INDEX %I', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid = 'layers_measuringdevice'::regclass AND NOT EXISTS (
    SELECT FROM pg_constraint WHERE conindid = indexrelid);
SELECT before FROM made_again \gexec

TRUNCATE layers_verification, layers_measuringdevice;
INSERT INTO layers_measuringdevice (
    id, source_system, source_id, publish_state, published_at, device_group, geom, geom_accuracy, commune_id,
    province_id, device_type_id, no_periodic, put_into_use_on, verified_on, valid_until, voided_on, void_reason,
    repaired_on, taken_out_on, manufacturer, model, serial_no)
SELECT device.id, 'bench', device.id::text, 'approved_public', '2026-01-01', kind.device_group, place.geom,
       CASE WHEN pg_temp.chance(place.n, 2) < 0.3 THEN 'surveyed' ELSE 'geocoded_address' END,
       place.commune_id, place.province_id, kind.id, fate = 0,
       due - cycle - 700, CASE WHEN fate = 1 THEN NULL ELSE due - cycle END, CASE WHEN fate = 1 THEN NULL ELSE due END,
       CASE WHEN fate = 2 THEN today - 40 END, CASE WHEN fate = 2 THEN 'defective' ELSE '' END,
       CASE WHEN fate = 3 THEN today - 10 END, CASE WHEN fate = 4 THEN today - 100 END,
       'Hãng ' || device.id % 40, 'M' || device.id % 900, device.id::text
FROM device JOIN place ON place.n = device.place,
     LATERAL (SELECT (SELECT day FROM layers_mapday) AS today, 365 AS cycle,
                     pg_temp.chance(device.id, 3) AS drawn, pg_temp.chance(device.id, 4) AS age) AS chances,
     LATERAL (SELECT CASE WHEN drawn < 0.03 THEN 0 WHEN drawn < 0.045 THEN 1 WHEN drawn < 0.065 THEN 2
                          WHEN drawn < 0.075 THEN 3 WHEN drawn < 0.085 THEN 4 ELSE 5 END AS fate,
                     today + floor(365 * age)::integer - CASE WHEN pg_temp.chance(device.id, 5) < 0.1 THEN 365 ELSE 0 END
                         AS due) AS dates,
     LATERAL (SELECT floor(95 * pg_temp.chance(device.id, 6) ^ 2)::integer AS rank) AS drawn_kind
     JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS rank, id, device_group FROM layers_devicetype) AS kind
     ON kind.rank = drawn_kind.rank
ORDER BY device.id;
SELECT after FROM made_again ORDER BY step \gexec
VACUUM ANALYZE layers_measuringdevice;
