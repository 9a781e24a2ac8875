"""What the counts must be, in plain SQL over the tables, written apart from the application's own queries."""

from datetime import date

from django.db import connection

from geodata.text import search_key

DEVICE_DATES = """
SELECT d.*, {verified} AS v_on, {until} AS v_until, {void} AS v_void, {repair} AS v_repair FROM layers_measuringdevice d
"""
LAST_PASS = """(SELECT v.{column} FROM layers_verification v WHERE v.device_id = d.id AND v.result = 'pass'
    AND v.control_type <> 'calibration' AND v.publish_state = 'approved_public' AND v.verified_on <= %(day)s
    ORDER BY v.verified_on DESC, v.id DESC LIMIT 1)"""
REPAIR_THEN = """(d.repaired_on <= %(day)s OR EXISTS (SELECT 1 FROM layers_verification v WHERE v.device_id = d.id
    AND v.publish_state = 'approved_public' AND v.repaired_on <= %(day)s AND v.verified_on > %(day)s))"""
DEVICE_STATUS = """CASE WHEN taken_out_on <= %(day)s THEN 'out_of_use' WHEN v_repair THEN 'in_repair'
    WHEN v_void <= %(day)s THEN 'void' WHEN no_periodic THEN 'no_periodic'
    WHEN v_on IS NULL OR v_on > %(day)s OR v_until IS NULL THEN 'unknown' WHEN v_until < %(day)s THEN 'overdue'
    WHEN v_until <= %(day)s + 30 THEN 'due_soon' ELSE 'valid' END"""
LINE_STATUS = """CASE WHEN l.withdrawn_on <= %(day)s THEN 'withdrawn' WHEN l.valid_until < %(day)s THEN 'expired'
    WHEN l.suspended_from <= %(day)s AND coalesce(l.suspended_until, 'infinity') >= %(day)s THEN 'suspended'
    ELSE 'active' END"""
LABORATORY = (
    *("testing", "calibration", "device_verification", "device_testing", "medical_examination"),
    *("proficiency_testing", "reference_material"),
)
CERTIFICATION = (
    *("inspection", "goods_verification", "product_certification", "system_certification", "person_certification"),
    *("validation_verification", "accreditation"),
)

PLACES = """layers_placeofactivity r JOIN layers_organisation o ON o.id = r.organisation_id
    AND o.publish_state = 'approved_public' WHERE r.publish_state = 'approved_public' AND EXISTS (
    SELECT 1 FROM layers_scopeline l JOIN layers_qualification q ON q.id = l.qualification_id
    LEFT JOIN layers_scheme s ON s.id = q.scheme_id LEFT JOIN layers_standard st ON st.id = q.standard_id
    LEFT JOIN layers_authority a ON a.id = q.authority_id LEFT JOIN layers_accreditationfield f ON f.id = l.field_id
    LEFT JOIN layers_devicetype t ON t.id = l.device_type_id
    WHERE l.place_id = r.id AND l.publish_state = 'approved_public' AND q.publish_state = 'approved_public'
      AND NOT l.pending AND l.valid_from <= %(day)s AND l.activity = ANY(%(activities)s){lines})"""
LINE_COLUMNS = {
    "activity": "l.activity",
    "qualification": "q.kind",
    "scheme": "s.code",
    "standard": "st.code",
    "field": "f.code",
    "device_type": "CASE WHEN l.activity = 'device_verification' AND q.kind = 'designation' THEN t.code END",
    "authority": "a.code",
    "status": LINE_STATUS,
}
COLUMNS = {
    "measuring_devices": {
        "status": DEVICE_STATUS,
        "device_type": "(SELECT code FROM layers_devicetype t WHERE t.id = r.device_type_id)",
        "device_group": "r.device_group",
    },
    "device_counts": {
        "status": "r.status",
        "device_type": "(SELECT code FROM layers_devicetype t WHERE t.id = r.device_type_id)",
    },
    "inspection_sites": {"site_kind": "r.site_kind", "last_result": "{last_result}"},
    "provinces": {"kind": "r.kind", "region": "r.region"},
    "communes": {
        "kind": "r.kind",
        "region": "(SELECT region FROM geodata_administrativeunit p WHERE p.id = r.parent_id)",
    },
}
SEARCHED = {
    "laboratories": "r.search_key",
    "certification_bodies": "r.search_key",
    "measuring_devices": "(SELECT search_key FROM layers_inspectionsite i WHERE i.id = r.site_id"
    " AND i.publish_state = 'approved_public')",
    "device_counts": "(SELECT search_key FROM layers_devicetype t WHERE t.id = r.device_type_id)",
    "inspection_sites": "r.search_key",
    "provinces": "r.search_key",
    "communes": "r.search_key",
}


SAID = "lower(concat_ws(' ', l.product, l.test, l.method, t.name_vi, t.name_en))"
PERMITTED = """((l.activity <> 'device_verification' OR q.kind = 'designation')
    AND l.activity NOT IN ('proficiency_testing', 'reference_material', 'device_testing'))"""
TO_150_KG = """least(l.range_min, l.loq) <= w.kg150 AND coalesce(l.range_max, 'infinity') >= w.kg150"""
# What bodies are asked to be able to do, and what that means of a scope line.
COMPETENCES = {
    "độ ẩm": f"({SAID} ~ '\\mđộ ẩm\\M|\\mmoisture\\M' AND {PERMITTED})",
    "chì; cadimi": f"({SAID} ~ '\\m(chì|pb|lead|cadimi|cd|cadmium)\\M' AND {PERMITTED})",
    "hiệu chuẩn cân 150 kg": f"""(l.activity = 'calibration' AND {SAID} ~ '\\m(cân|scale|balance|weighing)\\M'
        AND EXISTS (SELECT FROM (VALUES ('kg', 150), ('g', 150000), ('t', 0.15)) AS w (unit, kg150)
        WHERE w.unit = l.unit AND {TO_150_KG}))""",
    "kiểm định cột bơm xăng": f"""(l.activity IN ('device_verification', 'goods_verification')
        AND t.code = 'fuel_dispenser' AND {PERMITTED})""",
}

_TYPE = "(SELECT code FROM layers_devicetype t WHERE t.id = r.device_type_id)"
_BODIES = {
    "scheme = 'VILAS' AND (status = 'expired' OR valid_until < DATE('2027-06-30')) AND CASEI(name) LIKE '%tr%'": (
        "lower(r.name) LIKE '%%tr%%'",
        f"s.code = 'VILAS' AND ({LINE_STATUS} = 'expired' OR l.valid_until < '2027-06-30')",
    ),
    "ilac_mra = FALSE AND authority <> 'boa' AND province NOT IN ('01', '79')": (
        "r.province_id NOT IN (SELECT id FROM geodata_administrativeunit"
        " WHERE level = 'province' AND code IN ('01', '79'))",
        "NOT q.ilac_mra AND a.code <> 'boa'",
    ),
}
# A condition in CQL2, and what it means of a row and of one scope line.
CONDITIONS: dict[str, dict[str, tuple[str, str]]] = {
    "laboratories": _BODIES,
    "certification_bodies": _BODIES,
    "measuring_devices": {
        "status IN ('overdue', 'void') OR T_BEFORE(valid_until, DATE('2027-01-01'))": (
            f"({DEVICE_STATUS} IN ('overdue', 'void') OR r.v_until < '2027-01-01')",
            "",
        ),
        "NOT device_type = 'fuel_dispenser' AND S_WITHIN(geom, POLYGON((104 20, 107 20, 107 22, 104 20)))": (
            f"{_TYPE} <> 'fuel_dispenser' AND ST_Within(r.geom, 'SRID=4326;POLYGON((104 20, 107 20, 107 22, 104 20))')",
            "",
        ),
    },
    "device_counts": {
        "devices >= 10 AND NOT device_type = 'fuel_dispenser'": (f"r.devices >= 10 AND {_TYPE} <> 'fuel_dispenser'", "")
    },
    "inspection_sites": {
        "CASEI(site_kind) = CASEI('MARKET') OR last_result IS NULL": (
            "(r.site_kind = 'market' OR nullif({last_result}, '') IS NULL)",
            "",
        )
    },
    "provinces": {
        "population > 3000000 OR S_INTERSECTS(geom, BBOX(105, 20, 106, 21))": (
            "(r.population > 3000000 OR ST_Intersects(r.geom, ST_MakeEnvelope(105, 20, 106, 21, 4326)))",
            "",
        )
    },
    "communes": {
        "kind = 'ward' AND area_km2 NOT BETWEEN 5 AND 20": ("r.kind = 'ward' AND NOT r.area_km2 BETWEEN 5 AND 20", "")
    },
}


def expected(layer: str, asked: dict[str, str], map_day: date) -> int:
    """How many published rows of the layer answer these parameters."""
    values: dict[str, object] = {"day": date.fromisoformat(asked["on"]) if "on" in asked else map_day}
    lines: list[str] = []
    conditions = [_condition(layer, name, text, values, lines) for name, text in asked.items() if name != "on"]
    source = _source(layer, "on" in asked, values).replace("{lines}", "".join(f" AND {line}" for line in lines))
    sql = f"SELECT count(*) FROM {source}" + "".join(f" AND {condition}" for condition in conditions if condition)
    with connection.cursor() as cursor:
        cursor.execute(_with_result(sql, "on" in asked), values)
        return int(cursor.fetchone()[0])


def _source(layer: str, replayed: bool, values: dict[str, object]) -> str:
    if layer in ("laboratories", "certification_bodies"):
        values["activities"] = list(LABORATORY if layer == "laboratories" else CERTIFICATION)
        return PLACES
    if layer == "measuring_devices":
        in_use = "coalesce(put_into_use_on <= %(day)s, true)"
        return f"({_devices(replayed)}) r WHERE r.publish_state = 'approved_public' AND {in_use}"
    if layer == "device_counts":
        return "layers_devicecount r WHERE true"
    if layer == "inspection_sites":
        return "layers_inspectionsite r WHERE r.publish_state = 'approved_public'"
    level = "province" if layer == "provinces" else "commune"
    return (
        f"geodata_administrativeunit r WHERE level = '{level}' AND geom IS NOT NULL AND valid_from <= %(day)s"
        " AND coalesce(valid_to, 'infinity') > %(day)s"
    )


def _devices(replayed: bool) -> str:
    names = {"verified": "verified_on", "until": "valid_until", "void": "voided_on"}
    columns = {key: LAST_PASS.format(column=name) if replayed else f"d.{name}" for key, name in names.items()}
    return DEVICE_DATES.format(**columns, repair=REPAIR_THEN if replayed else "(d.repaired_on <= %(day)s)")


def _with_result(sql: str, replayed: bool) -> str:
    last = """(SELECT c.{column} FROM layers_check c WHERE c.site_id = r.id AND c.publish_state = 'approved_public'
        AND c.checked_on <= %(day)s ORDER BY c.checked_on DESC, c.id DESC LIMIT 1)"""
    for key, column in (("last_result", "result"), ("last_checked", "checked_on")):
        sql = sql.replace(f"{{{key}}}", last.format(column=column) if replayed else f"r.{key}")
    return sql


def _condition(layer: str, name: str, text: str, values: dict[str, object], lines: list[str]) -> str:
    places = layer in ("laboratories", "certification_bodies")
    if name in ("province", "commune"):
        values[name] = text.split(",")
        return _unit(layer, name)
    if name == "bbox":
        values |= dict(zip(("w", "s", "e", "n"), map(float, text.split(",")), strict=True))
        return "ST_Intersects(r.geom, ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, 4326))"
    if name == "within":
        values |= dict(zip(("lon", "lat", "metres"), map(float, text.split(",")), strict=True))
        return "ST_Distance(r.geom::geography, ST_MakePoint(%(lon)s, %(lat)s)::geography) <= %(metres)s"
    if name == "q":
        for number, word in enumerate(search_key(text).split()):
            values[f"word{number}"] = word
        return " AND ".join(
            f"strpos({SEARCHED[layer]}, %(word{n})s) > 0" for n, _ in enumerate(search_key(text).split())
        )
    if name in ("valid_until", "last_checked"):
        column = {"valid_until": "l.valid_until" if places else "r.v_until", "last_checked": "{last_checked}"}[name]
        return _put(lines, places, _range(column, name, text, values))
    if name == "competence":
        return _put(lines, True, COMPETENCES[text])
    if name == "filter":
        row, line = CONDITIONS[layer][text]
        if line:
            lines.append(line)
        return row
    if name == "ilac_mra":
        return _put(lines, True, f"q.ilac_mra = {text}")
    values[name] = text.split(",")
    column = LINE_COLUMNS[name] if places else COLUMNS[layer][name]
    return _put(lines, places, f"{column} = ANY(%({name})s)")


def _put(lines: list[str], places: bool, condition: str) -> str:
    """A condition on the scope line goes inside EXISTS; any other stands on the row."""
    if places:
        lines.append(condition)
        return ""
    return condition


def _range(column: str, name: str, text: str, values: dict[str, object]) -> str:
    first, _, last = text.partition("/")
    last = last or first
    values[f"{name}_first"] = None if first == ".." else first
    values[f"{name}_last"] = None if last == ".." else last
    return (
        f"{column} >= coalesce(%({name}_first)s::date, '-infinity')"
        f" AND {column} <= coalesce(%({name}_last)s::date, 'infinity')"
    )


def _unit(layer: str, name: str) -> str:
    if layer in ("provinces", "communes"):
        own = f"r.code = ANY(%({name})s)"
        related = "EXISTS (SELECT 1 FROM geodata_administrativeunit u WHERE {0} AND u.code = ANY(%({1})s))"
        children, parent = (
            related.format("u.parent_id = r.id", "commune"),
            related.format("u.id = r.parent_id", "province"),
        )
        return own if name == layer[:-1] else (children if layer == "provinces" else parent)
    return (
        f"r.{name}_id IN (SELECT id FROM geodata_administrativeunit u"
        f" WHERE u.level = '{name}' AND u.valid_to IS NULL AND u.code = ANY(%({name})s))"
    )
