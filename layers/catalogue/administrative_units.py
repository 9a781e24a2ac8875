"""Administrative units in force, with their boundaries: two layers over one table."""

from datetime import date

from django.db.models import Case, CharField, F, Q, Value, When

from geodata.language import both
from geodata.models import AdministrativeUnit, Kind, Region, UnitChange, UnitOutline
from layers.codes import Code, FixedCodes
from layers.layer import Field, Layer, Style, Table, Units
from layers.units import PROVINCES

KINDS = FixedCodes(
    "kind", tuple(Code(str(kind.value), kind.label) for kind in Kind if kind in (Kind.MUNICIPALITY, Kind.PROVINCE))
)
COMMUNE_KINDS = FixedCodes(
    "kind",
    tuple(Code(str(kind.value), kind.label) for kind in Kind if kind in (Kind.COMMUNE, Kind.WARD, Kind.SPECIAL_ZONE)),
)
REGIONS = FixedCodes("region", tuple(Code(str(region.value), region.label) for region in Region))

COVERAGES = FixedCodes("coverage", tuple(Code(str(one.value), one.label) for one in UnitChange.Coverage))

COMMUNES_OF_PROVINCE = Table(
    title=both("Xã, phường, đặc khu", "Communes, wards and special zones"),
    model=AdministrativeUnit,
    parent="parent",
    public=Q(level="commune"),
    rows=lambda day: Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day)),
    order=("code",),
    layer="communes",
    columns=(
        Field("name", both("Tên", "Name"), source="full_name_vi"),
        Field("code", both("Mã", "Code")),
        Field("kind", both("Loại đơn vị", "Kind of unit"), "code", codes=COMMUNE_KINDS),
        Field("area_km2", both("Diện tích (km²)", "Area (km²)"), "number"),
        Field("population", both("Dân số", "Population"), "integer"),
    ),
)

ORIGINS = Table(
    title=both("Hình thành từ", "Formed from"),
    model=UnitChange,
    parent="new",
    order=("old__code",),
    columns=(
        Field("name", both("Đơn vị cũ", "Former unit"), source="old__full_name_vi"),
        Field("code", both("Mã cũ", "Former code"), source="old__code"),
        Field("coverage", both("Phần nhập vào", "Part that was merged"), "code", codes=COVERAGES),
        Field("changed_on", both("Từ ngày", "Since"), "date"),
    ),
)


def _in_force(level: str):  # type: ignore[no-untyped-def]
    def rows(day: date) -> Q:
        return Q(level=level, valid_from__lte=day, geom__isnull=False) & (
            Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        )

    return rows


# The codes of every position, in words that suit a boundary.
BOUNDARY_ACCURACIES = FixedCodes(
    "geom_accuracy",
    (
        Code("surveyed", both("theo tệp địa giới đã nạp", "from the boundary files loaded")),
        Code("unknown", both("gần đúng", "approximate")),
    ),
)


LARGER_FIRST = (F("population").desc(nulls_last=True),)


def _fields(kinds: FixedCodes, region: str) -> tuple[Field, ...]:
    accuracy = Case(When(official=True, then=Value("surveyed")), default=Value("unknown"), output_field=CharField())
    return (
        Field("name", both("Tên", "Name"), source="full_name_vi", tile=True, sort=True),
        Field("name_en", both("Tên tiếng Anh", "English name"), tile=True),
        Field("code", both("Mã", "Code"), tile=True),
        Field("kind", both("Loại đơn vị", "Kind of unit"), kind="code", codes=kinds, filter="code", tile=True),
        Field("region", both("Vùng", "Region"), kind="code", codes=REGIONS, source=region, filter="code"),
        Field("area_km2", both("Diện tích (km²)", "Area (km²)"), kind="number"),
        Field("population", both("Dân số", "Population"), kind="integer"),
        Field("valid_from", both("Có hiệu lực từ", "In force from"), kind="date", listed=False),
        Field(
            "geom_accuracy",
            both("Độ chính xác ranh giới", "Accuracy of boundary"),
            kind="code",
            codes=BOUNDARY_ACCURACIES,
            source=lambda moment: accuracy,
            tile=True,
        ),
    )


PROVINCES_LAYER = Layer(
    name="provinces",
    title=both("Tỉnh, thành phố", "Provinces and cities"),
    noun=both("tỉnh, thành phố", "provinces"),
    description=both("34 đơn vị hành chính cấp tỉnh có hiệu lực.", "The 34 provincial units in force."),
    model=AdministrativeUnit,
    geometry="polygon",
    zooms=(0, 12),
    rows=_in_force("province"),
    units=Units("code", "children__code", "code", "children__code", by="code"),
    outlines=UnitOutline,
    fields=_fields(KINDS, "region"),
    style=Style("area", ""),
    prominent=LARGER_FIRST,
    few=True,
    tables=(ORIGINS, COMMUNES_OF_PROVINCE),
)

COMMUNES_LAYER = Layer(
    name="communes",
    title=both("Xã, phường, đặc khu", "Communes, wards and special zones"),
    noun=both("xã, phường, đặc khu", "communes"),
    description=both("3.321 đơn vị hành chính cấp xã có hiệu lực.", "The 3,321 commune-level units in force."),
    model=AdministrativeUnit,
    geometry="polygon",
    zooms=(0, 12),
    rows=_in_force("commune"),
    units=Units("parent__code", "code", "parent__code", "code", by="code"),
    outlines=UnitOutline,
    fields=(
        *_fields(COMMUNE_KINDS, "parent__region"),
        Field(
            "province",
            both("Tỉnh, thành phố", "Province"),
            kind="code",
            codes=PROVINCES,
            source="parent__code",
        ),
    ),
    style=Style("area", ""),
    prominent=LARGER_FIRST,
    few=True,
    tables=(ORIGINS,),
)
