"""Calibration certificates and test reports: what a body issued. No law gives them a validity (domain, section 2.3)."""

from django.db import models

from geodata.language import both
from layers.codes import Code, FixedCodes
from layers.registers.base import Record, code_field, record_constraints
from layers.registers.number_key import key_index
from layers.registers.organisations import Organisation
from layers.registers.qualifications import ScopeLine

REPORT_KINDS = FixedCodes(
    "report_kind",
    (
        Code("calibration_certificate", both("Giấy chứng nhận hiệu chuẩn", "Calibration certificate")),
        Code("test_report", both("Phiếu kết quả thử nghiệm", "Test report")),
    ),
)


class Report(Record):
    """One certificate or report, without its content: who issued it, when, and under which line of its scope.

    `line` is empty where the body names none: then nothing is said about its scope.
    """

    kind = code_field(24)
    number = models.CharField(max_length=60)
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    issued_on = models.DateField()
    line = models.ForeignKey(ScopeLine, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = both("giấy hiệu chuẩn, phiếu kết quả", "calibration certificate or test report")
        verbose_name_plural = both("giấy hiệu chuẩn, phiếu kết quả", "calibration certificates and test reports")
        constraints = [
            *record_constraints(),
            models.CheckConstraint(condition=REPORT_KINDS.check("kind"), name="report_kind"),
        ]
        indexes = [key_index("number", "report_number_key")]
