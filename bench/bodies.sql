-- Bodies of the measured database multiplied until there are at least :bodies places of activity: copies of what the
-- demo data hold, each a few kilometres away, with the same scopes.

SELECT ceil(:bodies / greatest(count(*), 1.0))::int - 1 AS copies
FROM layers_placeofactivity WHERE source_system <> 'bench' \gset

CREATE TEMP TABLE copies AS SELECT n, n * 10000000::bigint AS shift FROM generate_series(1, :copies) AS n;

\set same 'source_system, source_id, version, updated_at, publish_state, published_at, keeper_id, province_id, commune_id'
\set copied '''bench'', source_id || ''-'' || n, version, updated_at, publish_state, published_at, keeper_id, province_id, commune_id'

INSERT INTO layers_organisation (id, :same, tax_code, agency_identifier, name_vi, name_en, short_name, org_type, legal_address,
    phone, email, website, search_key)
SELECT id + shift, :copied, '', agency_identifier, name_vi || ' ' || n, name_en, short_name, org_type, legal_address,
    phone, email, website, search_key || ' ' || n
FROM layers_organisation, copies WHERE source_system = 'demo'
    AND id IN (SELECT organisation_id FROM layers_placeofactivity);

INSERT INTO layers_placeofactivity (id, :same, geom, geom_accuracy, name, name_en, address, legacy_address, geom_source,
    search_key, organisation_id, opening_hours, on_site_service, service_provinces)
SELECT id + shift, :copied, ST_Translate(geom, n * 0.02, n * 0.01), geom_accuracy, name || ' ' || n, name_en, address,
    legacy_address, geom_source, search_key || ' ' || n, organisation_id + shift, opening_hours, on_site_service,
    service_provinces
FROM layers_placeofactivity, copies WHERE source_system = 'demo';

INSERT INTO layers_qualification (id, :same, organisation_id, kind, number, issued_on, valid_from, valid_until, authority_id,
    scheme_id, standard_id, edition, ilac_mra, blocked_until, legal_basis)
SELECT id + shift, :copied, organisation_id + shift, kind, number || '/' || n, issued_on, valid_from, valid_until,
    authority_id, scheme_id, standard_id, edition, ilac_mra, blocked_until, legal_basis
FROM layers_qualification, copies WHERE source_system = 'demo'
    AND organisation_id IN (SELECT organisation_id FROM layers_placeofactivity);

INSERT INTO layers_scopeline (id, :same, qualification_id, place_id, activity, field_id, device_type_id, product, test, method,
    range_text, range_min, range_max, unit, lod, loq, cmc, cmc_text, valid_from, valid_until, suspended_from,
    suspended_until, withdrawn_on, pending)
SELECT id + shift, :copied, qualification_id + shift, place_id + shift, activity, field_id, device_type_id, product, test,
    method, range_text, range_min, range_max, unit, lod, loq, cmc, cmc_text, valid_from, valid_until, suspended_from,
    suspended_until, withdrawn_on, pending
FROM layers_scopeline, copies WHERE source_system = 'demo';

ANALYZE layers_organisation;
ANALYZE layers_placeofactivity;
ANALYZE layers_qualification;
ANALYZE layers_scopeline;
ANALYZE scope_subjects;
