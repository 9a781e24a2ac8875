"""Places that inspectors check. The public sees the newest published conclusion, never a plan or a running check."""

from django.db.models import Q

from geodata.language import both
from layers.catalogue.shared_fields import DEVICE_TYPES, unit_fields
from layers.codes import Code, FixedCodes
from layers.layer import Field, Layer, Style, Table, column
from layers.registers.base import PUBLIC
from layers.registers.checks import ACTIVITY_KINDS, Check
from layers.registers.device_status import DEVICE_STATUSES, device_status, replay_verifications, verifying_body
from layers.registers.devices import MeasuringDevice
from layers.registers.site_results import replay_checks
from layers.registers.sites import CHECK_RESULTS, SITE_KINDS, InspectionSite

RISK_LEVELS = FixedCodes(
    "risk_level",
    (
        Code("high", both("Cao", "High")),
        Code("medium", both("Trung bình", "Medium")),
        Code("low", both("Thấp", "Low")),
    ),
)

LAYER = Layer(
    name="inspection_sites",
    title=both("Cơ sở được kiểm tra", "Inspection sites"),
    noun=both("cơ sở", "sites"),
    description=both(
        "Cửa hàng xăng dầu, chợ, cửa hàng vàng và nơi khác có phương tiện đo hoặc hàng hóa được kiểm tra.",
        "Filling stations, markets, gold shops and other places where devices or goods are checked.",
    ),
    model=InspectionSite,
    public=Q(publish_state=PUBLIC),
    replay=replay_checks,
    fields=(
        Field("name", both("Tên", "Name"), tile=True, sort=True),
        Field(
            "site_kind",
            both("Loại cơ sở", "Kind of site"),
            kind="code",
            codes=SITE_KINDS,
            filter="code",
            tile=True,
        ),
        Field(
            "last_result",
            both("Kết luận gần nhất", "Last conclusion"),
            kind="code",
            codes=CHECK_RESULTS,
            source=column("last_result"),
            filter="code",
            tile=True,
        ),
        Field(
            "last_checked",
            both("Kiểm tra gần nhất", "Last checked"),
            kind="date",
            source=column("last_checked"),
            filter="dates",
            sort=True,
        ),
        Field("name_en", both("Tên tiếng Anh", "English name"), listed=False),
        Field("operator", both("Đơn vị vận hành", "Operator"), listed=False),
        Field("address", both("Địa chỉ", "Address")),
        Field("geom_source", both("Nguồn vị trí", "Source of position"), listed=False),
        Field(
            "risk_level",
            both("Mức rủi ro", "Risk level"),
            kind="code",
            codes=RISK_LEVELS,
            roles=("inspector",),
        ),
        *unit_fields(),
    ),
    related=("checks",),
    style=Style("square", "sites", classes="last_result"),
    around=True,
    withheld=both(
        "Chỉ kết luận đã duyệt được công bố; cuộc kiểm tra đang chờ hoặc đang làm không công khai.",
        "Only approved conclusions are published; planned and running checks are not public.",
    ),
    tables=(
        Table(
            title=both("Phương tiện đo tại đây", "Devices here"),
            model=MeasuringDevice,
            parent="site",
            public=Q(publish_state=PUBLIC),
            order=("device_type_id", "pk"),
            layer="measuring_devices",
            numbered=True,
            replay=replay_verifications,
            columns=(
                Field("device_type", both("Loại", "Type"), "code", source="device_type__code", codes=DEVICE_TYPES),
                Field("model", both("Kiểu", "Model")),
                Field(
                    "status",
                    both("Tình trạng", "Status"),
                    "code",
                    source=lambda moment: device_status(moment.day, replayed=moment.replayed),
                    codes=DEVICE_STATUSES,
                ),
                Field(
                    "verified_by",
                    both("Tổ chức kiểm định", "Verified by"),
                    source=lambda moment: verifying_body(moment.day),
                ),
                Field("verified_on", both("Kiểm định ngày", "Verified on"), "date", source=column("verified_on")),
                Field("valid_until", both("Hiệu lực đến", "Valid until"), "date", source=column("valid_until")),
            ),
        ),
        Table(
            title=both("Kết luận kiểm tra đã công bố", "Published conclusions"),
            model=Check,
            parent="site",
            public=Q(publish_state=PUBLIC),
            rows=lambda day: Q(checked_on__lte=day),
            order=("-checked_on", "-pk"),
            columns=(
                Field("checked_on", both("Ngày", "Day"), "date"),
                Field("activity_kind", both("Loại kiểm tra", "Kind of check"), "code", codes=ACTIVITY_KINDS),
                Field("result", both("Kết luận", "Conclusion"), "code", codes=CHECK_RESULTS),
            ),
        ),
    ),
)
