"""Verifications of registered devices, approvals of types, and the statutory list of types."""

from django.db.models import OuterRef, Q, Subquery

from geodata.language import both
from layers.catalogue.shared_fields import DEVICE_TYPES, published_organisation, units_of_record
from layers.layer import NO_UNITS, Field, FieldKind, Layer, Moment, units_through
from layers.registers.base import PUBLIC
from layers.registers.devices import DEVICE_GROUPS, VOID_REASONS, DeviceType, DeviceTypeRule, TypeApproval
from layers.registers.verifications import CONTROL_TYPES, VERIFICATION_RESULTS, Verification

VERIFICATIONS = Layer(
    name="verifications",
    title=both("Các lần kiểm định", "Verifications"),
    noun=both("lần kiểm định", "verifications"),
    description=both(
        "Từng lần kiểm định của phương tiện đo đã đăng ký. Số giấy và số tem không công khai: tra tại trang Kiểm tra.",
        "Each verification of a registered device. Numbers of certificates and stickers are not public: see Verify.",
    ),
    model=Verification,
    geometry="",
    public=Q(publish_state=PUBLIC, device__publish_state=PUBLIC, body__publish_state=PUBLIC),
    rows=lambda day: Q(verified_on__lte=day),
    units=units_through("device"),
    search=(),
    fields=(
        Field("device_id", both("Số của phương tiện đo trên bản đồ", "Number of the device on the map"), "integer"),
        Field(
            "device_type",
            both("Loại phương tiện đo", "Type of device"),
            "code",
            codes=DEVICE_TYPES,
            source="device__device_type__code",
            filter="code",
        ),
        Field("verified_on", both("Kiểm định ngày", "Verified on"), "date", filter="dates"),
        Field("control_type", both("Hình thức", "Kind"), "code", codes=CONTROL_TYPES, filter="code"),
        Field("body_id", both("Số của tổ chức kiểm định", "Number of the verifying body"), "integer"),
        Field("body", both("Tổ chức kiểm định", "Verifying body"), source="body__name_vi"),
        Field("procedure_code", both("Quy trình", "Procedure")),
        Field("result", both("Kết quả", "Result"), "code", codes=VERIFICATION_RESULTS, filter="code"),
        Field("valid_until", both("Hiệu lực đến", "Valid until"), "date", filter="dates"),
        Field("voided_on", both("Mất hiệu lực ngày", "Void since"), "date"),
        Field("void_reason", both("Lý do mất hiệu lực", "Why void"), "code", codes=VOID_REASONS),
        Field("repaired_on", both("Đưa đi sửa ngày", "Sent to repair on"), "date"),
        Field("certificate_no", both("Số giấy chứng nhận", "Certificate number"), roles=("inspector",)),
        Field("sticker_serial", both("Số tem", "Sticker number"), roles=("inspector",)),
        *units_of_record("device"),
    ),
)

TYPE_APPROVALS = Layer(
    name="type_approvals",
    title=both("Phê duyệt mẫu", "Type approvals"),
    noun=both("quyết định phê duyệt mẫu", "type approvals"),
    description=both(
        "Quyết định phê duyệt mẫu phương tiện đo để sản xuất, nhập khẩu.",
        "Decisions that approve a type of device for making and import.",
    ),
    model=TypeApproval,
    geometry="",
    public=Q(publish_state=PUBLIC),
    rows=lambda day: Q(decided_on__lte=day),
    units=NO_UNITS,
    search=("device_type__search_key",),
    search_title=both("Tìm theo loại phương tiện đo", "Search by type of device"),
    fields=(
        Field("number", both("Số quyết định", "Number of the decision")),
        Field(
            "device_type",
            both("Loại phương tiện đo", "Type of device"),
            "code",
            codes=DEVICE_TYPES,
            source="device_type__code",
            filter="code",
        ),
        Field(
            "holder_id",
            both("Số của tổ chức đề nghị", "Number of the holder"),
            "integer",
            source=published_organisation("holder_id"),
        ),
        Field("holder", both("Tổ chức đề nghị", "Holder"), source="holder__name_vi"),
        Field("manufacturer", both("Hãng sản xuất", "Manufacturer")),
        Field("country", both("Nước sản xuất", "Country")),
        Field("model", both("Kiểu", "Model")),
        Field("characteristics", both("Đặc trưng kỹ thuật", "Characteristics")),
        Field("decided_on", both("Ngày quyết định", "Decided on"), "date", filter="dates"),
        Field("valid_until", both("Hiệu lực đến", "Valid until"), "date", filter="dates"),
        Field("extended_until", both("Gia hạn đến", "Extended until"), "date"),
        Field("suspended_on", both("Đình chỉ ngày", "Suspended on"), "date"),
        Field("cancelled_on", both("Hủy bỏ ngày", "Cancelled on"), "date"),
    ),
)


def _of_rule(name: str, title: object, kind: FieldKind) -> Field:
    """What the rule in force on the day says; nothing where there is none."""

    def source(moment: Moment) -> Subquery:
        day = moment.day
        rules = DeviceTypeRule.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)
        return Subquery(rules.filter(device_type=OuterRef("pk")).values(name)[:1])

    return Field(name, title, kind, source=source)


DEVICE_TYPES_TABLE = Layer(
    name="device_types",
    title=both("Loại phương tiện đo", "Types of measuring devices"),
    noun=both("loại phương tiện đo", "types of devices"),
    description=both(
        "Danh mục phương tiện đo với các hình thức kiểm soát và chu kỳ kiểm định của ngày được hỏi.",
        "The list of measuring devices with their controls and verification cycles on the day asked for.",
    ),
    model=DeviceType,
    geometry="",
    units=NO_UNITS,
    fields=(
        Field("code", both("Mã", "Code")),
        Field("name_vi", both("Tên", "Name")),
        Field("name_en", both("Tên tiếng Anh", "English name")),
        Field("list_no", both("Số trong danh mục", "Number in the list")),
        Field("measurement_field", both("Lĩnh vực đo", "Field of measurement")),
        Field("device_group", both("Nhóm", "Group"), "code", codes=DEVICE_GROUPS, filter="code"),
        _of_rule("type_approval", both("Phê duyệt mẫu", "Type approval"), "flag"),
        _of_rule("initial", both("Kiểm định ban đầu", "Initial verification"), "flag"),
        _of_rule("periodic", both("Kiểm định định kỳ", "Periodic verification"), "flag"),
        _of_rule("after_repair", both("Kiểm định sau sửa chữa", "Verification after repair"), "flag"),
        _of_rule("cycle_months", both("Chu kỳ, tháng", "Cycle, months"), "integer"),
        _of_rule("legal_basis", both("Văn bản căn cứ", "Legal basis"), "text"),
    ),
)
