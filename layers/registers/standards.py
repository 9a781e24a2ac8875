"""Standards, technical regulations and metrological documents as records, with their editions."""

from django.db import models

from geodata.language import both
from layers.codes import Code, FixedCodes
from layers.registers.base import code_field

STANDARD_KINDS = FixedCodes(
    "standard_kind",
    (
        Code("international", both("Tiêu chuẩn quốc tế", "International standard")),
        Code("national", both("Tiêu chuẩn quốc gia (TCVN)", "National standard (TCVN)")),
        Code("regulation", both("Quy chuẩn kỹ thuật (QCVN)", "Technical regulation (QCVN)")),
        Code("metrology_document", both("Văn bản kỹ thuật đo lường (ĐLVN)", "Metrological document of Viet Nam")),
    ),
)

EDITION_STATUSES = FixedCodes(
    "edition_status",
    (
        Code("current", both("Hiện hành", "Current")),
        Code("replaced", both("Đã thay thế", "Replaced")),
        Code("withdrawn", both("Đã hủy bỏ", "Withdrawn")),
    ),
)


class Standard(models.Model):
    """A document by its slug (`iso_iec_17025`), the edition apart."""

    code = models.SlugField(max_length=60, unique=True)
    kind = code_field(24)
    number = models.CharField(max_length=60)
    title_vi = models.CharField(max_length=400)
    title_en = models.CharField(max_length=400, blank=True, default="")

    OPEN_COLUMNS = ("id", "code", "kind", "number", "title_vi", "title_en")

    class Meta:
        verbose_name = both("tiêu chuẩn, quy chuẩn", "standard")
        verbose_name_plural = both("tiêu chuẩn, quy chuẩn", "standards")
        constraints = [models.CheckConstraint(condition=STANDARD_KINDS.check("kind"), name="standard_kind")]

    def __str__(self) -> str:
        return self.number


class StandardEdition(models.Model):
    """One edition of a standard, and what replaced it."""

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="editions")
    edition = models.CharField(max_length=12)
    status = code_field(12, default="current")
    published_on = models.DateField(null=True, blank=True)
    replaced_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replaces")

    OPEN_COLUMNS = ("id", "standard_id", "edition", "status", "published_on", "replaced_by_id")

    class Meta:
        verbose_name = both("ấn bản", "edition")
        verbose_name_plural = both("ấn bản", "editions")
        constraints = [
            models.UniqueConstraint(fields=["standard", "edition"], name="edition_once"),
            models.CheckConstraint(condition=EDITION_STATUSES.check("status"), name="edition_status"),
        ]
