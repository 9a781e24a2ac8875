"""What the two layers of places of activity have in common: fields over the registers' scope lines."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import Exists, Max, OuterRef, Q, Subquery

from geodata.language import both
from layers.codes import FixedCodes, TableCodes
from layers.layer import Field, Lines, Moment, Table
from layers.registers.base import GEOM_ACCURACIES, PUBLIC
from layers.registers.qualification_status import (
    LINE_STATUSES,
    QUALIFICATION_STATUSES,
    begun,
    line_status,
    place_status,
)
from layers.registers.qualifications import ACTIVITIES, QUALIFICATION_KINDS, ScopeLine
from layers.units import COMMUNES, PROVINCES

SCHEMES = TableCodes("scheme", "layers.Scheme", order="id")
STANDARDS = TableCodes(
    "standard", "layers.Standard", order="id", where=Q(kind="international"), label=("number", "number")
)
FIELDS = TableCodes("field", "layers.AccreditationField", order="id")
DEVICE_TYPES = TableCodes("device_type", "layers.DeviceType", order="id")
AUTHORITIES = TableCodes("authority", "layers.Authority", order="id")

PUBLIC_PLACE = Q(publish_state=PUBLIC, organisation__publish_state=PUBLIC)
PUBLIC_LINE = Q(publish_state=PUBLIC, qualification__publish_state=PUBLIC)


def lines_of(activities: Iterable[str]) -> Lines:
    """The scope lines of these activities that exist on a day."""
    wanted = tuple(activities)

    def rows(day: date) -> Q:
        return begun(day) & Q(activity__in=wanted)

    return Lines(model=ScopeLine, place="place_id", rows=rows, public=PUBLIC_LINE)


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
    choices = FixedCodes("activity", tuple(code for code in ACTIVITIES.items if code.code in wanted))
    device_type = Field(
        "device_type",
        both("Loại phương tiện đo được kiểm định", "Device types it may verify"),
        kind="codes",
        lines=True,
        codes=DEVICE_TYPES,
        filter="code",
        filter_source="device_type__code",
        listed=False,
    )
    return (
        Field("name", both("Tên", "Name"), tile=True, sort=True),
        Field(
            "status",
            both("Tình trạng", "Status"),
            kind="code",
            lines=True,
            codes=QUALIFICATION_STATUSES,
            source=lambda moment: place_status(moment.day, activities=wanted, lines=moment.lines),
            filter="code",
            filter_codes=LINE_STATUSES,
            filter_source=lambda moment: line_status(moment.day),
            tile=True,
        ),
        Field(
            "activity",
            both("Hoạt động", "Activity"),
            kind="codes",
            lines=True,
            codes=choices,
            filter="code",
            filter_source="activity",
            tile=True,
        ),
        Field(
            "qualification",
            both("Căn cứ pháp lý", "Legal fact"),
            kind="codes",
            lines=True,
            codes=QUALIFICATION_KINDS,
            filter="code",
            filter_source="qualification__kind",
            listed=False,
        ),
        Field(
            "scheme",
            both("Chương trình công nhận", "Accreditation scheme"),
            kind="codes",
            lines=True,
            codes=SCHEMES,
            filter="code",
            filter_source="qualification__scheme__code",
        ),
        Field(
            "standard",
            both("Tiêu chuẩn", "Standard"),
            kind="codes",
            lines=True,
            codes=STANDARDS,
            filter="code",
            filter_source="qualification__standard__code",
        ),
        Field(
            "field",
            both("Lĩnh vực", "Field"),
            kind="codes",
            lines=True,
            codes=FIELDS,
            filter="code",
            filter_source="field__code",
            listed=False,
        ),
        *((device_type,) if devices else ()),
        Field(
            "authority",
            both("Cơ quan cấp", "Authority"),
            kind="codes",
            lines=True,
            codes=AUTHORITIES,
            filter="code",
            filter_source="qualification__authority__code",
            listed=False,
        ),
        Field(
            "ilac_mra",
            both("Thừa nhận lẫn nhau ILAC", "ILAC mutual recognition"),
            kind="flag",
            lines=True,
            source=_any_ilac_mra(wanted),
            filter="flag",
            filter_source="qualification__ilac_mra",
            listed=False,
        ),
        Field(
            "valid_until",
            both("Hiệu lực đến", "Valid until"),
            kind="date",
            lines=True,
            source=_latest_end(wanted),
            filter="dates",
            filter_source="valid_until",
            sort=True,
        ),
        Field("organisation", both("Tổ chức", "Organisation"), source="organisation__name_vi", listed=False),
        Field("address", both("Địa chỉ", "Address")),
        Field("legacy_address", both("Địa chỉ trước 01/07/2025", "Address before 1 July 2025"), listed=False),
        Field("on_site_service", both("Đến tận nơi", "Comes to the device"), kind="flag", listed=False),
        Field("opening_hours", both("Giờ mở cửa", "Opening hours"), listed=False),
        *unit_fields(),
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
            Field(
                "status",
                both("Tình trạng", "Status"),
                "code",
                source=lambda moment: line_status(moment.day),
                codes=LINE_STATUSES,
            ),
            Field("valid_until", both("Hiệu lực đến", "Valid until"), "date"),
        ),
    )


def unit_fields() -> tuple[Field, ...]:
    """Where a row of a register lies, and how well that is known."""
    return (
        Field(
            "province",
            both("Tỉnh, thành phố", "Province"),
            source="province__code",
            kind="code",
            codes=PROVINCES,
        ),
        Field(
            "commune",
            both("Xã, phường, đặc khu", "Commune"),
            source="commune__code",
            kind="code",
            codes=COMMUNES,
        ),
        Field(
            "geom_accuracy",
            both("Độ chính xác vị trí", "Accuracy of position"),
            kind="code",
            codes=GEOM_ACCURACIES,
            tile=True,
        ),
    )
