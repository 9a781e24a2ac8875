"""What became of the administrative units abolished on 1 July 2025."""

from geodata.language import both
from geodata.models import Level, UnitChange
from layers.catalogue.administrative_units import COVERAGES
from layers.codes import Code, FixedCodes
from layers.layer import NO_UNITS, Field, Layer

LEVELS = FixedCodes("level", tuple(Code(str(level.value), level.label) for level in Level))

UNIT_CHANGES = Layer(
    name="unit_changes",
    title=both("Thay đổi đơn vị hành chính", "Changes of administrative units"),
    noun=both("thay đổi", "changes"),
    description=both(
        "Mỗi đơn vị cũ nhập vào đơn vị nào từ ngày 01/07/2025, toàn bộ hay một phần.",
        "Into which unit each abolished one went on 1 July 2025, wholly or in part.",
    ),
    model=UnitChange,
    geometry="",
    units=NO_UNITS,
    search=("old__search_key",),
    search_title=both("Tìm theo tên đơn vị cũ", "Search by name of the former unit"),
    dated=False,
    fields=(
        Field("old_level", both("Cấp của đơn vị cũ", "Tier of the former unit"), "code", "old__level", codes=LEVELS),
        Field("old_code", both("Mã cũ", "Former code"), source="old__code"),
        Field("old_name", both("Đơn vị cũ", "Former unit"), source="old__full_name_vi"),
        Field("old_parent", both("Thuộc", "Part of"), source="old__parent__full_name_vi"),
        Field(
            "level",
            both("Cấp của đơn vị mới", "Tier of the new unit"),
            "code",
            "new__level",
            codes=LEVELS,
            filter="code",
        ),
        Field("new_code", both("Mã mới", "New code"), source="new__code"),
        Field("new_name", both("Đơn vị mới", "New unit"), source="new__full_name_vi"),
        Field("new_parent", both("Thuộc tỉnh, thành phố", "In the province"), source="new__parent__full_name_vi"),
        Field("coverage", both("Phần nhập vào", "Part that went there"), "code", codes=COVERAGES, filter="code"),
        Field("changed_on", both("Từ ngày", "Since"), "date", filter="dates"),
    ),
)
