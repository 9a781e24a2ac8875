"""Inspection sites: places that inspectors check and where devices stand (domain, section 3.2)."""

from django.contrib.gis.db import models
from django.db.models.functions import Collate

from geodata.language import ALPHABET, both
from layers.codes import Code, FixedCodes
from layers.registers.base import OPEN_NAMED_PLACE, NamedPlace, code_field, credits_index, placed_constraints
from layers.registers.organisations import Organisation, trigram_index

SITE_KINDS = FixedCodes(
    "site_kind",
    (
        Code("fuel_station", both("Cửa hàng xăng dầu", "Filling station")),
        Code("fuel_depot", both("Kho xăng dầu", "Fuel depot")),
        Code("lpg_station", both("Trạm nạp LPG", "LPG station")),
        Code("lpg_shop", both("Cửa hàng LPG", "LPG shop")),
        Code("gold_shop", both("Cửa hàng vàng", "Gold shop")),
        Code("market", both("Chợ", "Market")),
        Code("mall", both("Trung tâm thương mại", "Shopping centre")),
        Code("supermarket", both("Siêu thị", "Supermarket")),
        Code("packaged_goods_maker", both("Cơ sở sản xuất hàng đóng gói sẵn", "Maker of prepackaged goods")),
        Code(
            "packaged_goods_importer",
            both("Cơ sở nhập khẩu hàng đóng gói sẵn", "Importer of prepackaged goods"),
        ),
        Code("importer", both("Cơ sở nhập khẩu", "Importer")),
        Code("taxi_company", both("Hãng taxi", "Taxi company")),
        Code("electricity_utility", both("Đơn vị điện lực", "Electricity utility")),
        Code("water_utility", both("Đơn vị cấp nước", "Water utility")),
        Code("gas_utility", both("Đơn vị cấp khí", "Gas utility")),
        Code("hospital", both("Bệnh viện", "Hospital")),
        Code("clinic", both("Phòng khám", "Clinic")),
        Code("pharmacy", both("Nhà thuốc", "Pharmacy")),
        Code("weighbridge_site", both("Điểm cân ô tô", "Weighbridge")),
        Code("toll_weight_station", both("Trạm kiểm tra tải trọng xe", "Vehicle weight control station")),
        Code("environment_station", both("Trạm quan trắc môi trường", "Environmental monitoring station")),
        Code("ev_charging_station", both("Trạm sạc xe điện", "EV charging station")),
        Code("device_maker", both("Cơ sở sản xuất phương tiện đo", "Maker of measuring devices")),
        Code("device_trader", both("Cơ sở kinh doanh phương tiện đo", "Trader of measuring devices")),
        Code("verification_body", both("Tổ chức kiểm định", "Verification body")),
    ),
)

CHECK_RESULTS = FixedCodes(
    "check_result",
    (
        Code("conform", both("Phù hợp", "Conform"), "valid", "✓"),
        Code(
            "nonconform_minor",
            both("Không phù hợp, đã khắc phục tại chỗ", "Non-conform, corrected on site"),
            "due_soon",
            "◔",
        ),
        Code(
            "nonconform_suspended",
            both("Không phù hợp, tạm dừng", "Non-conform, suspended"),
            "suspended",
            "‖",
        ),
        Code(
            "nonconform_violation",
            both("Không phù hợp, xử lý theo kết luận", "Non-conform, handled by its conclusion"),
            "reduced",
            "◑",
        ),
        Code("not_checked", both("Chưa kiểm tra được", "Could not be checked"), "expired", "–"),
        Code("inconclusive", both("Chờ kết quả thử nghiệm", "Waiting for the laboratory"), "unknown", "○"),
    ),
)


class InspectionSite(NamedPlace):
    """A place that inspectors check. One row per place, whoever owns it.

    `last_result` and `last_checked` repeat the newest published conclusion and are public;
    `latest_result` and `latest_checked` the newest recorded check, for those who may see it.
    """

    site_kind = code_field(32)
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    operator = models.CharField(max_length=200, blank=True, default="", db_default="")
    last_result = code_field(24, blank=True, default="", db_default="")
    last_checked = models.DateField(null=True, blank=True)
    latest_result = code_field(24, blank=True, default="", db_default="")
    latest_checked = models.DateField(null=True, blank=True)
    risk_level = code_field(8, blank=True, default="", db_default="")

    OPEN_COLUMNS = (*OPEN_NAMED_PLACE, "site_kind", "operator", "last_result", "last_checked")

    class Meta:
        verbose_name = both("cơ sở được kiểm tra", "inspection site")
        verbose_name_plural = both("cơ sở được kiểm tra", "inspection sites")
        constraints = [
            *placed_constraints("site"),
            models.CheckConstraint(condition=SITE_KINDS.check("site_kind"), name="site_kind"),
            models.CheckConstraint(condition=CHECK_RESULTS.check("last_result", empty=True), name="site_last_result"),
            models.CheckConstraint(
                condition=CHECK_RESULTS.check("latest_result", empty=True), name="site_latest_result"
            ),
        ]
        indexes = [
            trigram_index("site_search"),
            models.Index(fields=["site_kind"], name="site_kind_index"),
            credits_index("site_credits"),
            models.Index(Collate("name", ALPHABET), "id", name="site_by_alphabet"),
            models.Index(fields=["last_checked", "id"], name="site_by_last_checked"),
        ]
