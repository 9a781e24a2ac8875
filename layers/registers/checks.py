"""Checks of sites as far as the map needs them: when, by whom, with which result, published or not (domain, 3).

Teams, samples, suspensions and the steps between come with field visits; the states are already all here.
"""

from django.db import models
from django.db.models import Q

from geodata.language import both
from layers.codes import Code, FixedCodes
from layers.registers.base import OPEN_RECORD, PUBLIC, Record, code_field, dates_in_order, record_constraints
from layers.registers.sites import CHECK_RESULTS, InspectionSite

ACTIVITY_KINDS = FixedCodes(
    "activity_kind",
    (
        Code("metrology_check", both("Kiểm tra nhà nước về đo lường", "State metrological check")),
        Code("quality_check", both("Kiểm tra chất lượng sản phẩm, hàng hóa", "Product-quality check")),
        Code("specialised_check", both("Kiểm tra chuyên ngành", "Specialised check")),
        Code("inspectorate", both("Thanh tra", "Inspectorate inspection")),
        Code("quality_survey", both("Khảo sát chất lượng", "Quality survey")),
        Code("special_check", both("Kiểm tra đặc thù", "Special-method check")),
    ),
)

CHECK_STATES = (
    *("planned", "approved", "decided", "notified", "in_progress", "recorded", "reported", "concluded"),
    *("follow_up", "closed", "cancelled", "postponed", "transferred"),
)
CONCLUDED = ("concluded", "follow_up", "closed")


class Check(Record):
    """One check of one site. Only a concluded one may be published (domain, section 9, rule 8)."""

    site = models.ForeignKey(InspectionSite, models.CASCADE, related_name="checks")
    activity_kind = code_field(24)
    form = code_field(8)
    state = code_field(16)
    checked_on = models.DateField(null=True, blank=True)
    concluded_on = models.DateField(null=True, blank=True)
    result = code_field(24, blank=True, default="", db_default="")
    summary = models.TextField(blank=True, default="", db_default="")

    OPEN_COLUMNS = (*OPEN_RECORD, "site_id", "activity_kind", "form", "checked_on", "concluded_on", "result")

    class Meta:
        verbose_name = both("cuộc kiểm tra", "check")
        verbose_name_plural = both("cuộc kiểm tra", "checks")
        constraints = [
            *record_constraints(),
            models.CheckConstraint(condition=ACTIVITY_KINDS.check("activity_kind"), name="check_activity_kind"),
            models.CheckConstraint(condition=Q(form__in=["routine", "ad_hoc"]), name="check_form"),
            models.CheckConstraint(condition=Q(state__in=CHECK_STATES), name="check_state"),
            models.CheckConstraint(condition=CHECK_RESULTS.check("result", empty=True), name="check_result"),
            dates_in_order("checked_on", "concluded_on", "check_dates"),
            models.CheckConstraint(
                condition=~Q(publish_state=PUBLIC) | Q(state__in=CONCLUDED, concluded_on__isnull=False),
                name="only_concluded_checks_are_public",
            ),
        ]
        indexes = [models.Index(fields=["site", "checked_on"], name="check_site_day")]
