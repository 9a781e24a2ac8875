"""The view `checkable`: number, type, body, end and events of every evidence, published or not; no owner, no place.

A number that somebody holds in his hand may be asked for although its record is not published. So the view shows no
more than an answer needs, and is read by the exact key of a number alone (`services.verify.reading`): every arm has an
index of that key. What is listed, counted or drawn never reads it.
"""

from collections.abc import Collection

from layers.registers.base import PUBLIC
from layers.registers.devices import MeasuringDevice, TypeApproval
from layers.registers.number_key import NumberKey, PlainNumber
from layers.registers.qualifications import Qualification, ScopeLine
from layers.registers.reports import Report
from layers.registers.verifications import Verification

NAME = "checkable"
KEY = "key"
COLUMNS = {
    **dict.fromkeys((KEY, "kind"), "text"),
    "ref": "bigint",
    **dict.fromkeys(("number", "maker", "scheme", "type_code", "type_vi", "type_en"), "text"),
    "body": "bigint",
    **dict.fromkeys(("body_vi", "body_en"), "text"),
    "authority": "bigint",
    **dict.fromkeys(("authority_vi", "authority_en"), "text"),
    **dict.fromkeys(("issued_on", "valid_from", "valid_until"), "date"),
    **dict.fromkeys(("published", "household"), "boolean"),
    "events": "jsonb",
}
"""The columns with their types, in the view's order."""


def view_sql(present: Collection[tuple[str, str]]) -> str:
    """The statement that makes the view; "" at a stage of the migrations where a column that it reads is missing.

    `present` are the columns of the database, (table, column).
    """
    if not set(_needed()) <= set(present):
        return ""
    return f"CREATE VIEW open.{NAME} AS {' UNION ALL '.join(_arms())}"


def _needed() -> list[tuple[str, str]]:
    """Every column of the registers behind the view: it is made where all of them stand."""
    read = (Qualification, ScopeLine, TypeApproval, Verification, MeasuringDevice, Report)
    return [(model._meta.db_table, field.column) for model in read for field in model._meta.concrete_fields]


def _arms() -> list[str]:
    numbers_of_devices = ("serial_no", "management_code", "registration_no")
    return [
        _qualifications(),
        _type_approvals(),
        _verifications("certificate_no", "verification_certificate"),
        _verifications("sticker_serial", "verification_sticker"),
        *map(_devices, numbers_of_devices),
        _reports(),
    ]


def _key(alias: str, column: str) -> str:
    """The expression of `NumberKey`, exactly as the index holds it."""
    plain = PlainNumber.template % {"expressions": f"{alias}.{column}"}
    return NumberKey.template % {"expressions": plain}


def _arm(key: str, **columns: str) -> str:
    """The columns of an arm in the view's order; what it has not is NULL of the right type."""
    values = {KEY: key, **columns}
    return ", ".join(f"({values.get(name, 'NULL')})::{kind} AS {name}" for name, kind in COLUMNS.items())


_BODY = {"body": "o.id", "body_vi": "o.name_vi", "body_en": "o.name_en"}
_TYPE = {"type_code": "t.code", "type_vi": "t.name_vi", "type_en": "t.name_en"}

# Dates of a scope line, what it is about and how far it reaches: all that its state and its answers are told from.
_LINE = """jsonb_build_object('activity', l.activity, 'type', lt.code, 'text',
  concat_ws(' ', nullif(l.product, ''), nullif(l.test, ''), nullif(l.method, '')),
  'from', l.valid_from, 'until', l.valid_until, 'suspended_from', l.suspended_from,
  'suspended_until', l.suspended_until, 'withdrawn_on', l.withdrawn_on,
  'type_names', concat_ws(' ', lt.name_vi, lt.name_en), 'unit', l.unit, 'range_min', l.range_min,
  'range_max', l.range_max, 'lod', l.lod, 'loq', l.loq, 'cmc', l.cmc)"""
# The lines that more conditions choose, of `l` and its qualification `lq`.
_LINES = f"""SELECT jsonb_agg({_LINE} ORDER BY l.id) FROM public.layers_scopeline l
    JOIN public.layers_qualification lq ON lq.id = l.qualification_id
    LEFT JOIN public.layers_devicetype lt ON lt.id = l.device_type_id
    WHERE NOT l.pending"""


def _qualifications() -> str:
    """An application, all of whose lines are pending, is no evidence of anything."""
    columns = _arm(
        _key("q", "number"),
        kind="q.kind",
        ref="q.id",
        number="q.number",
        scheme="s.code",
        **_BODY,
        authority="a.id",
        authority_vi="a.name_vi",
        authority_en="a.name_en",
        issued_on="q.issued_on",
        valid_from="q.valid_from",
        valid_until="q.valid_until",
        published=f"q.publish_state = '{PUBLIC}'",
        household="false",
        events=f"jsonb_build_object('lines', ({_LINES} AND l.qualification_id = q.id))",
    )
    return f"""SELECT {columns} FROM public.layers_qualification q
        JOIN public.layers_organisation o ON o.id = q.organisation_id
        JOIN public.layers_authority a ON a.id = q.authority_id
        LEFT JOIN public.layers_scheme s ON s.id = q.scheme_id
        WHERE (EXISTS (SELECT FROM public.layers_scopeline p WHERE p.qualification_id = q.id AND NOT p.pending)
           OR NOT EXISTS (SELECT FROM public.layers_scopeline p WHERE p.qualification_id = q.id))"""


def _type_approvals() -> str:
    columns = _arm(
        _key("p", "number"),
        kind="'type_approval'",
        ref="p.id",
        number="p.number",
        maker="concat_ws(' ', p.manufacturer, p.model)",
        **_TYPE,
        issued_on="p.decided_on",
        valid_from="p.decided_on",
        valid_until="coalesce(p.extended_until, p.valid_until)",
        published=f"p.publish_state = '{PUBLIC}'",
        household="false",
        events="jsonb_build_object('suspended_on', p.suspended_on, 'cancelled_on', p.cancelled_on)",
    )
    return f"""SELECT {columns} FROM public.layers_typeapproval p
        JOIN public.layers_devicetype t ON t.id = p.device_type_id"""


# Whose device it is decides how much is told, and is not told itself. One that is not published, of nobody known, is
# treated as a household's.
_HOUSEHOLD = f"w.org_type = 'household_business' OR (w.id IS NULL AND d.publish_state <> '{PUBLIC}')"
# What a verification is of is published with it.
_PUBLISHED_WITH_DEVICE = f"""v.publish_state = '{PUBLIC}' AND d.publish_state = '{PUBLIC}'
    AND ({_HOUSEHOLD}) IS NOT TRUE"""
_ABOUT_DEVICE = """JOIN public.layers_devicetype t ON t.id = d.device_type_id
    LEFT JOIN public.layers_organisation w ON w.id = d.owner_id"""
_PASSES = """SELECT jsonb_agg(jsonb_build_object('on', x.verified_on, 'until', x.valid_until,
    'voided_on', x.voided_on, 'void_reason', x.void_reason, 'repaired_on', x.repaired_on, 'flag', x.compliance_flag,
    'body', x.body_id, 'body_vi', b.name_vi, 'body_en', b.name_en, 'after_repair', x.control_type = 'after_repair')
    ORDER BY x.verified_on, x.id)
  FROM public.layers_verification x JOIN public.layers_organisation b ON b.id = x.body_id
  WHERE x.device_id = d.id AND x.result = 'pass' AND x.control_type <> 'calibration'"""
_FAILS = """SELECT jsonb_agg(x.verified_on ORDER BY x.verified_on) FROM public.layers_verification x
  WHERE x.device_id = d.id AND x.result = 'fail' AND x.control_type <> 'calibration'"""
_OF_DEVICE = f"""jsonb_build_object('device', d.id, 'numbered', d.serial_no <> '', 'repaired_on', d.repaired_on,
    'taken_out_on', d.taken_out_on, 'no_periodic', d.no_periodic, 'passes', ({_PASSES}), 'fails', ({_FAILS}))"""


def _verifications(column: str, kind: str) -> str:
    """Passes alone: a failure has a record, and no evidence."""
    calibrated = f"{_LINES} AND lq.organisation_id = v.body_id AND l.activity = 'calibration'"
    own = f"""jsonb_build_object('voided_on', v.voided_on, 'void_reason', v.void_reason,
        'flag', v.compliance_flag,
        'scope', CASE WHEN v.control_type = 'calibration' THEN ({calibrated}) END)"""
    columns = _arm(
        _key("v", column),
        kind=f"CASE WHEN v.control_type = 'calibration' THEN 'calibration_certificate' ELSE '{kind}' END",
        ref="v.id",
        number=f"v.{column}",
        **_TYPE,
        **_BODY,
        issued_on="v.verified_on",
        valid_from="v.verified_on",
        valid_until="v.valid_until",
        published=_PUBLISHED_WITH_DEVICE,
        household=_HOUSEHOLD,
        events=f"{_OF_DEVICE} || {own}",
    )
    return f"""SELECT {columns} FROM public.layers_verification v
        JOIN public.layers_organisation o ON o.id = v.body_id
        JOIN public.layers_measuringdevice d ON d.id = v.device_id
        {_ABOUT_DEVICE}
        WHERE v.{column} <> '' AND v.result = 'pass'"""


def _devices(column: str) -> str:
    columns = _arm(
        _key("d", column),
        kind="'device'",
        ref="d.id",
        number=f"d.{column}",
        maker=f"CASE WHEN d.publish_state = '{PUBLIC}' THEN concat_ws(' ', d.manufacturer, d.model) END",
        **_TYPE,
        valid_until="d.valid_until",
        # A device's own number is never offered to whoever did not type it.
        published="false",
        household=_HOUSEHOLD,
        events=_OF_DEVICE,
    )
    return f"SELECT {columns} FROM public.layers_measuringdevice d {_ABOUT_DEVICE} WHERE d.{column} <> ''"


def _reports() -> str:
    columns = _arm(
        _key("r", "number"),
        kind="r.kind",
        ref="r.id",
        number="r.number",
        **_BODY,
        issued_on="r.issued_on",
        published=f"r.publish_state = '{PUBLIC}'",
        household="false",
        events=f"jsonb_build_object('lines', ({_LINES} AND l.id = r.line_id AND lq.organisation_id = r.body_id))",
    )
    return f"SELECT {columns} FROM public.layers_report r JOIN public.layers_organisation o ON o.id = r.body_id"
