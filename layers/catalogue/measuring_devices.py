"""Measuring devices that stand at places of trade, health or enforcement. Owner and serial number are not public."""

from django.db.models import Q

from geodata.language import both
from layers.catalogue.shared_fields import DEVICE_TYPES, unit_fields
from layers.layer import Field, Layer, Pyramid, Style, Table, column
from layers.registers.base import PUBLIC
from layers.registers.device_status import DEVICE_STATUSES, device_status, replay_verifications, turning_status
from layers.registers.devices import DEVICE_GROUPS, MeasuringDevice
from layers.registers.sites import CHECK_RESULTS, SITE_KINDS, InspectionSite
from layers.registers.verifications import CONTROL_TYPES, VERIFICATION_RESULTS, Verification

LAYER = Layer(
    name="measuring_devices",
    title=both("Phương tiện đo", "Measuring devices"),
    noun=both("phương tiện đo", "measuring devices"),
    description=both(
        "Phương tiện đo đã đăng ký; màu theo tình trạng kiểm định.",
        "Registered measuring devices, coloured by the state of their verification.",
    ),
    model=MeasuringDevice,
    public=Q(publish_state=PUBLIC),
    rows=lambda day: Q(put_into_use_on__isnull=True) | Q(put_into_use_on__lte=day),
    search=("site__search_key",),
    search_title=both("Tìm theo tên, địa chỉ nơi đặt", "Search by name or address of the site"),
    replay=replay_verifications,
    pyramid=Pyramid(turning=lambda day: Q(put_into_use_on=day) | turning_status(day)),
    walks=("commune", "device_type", "province"),
    fields=(
        Field(
            "status",
            both("Tình trạng kiểm định", "State of verification"),
            kind="code",
            codes=DEVICE_STATUSES,
            source=lambda moment: device_status(moment.day, replayed=moment.replayed),
            filter="code",
            tile=True,
        ),
        Field(
            "device_type",
            both("Loại phương tiện đo", "Type of device"),
            kind="code",
            codes=DEVICE_TYPES,
            source="device_type__code",
            key="device_type_id",
            filter="code",
            tile=True,
        ),
        Field("device_group", both("Nhóm", "Group"), kind="code", codes=DEVICE_GROUPS, filter="code", listed=False),
        Field(
            "valid_until",
            both("Hiệu lực đến", "Valid until"),
            kind="date",
            source=column("valid_until"),
            filter="dates",
            tile=True,
            sort=True,
        ),
        Field(
            "verified_on",
            both("Kiểm định ngày", "Verified on"),
            kind="date",
            source=column("verified_on"),
        ),
        Field("site", both("Nơi đặt", "Where it stands"), source="site__name"),
        Field("address", both("Địa chỉ", "Address"), source="site__address"),
        Field("manufacturer", both("Hãng sản xuất", "Manufacturer"), listed=False),
        Field("model", both("Kiểu", "Model"), listed=False),
        Field("manufacture_year", both("Năm sản xuất", "Year made"), listed=False),
        Field("range_text", both("Phạm vi đo", "Range"), listed=False),
        Field("accuracy_class", both("Cấp chính xác", "Accuracy class"), listed=False),
        Field("serial_no", both("Số sản xuất", "Serial number"), listed=False, roles=("inspector",)),
        Field(
            "owner",
            both("Chủ sở hữu", "Owner"),
            source="owner__name_vi",
            listed=False,
            roles=("inspector",),
        ),
        *unit_fields(),
    ),
    style=Style("circle", "status", classes="status"),
    related=("site", "verifications"),
    heading="device_type",
    withheld=both(
        "Chủ sở hữu và số sản xuất của phương tiện đo không công khai.",
        "The owner and the serial number of a device are not public.",
    ),
    tables=(
        Table(
            title=both("Nơi đặt", "Where it stands"),
            model=InspectionSite,
            parent="devices",
            public=Q(publish_state=PUBLIC),
            order=("pk",),
            layer="inspection_sites",
            columns=(
                Field("name", both("Tên", "Name")),
                Field("site_kind", both("Loại cơ sở", "Kind of site"), "code", codes=SITE_KINDS),
                Field("last_result", both("Kết luận gần nhất", "Last conclusion"), "code", codes=CHECK_RESULTS),
                Field("last_checked", both("Kiểm tra gần nhất", "Last checked"), "date"),
            ),
        ),
        Table(
            title=both("Các lần kiểm định", "Verifications"),
            model=Verification,
            parent="device",
            public=Q(publish_state=PUBLIC),
            rows=lambda day: Q(verified_on__lte=day),
            order=("-verified_on", "-pk"),
            columns=(
                Field("verified_on", both("Ngày", "Day"), "date"),
                Field("control_type", both("Hình thức", "Kind"), "code", codes=CONTROL_TYPES),
                Field("body", both("Tổ chức kiểm định", "Body"), source="body__name_vi"),
                Field("procedure_code", both("Quy trình", "Procedure")),
                Field("result", both("Kết quả", "Result"), "code", codes=VERIFICATION_RESULTS),
                Field("valid_until", both("Hiệu lực đến", "Valid until"), "date"),
            ),
        ),
    ),
)
