"""Standards, technical regulations and metrological documents as records; their texts are not here."""

from django.db.models import OuterRef, Subquery

from geodata.language import both
from layers.layer import NO_UNITS, Field, Layer, Moment
from layers.registers.standards import STANDARD_KINDS, Standard, StandardEdition


def _current_edition(moment: Moment) -> Subquery:
    editions = StandardEdition.objects.filter(standard=OuterRef("pk"), status="current")
    return Subquery(editions.order_by("-edition").values("edition")[:1])


STANDARDS_TABLE = Layer(
    name="standards",
    title=both("Tiêu chuẩn, quy chuẩn", "Standards and regulations"),
    noun=both("tiêu chuẩn, quy chuẩn", "standards"),
    description=both(
        "Tiêu chuẩn, quy chuẩn, văn bản kỹ thuật đo lường được nhắc đến trong sổ đăng ký.",
        "Standards, technical regulations and metrological documents that the registers refer to.",
    ),
    model=Standard,
    geometry="",
    units=NO_UNITS,
    search=(),
    dated=False,
    fields=(
        Field("code", both("Mã", "Code")),
        Field("kind", both("Loại", "Kind"), "code", codes=STANDARD_KINDS, filter="code"),
        Field("number", both("Số hiệu", "Number")),
        Field("edition", both("Phiên bản hiện hành", "Current edition"), source=_current_edition),
        Field("title_vi", both("Tên", "Title")),
        Field("title_en", both("Tên tiếng Anh", "English title")),
    ),
)
