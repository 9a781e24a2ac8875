"""Registrations, designations and accreditations, and what exactly each of them covers."""

from django.db.models import OuterRef, Q, Subquery

from geodata.language import both
from layers.catalogue.places import AUTHORITIES, FIELDS, SCHEMES, STANDARDS
from layers.catalogue.shared_fields import DEVICE_TYPES, units_of_record
from layers.layer import Field, Layer, Moment, units_through
from layers.registers.base import PUBLIC
from layers.registers.qualification_status import (
    LINE_STATUSES,
    QUALIFICATION_STATUSES,
    begun,
    header_status,
    line_status,
)
from layers.registers.qualifications import ACTIVITIES, QUALIFICATION_KINDS, Qualification, ScopeLine


def _status(moment: Moment) -> Subquery:
    """The status of the header by those of its lines that the public sees; none without a begun line."""
    lines = ScopeLine.objects.filter(begun(moment.day), qualification=OuterRef("pk"), publish_state=PUBLIC)
    headers = lines.order_by().values("qualification").annotate(header=header_status(moment.day))
    return Subquery(headers.values("header"))


QUALIFICATIONS = Layer(
    name="qualifications",
    title=both("Đăng ký, chỉ định, công nhận", "Registrations, designations, accreditations"),
    noun=both("căn cứ pháp lý", "qualifications"),
    description=both(
        "Từng giấy chứng nhận đăng ký, quyết định chỉ định, chứng chỉ công nhận của một tổ chức.",
        "Each certificate of registration, decision of designation and certificate of accreditation of a body.",
    ),
    model=Qualification,
    geometry="",
    public=Q(publish_state=PUBLIC, organisation__publish_state=PUBLIC),
    rows=lambda day: Q(valid_from__lte=day),
    search=("organisation__search_key",),
    search_title=both("Tìm theo tên tổ chức", "Search by name of the organisation"),
    fields=(
        Field("organisation_id", both("Số của tổ chức", "Number of the organisation"), "integer"),
        Field("organisation", both("Tổ chức", "Organisation"), source="organisation__name_vi"),
        Field("kind", both("Loại", "Kind"), "code", codes=QUALIFICATION_KINDS, filter="code"),
        Field("number", both("Số hiệu", "Number")),
        Field("status", both("Tình trạng", "Status"), "code", codes=QUALIFICATION_STATUSES, source=_status),
        Field("issued_on", both("Ngày cấp", "Issued on"), "date"),
        Field("valid_from", both("Hiệu lực từ", "Valid from"), "date"),
        Field("valid_until", both("Hiệu lực đến", "Valid until"), "date", filter="dates"),
        Field(
            "authority",
            both("Cơ quan cấp", "Authority"),
            "code",
            codes=AUTHORITIES,
            source="authority__code",
            filter="code",
        ),
        Field(
            "scheme",
            both("Chương trình công nhận", "Accreditation scheme"),
            "code",
            codes=SCHEMES,
            source="scheme__code",
            filter="code",
        ),
        Field(
            "standard",
            both("Tiêu chuẩn", "Standard"),
            "code",
            codes=STANDARDS,
            source="standard__code",
            filter="code",
        ),
        Field("edition", both("Phiên bản tiêu chuẩn", "Edition of the standard")),
        Field("ilac_mra", both("Thừa nhận lẫn nhau ILAC", "ILAC mutual recognition"), "flag", filter="flag"),
        Field("legal_basis", both("Văn bản căn cứ", "Legal basis")),
        *units_of_record(),
    ),
)

SCOPE_LINES = Layer(
    name="scope_lines",
    title=both("Dòng phạm vi", "Scope lines"),
    noun=both("dòng phạm vi", "scope lines"),
    description=both(
        "Từng dòng phạm vi: một địa điểm được làm gì theo một đăng ký, chỉ định hay công nhận.",
        "What one place may do under one registration, designation or accreditation, line by line.",
    ),
    model=ScopeLine,
    geometry="",
    public=Q(
        publish_state=PUBLIC,
        qualification__publish_state=PUBLIC,
        place__publish_state=PUBLIC,
        place__organisation__publish_state=PUBLIC,
    ),
    rows=begun,
    units=units_through("place"),
    search=("place__search_key",),
    search_title=both("Tìm theo tên, địa chỉ nơi làm", "Search by name or address of the place"),
    fields=(
        Field("qualification_id", both("Số của căn cứ pháp lý", "Number of the qualification"), "integer"),
        Field("place_id", both("Số của địa điểm trên bản đồ", "Number of the place on the map"), "integer"),
        Field("place", both("Địa điểm", "Place"), source="place__name"),
        Field(
            "kind",
            both("Căn cứ", "Legal fact"),
            "code",
            codes=QUALIFICATION_KINDS,
            source="qualification__kind",
            filter="code",
        ),
        Field("number", both("Số hiệu", "Number"), source="qualification__number"),
        Field(
            "status",
            both("Tình trạng", "Status"),
            "code",
            codes=LINE_STATUSES,
            source=lambda moment: line_status(moment.day),
            filter="code",
        ),
        Field("activity", both("Hoạt động", "Activity"), "code", codes=ACTIVITIES, filter="code"),
        Field("field", both("Lĩnh vực", "Field"), "code", codes=FIELDS, source="field__code", filter="code"),
        Field(
            "device_type",
            both("Loại phương tiện đo", "Type of device"),
            "code",
            codes=DEVICE_TYPES,
            source="device_type__code",
            filter="code",
        ),
        Field("product", both("Sản phẩm, đối tượng", "Product, item")),
        Field("test", both("Phép thử, đại lượng", "Test, quantity")),
        Field("method", both("Phương pháp", "Method")),
        Field("range_text", both("Phạm vi đo", "Range")),
        Field("range_min", both("Phạm vi đo từ", "Range from"), "number"),
        Field("range_max", both("Phạm vi đo đến", "Range to"), "number"),
        Field("unit", both("Đơn vị", "Unit")),
        Field("lod", both("LOD", "LOD"), "number"),
        Field("loq", both("LOQ", "LOQ"), "number"),
        Field("cmc", both("CMC", "CMC"), "number"),
        Field("cmc_text", both("Khả năng đo (CMC)", "Capability (CMC)")),
        Field("valid_from", both("Hiệu lực từ", "Valid from"), "date"),
        Field("valid_until", both("Hiệu lực đến", "Valid until"), "date", filter="dates"),
        Field("suspended_from", both("Đình chỉ từ", "Suspended from"), "date"),
        Field("suspended_until", both("Đình chỉ đến", "Suspended until"), "date"),
        Field("withdrawn_on", both("Thu hồi ngày", "Withdrawn on"), "date"),
        *units_of_record("place"),
    ),
)
