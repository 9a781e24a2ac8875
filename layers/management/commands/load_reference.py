"""`manage.py load_reference`: the reference tables that ship as CSV. Repeatable; rows are matched by code."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction

from geodata.text import search_key
from layers.models import (
    AccreditationField,
    Authority,
    DeviceType,
    DeviceTypeRule,
    EvidenceRegister,
    NumberPattern,
    Scheme,
    Standard,
    StandardEdition,
)
from layers.registers.deliveries import REFERENCE as FROM_REFERENCE
from layers.registers.number_key import number_key

REFERENCE = Path(__file__).resolve().parents[2] / "reference"

# Circular 07/2019 in force; Circular 03/2024 added the chargers and dropped one meter (domain, section 2.2).
LIST_OF_2019, LIST_OF_2024 = date(2020, 1, 1), date(2024, 10, 15)
DROPPED_IN_2024 = {"electricity_meter_1p_induction"}


class Command(BaseCommand):
    help = __doc__

    @transaction.atomic
    def handle(self, *args: object, **options: object) -> None:
        for load in (_authorities, _schemes, _standards, _fields, _device_types, _registers, _patterns):
            self.stdout.write(f"{load.__name__.strip('_').replace('_', ' ')}: {load():,}")


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _authorities() -> int:
    names = ("name_vi", "name_en", "level", "legal_basis")
    rows = [Authority(code=row["code"], **{name: row[name] for name in names}) for row in _rows("authorities.csv")]
    return _put(rows, names)


def _schemes() -> int:
    authorities = {item.code: item for item in Authority.objects.all()}
    rows = [
        Scheme(
            code=row["code"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            authority=authorities[row["authority"]],
        )
        for row in _rows("schemes.csv")
    ]
    return _put(rows, ("name_vi", "name_en", "authority"))


def _standards() -> int:
    names = ("kind", "number", "title_vi", "title_en")
    rows = list(_rows("standards.csv"))
    _put([Standard(code=row["code"], **{name: row[name] for name in names}) for row in rows], names)
    standards = {item.code: item for item in Standard.objects.all()}
    for row in rows:
        for words in row["editions"].split(";"):
            edition, status = words.split()
            StandardEdition.objects.update_or_create(
                standard=standards[row["code"]], edition=edition, defaults={"status": status}
            )
    return len(rows)


def _fields() -> int:
    names = ("name_vi", "name_en", "activity", "source", "verified")
    rows = list(_rows("accreditation_fields.csv"))
    made = _put([AccreditationField(code=row["code"], **{name: row[name] for name in names}) for row in rows], names)
    fields = {item.code: item for item in AccreditationField.objects.all()}
    for row in rows:
        fields[row["code"]].parent = fields.get(row["parent_code"])
    AccreditationField.objects.bulk_update(fields.values(), ["parent"])
    return made


def _device_types() -> int:
    rows = list(_rows("device_types.csv"))
    types = [
        DeviceType(
            id=number,
            code=row["code"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            list_no=row["list_no"],
            measurement_field=row["measurement_field"],
            device_group=row["group"],
            status=row["status"],
            note=row["note"],
            search_key=search_key(f"{row['name_vi']} {row['name_en']}"),
        )
        for number, row in enumerate(rows, start=1)
    ]
    fields = [
        "code",
        "name_vi",
        "name_en",
        "list_no",
        "measurement_field",
        "device_group",
        "status",
        "note",
        "search_key",
    ]
    DeviceType.objects.bulk_create(types, update_conflicts=True, unique_fields=["id"], update_fields=fields)
    for number, row in enumerate(rows, start=1):
        _rule(number, row)
    return len(rows)


def _rule(device_type: int, row: dict[str, str]) -> None:
    """The rule that the table states. Its 2026 reading is kept beside it, unconfirmed and unused."""
    added_in_2024 = row["status"].startswith("in_force_since_2024")
    controls = {name: row[name] == "yes" for name in ("type_approval", "initial", "periodic", "after_repair")}
    DeviceTypeRule.objects.update_or_create(
        device_type_id=device_type,
        valid_from=LIST_OF_2024 if added_in_2024 else LIST_OF_2019,
        defaults={
            **controls,
            "valid_to": LIST_OF_2024 if row["code"] in DROPPED_IN_2024 else None,
            "legal_basis": row["source"],
            "cycle_months": int(row["cycle_months"]) if row["cycle_months"] else None,
            "cycle_2026_reading": int(row["cycle_2026_reading_unconfirmed"] or 0) or None,
        },
    )


def _registers() -> int:
    texts = ("kind", "name_vi", "name_en", "keeper_vi", "keeper_en", "ask", "certainty", "source")
    flags = ("kept_here", "any_number")
    rows = [
        EvidenceRegister(
            code=row["code"],
            **{name: row[name] for name in texts},
            **{name: row[name] == "yes" for name in flags},
        )
        for row in _rows("registers.csv")
    ]
    return _put(rows, (*texts, *flags))


def _patterns() -> int:
    """The formats that ship; those that an officer or the demo added stay. Each fits its own example."""
    registers = {item.code: item for item in EvidenceRegister.objects.all()}
    rows = list(_rows("number_patterns.csv"))
    NumberPattern.objects.filter(source_system=FROM_REFERENCE).delete()
    for row in rows:
        if not re.fullmatch(row["pattern"], number_key(row["example"])):
            raise ValueError(f"number_patterns.csv: {row['example']} does not fit {row['pattern']}")
    NumberPattern.objects.bulk_create(
        [NumberPattern(**{**row, "register": registers[row["register"]]}) for row in rows]
    )
    return len(rows)


def _put(rows: list, fields: tuple[str, ...]) -> int:
    model = type(rows[0])
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    return len(rows)
