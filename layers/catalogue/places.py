"""What the two layers of places of activity share: fields over the registers' scope lines, the table of scope."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import Exists, Max, OuterRef, Q, Subquery

from geodata.language import both
from layers.catalogue.shared_fields import DEVICE_TYPES, unit_fields
from layers.codes import FixedCodes, TableCodes
from layers.competence.asking import may_verify
from layers.layer import Codes, Field, Lines, Moment, Table
from layers.registers.base import PUBLIC
from layers.registers.qualification_status import (
    LINE_STATUSES,
    QUALIFICATION_STATUSES,
    begun,
    in_force,
    line_status,
    place_status,
)
from layers.registers.qualifications import ACTIVITIES, QUALIFICATION_KINDS, ScopeLine

SCHEMES = TableCodes("scheme", "layers.Scheme", order="id")
STANDARDS = TableCodes(
    "standard", "layers.Standard", order="id", where=Q(kind="international"), label=("number", "number")
)
FIELDS = TableCodes("field", "layers.AccreditationField", order="id")
AUTHORITIES = TableCodes("authority", "layers.Authority", order="id")

PUBLIC_PLACE = Q(publish_state=PUBLIC, organisation__publish_state=PUBLIC)
PLACE_RELATED = ("lines", "lines__qualification", "organisation")
PUBLIC_LINE = Q(publish_state=PUBLIC, qualification__publish_state=PUBLIC)


def lines_of(activities: Iterable[str]) -> Lines:
    """The scope lines of these activities that exist on a day."""
    wanted = tuple(activities)

    def rows(day: date) -> Q:
        return begun(day) & Q(activity__in=wanted)

    return Lines(model=ScopeLine, place="place_id", rows=rows, in_force=in_force, public=PUBLIC_LINE)


def _line_values(activities: tuple[str, ...], moment: Moment):  # type: ignore[no-untyped-def]
    return ScopeLine.objects.filter(
        begun(moment.day), moment.lines, place=OuterRef("pk"), activity__in=activities
    ).order_by()


def _latest_end(activities: tuple[str, ...]) -> Callable[[Moment], Subquery]:
    def source(moment: Moment) -> Subquery:
        lines = _line_values(activities, moment).values("place")
        return Subquery(lines.annotate(latest=Max("valid_until")).values("latest"))

    return source


def _any_ilac_mra(activities: tuple[str, ...]) -> Callable[[Moment], Exists]:
    return lambda moment: Exists(_line_values(activities, moment).filter(qualification__ilac_mra=True))


def fields_of(activities: Iterable[str], *, devices: bool) -> tuple[Field, ...]:
    """The fields of a layer of places with these activities; with `device_type` when `devices`."""
    wanted = tuple(activities)
    return (
        Field("name", both("Tên", "Name"), tile=True, sort=True),
        _status(wanted),
        _activity(wanted),
        COMPETENCE,
        *_facts_and_scope(devices=devices),
        _ilac_mra(wanted),
        _valid_until(wanted),
        *_whereabouts(),
        *unit_fields(),
    )


COMPETENCE = Field(
    "competence",
    both("Làm được gì", "Able to do"),
    lines=True,
    filter="competence",
    shown=False,
    listed=False,
)


def _of_lines(
    name: str,
    title: object,
    codes: Codes,
    path: str,
    *,
    said_by: Q = Q(),
    listed: bool = False,
    tile: bool = False,
) -> Field:
    """A field whose codes stand on the scope lines, at `path` from the line."""
    return Field(
        name,
        title,
        "codes",
        lines=True,
        codes=codes,
        filter="code",
        filter_source=path,
        said_by=said_by,
        listed=listed,
        tile=tile,
    )


def _status(activities: tuple[str, ...]) -> Field:
    """Shown is the place's header status; asked is the status of the line that meets the other conditions."""
    return Field(
        "status",
        both("Tình trạng", "Status"),
        kind="code",
        lines=True,
        codes=QUALIFICATION_STATUSES,
        source=lambda moment: place_status(moment.day, activities=activities, lines=moment.lines),
        filter="code",
        filter_codes=LINE_STATUSES,
        filter_source=lambda moment: line_status(moment.day),
        filter_title=both("Tình trạng của dòng phạm vi", "State of a scope line"),
        tile=True,
    )


def _activity(activities: tuple[str, ...]) -> Field:
    choices = FixedCodes("activity", tuple(code for code in ACTIVITIES.items if code.code in activities))
    return _of_lines("activity", both("Hoạt động", "Activity"), choices, "activity", listed=True, tile=True)


def _facts_and_scope(*, devices: bool) -> tuple[Field, ...]:
    """By which legal fact, to which standard, in which field and by whom a line was granted."""
    device_type = _of_lines(
        "device_type",
        both("Loại phương tiện đo được kiểm định", "Device types it may verify"),
        DEVICE_TYPES,
        "device_type__code",
        said_by=may_verify(),
    )
    return (
        _of_lines("qualification", both("Căn cứ pháp lý", "Legal fact"), QUALIFICATION_KINDS, "qualification__kind"),
        _of_lines(
            "scheme",
            both("Chương trình công nhận", "Accreditation scheme"),
            SCHEMES,
            "qualification__scheme__code",
            listed=True,
        ),
        _of_lines("standard", both("Tiêu chuẩn", "Standard"), STANDARDS, "qualification__standard__code", listed=True),
        _of_lines("field", both("Lĩnh vực", "Field"), FIELDS, "field__code"),
        *((device_type,) if devices else ()),
        _of_lines("authority", both("Cơ quan cấp", "Authority"), AUTHORITIES, "qualification__authority__code"),
    )


def _ilac_mra(activities: tuple[str, ...]) -> Field:
    """Shown is whether any line has it; asked is the line that meets the other conditions."""
    return Field(
        "ilac_mra",
        both("Thừa nhận lẫn nhau ILAC", "ILAC mutual recognition"),
        kind="flag",
        lines=True,
        source=_any_ilac_mra(activities),
        filter="flag",
        filter_source="qualification__ilac_mra",
        listed=False,
    )


def _valid_until(activities: tuple[str, ...]) -> Field:
    """Shown is the latest end of all lines; asked is the line that meets the other conditions."""
    return Field(
        "valid_until",
        both("Hiệu lực đến", "Valid until"),
        kind="date",
        lines=True,
        source=_latest_end(activities),
        filter="dates",
        filter_source="valid_until",
        sort=True,
    )


def _whereabouts() -> tuple[Field, ...]:
    """Whose place it is and how one comes to it."""
    return (
        Field("name_en", both("Tên tiếng Anh", "English name"), listed=False),
        Field("organisation", both("Tổ chức", "Organisation"), source="organisation__name_vi", listed=False),
        Field("address", both("Địa chỉ", "Address")),
        Field("legacy_address", both("Địa chỉ trước 01/07/2025", "Address before 1 July 2025"), listed=False),
        Field("on_site_service", both("Đến tận nơi", "Comes to the device"), kind="flag", listed=False),
        Field("opening_hours", both("Giờ mở cửa", "Opening hours"), listed=False),
    )


def scope_table(activities: Iterable[str]) -> Table:
    """The scope lines of a place, each with the legal fact it belongs to."""
    lines = lines_of(activities)
    return Table(
        title=both("Phạm vi", "Scope"),
        model=ScopeLine,
        parent="place",
        rows=lines.rows,
        public=lines.public,
        order=("qualification__kind", "qualification__number", "activity", "pk"),
        columns=(
            Field(
                "kind", both("Căn cứ", "Legal fact"), "code", source="qualification__kind", codes=QUALIFICATION_KINDS
            ),
            Field("number", both("Số", "Number"), source="qualification__number"),
            Field(
                "status",
                both("Tình trạng", "Status"),
                "code",
                source=lambda moment: line_status(moment.day),
                codes=LINE_STATUSES,
            ),
            Field("valid_until", both("Hiệu lực đến", "Valid until"), "date"),
            Field("activity", both("Hoạt động", "Activity"), "code", codes=ACTIVITIES),
            Field("product", both("Sản phẩm, đối tượng", "Product, item")),
            Field("test", both("Phép thử, đại lượng", "Test, quantity")),
            Field(
                "device_type",
                both("Phương tiện đo", "Device type"),
                "code",
                source="device_type__code",
                codes=DEVICE_TYPES,
            ),
            Field("method", both("Phương pháp", "Method")),
            Field("range_text", both("Phạm vi đo", "Range")),
            Field("loq", both("LOQ", "LOQ"), "number"),
            Field("cmc_text", both("Khả năng đo (CMC)", "Capability (CMC)")),
        ),
    )
