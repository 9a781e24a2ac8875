"""Which registers of evidence there are, what their numbers look like, and how far each has been delivered.

A number that is not in the map says nothing by itself: it depends on who delivers that register, up to which day, and
whether what was delivered is declared complete. Numbers that others keep are told by their pattern alone.
"""

import re

from django.db import models
from django.db.models import Q

from geodata.language import both
from layers.codes import Code, FixedCodes
from layers.registers.base import code_field
from layers.registers.organisations import Organisation
from layers.registers.qualifications import Authority

EVIDENCE_KINDS = FixedCodes(
    "evidence",
    (
        Code("accreditation", both("Chứng chỉ công nhận", "Accreditation")),
        Code("designation", both("Quyết định chỉ định", "Designation")),
        Code("registration", both("Đăng ký hoạt động", "Registration")),
        Code("type_approval", both("Phê duyệt mẫu phương tiện đo", "Type approval")),
        Code("verification_certificate", both("Giấy chứng nhận kiểm định", "Verification certificate")),
        Code("verification_sticker", both("Tem kiểm định", "Verification sticker")),
        Code("device", both("Phương tiện đo", "Measuring device")),
        Code("calibration_certificate", both("Giấy chứng nhận hiệu chuẩn", "Calibration certificate")),
        Code("test_report", both("Phiếu kết quả thử nghiệm", "Test report")),
        Code("other", both("Số khác", "Another number")),
    ),
)

# How sure a statement of the reference is: read in its source, general knowledge, our reading, invented for the demo.
CERTAINTIES = FixedCodes(
    "certainty",
    (
        Code("verified", both("Đã đối chiếu nguồn", "Checked in its source")),
        Code("general", both("Kiến thức chung, cần kiểm tra", "General knowledge, to be checked")),
        Code("interpretation", both("Cách hiểu của bản đồ", "The map’s own reading")),
        Code("demo", both("Minh họa", "Demo")),
    ),
)

REFERENCE = "reference"


class EvidenceRegister(models.Model):
    """A register of one kind of evidence: who keeps it, whether the map holds it, else where to ask.

    `any_number`: its numbers have no format of their own, so any number may be one of them. `ask` is a web address or
    "" where none is known for certain; `certainty` and `source` tell how sure all of this is.
    """

    code = models.SlugField(max_length=48, unique=True)
    kind = code_field(32)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    keeper_vi = models.CharField(max_length=200)
    keeper_en = models.CharField(max_length=200)
    kept_here = models.BooleanField()
    any_number = models.BooleanField(default=False, db_default=False)
    ask = models.CharField(max_length=200, blank=True, default="", db_default="")
    certainty = code_field(16)
    source = models.CharField(max_length=200)

    OPEN_COLUMNS = (
        *("id", "code", "kind", "name_vi", "name_en", "keeper_vi", "keeper_en", "kept_here", "any_number"),
        *("ask", "certainty", "source"),
    )

    class Meta:
        verbose_name = both("sổ bằng chứng", "register of evidence")
        verbose_name_plural = both("sổ bằng chứng", "registers of evidence")
        constraints = [
            models.CheckConstraint(condition=EVIDENCE_KINDS.check("kind"), name="evidence_register_kind"),
            models.CheckConstraint(condition=CERTAINTIES.check("certainty"), name="evidence_register_certainty"),
            # Any number at all would be answered as another's, before the map is looked into.
            models.CheckConstraint(
                condition=Q(kept_here=True) | Q(any_number=False), name="numbers_kept_elsewhere_have_a_format"
            ),
        ]

    def __str__(self) -> str:
        return self.name_vi


class NumberPattern(models.Model):
    """A format of a register's numbers: a soft one, that says what a number may be and never what it is.

    `pattern` is a regular expression over the whole `number_key` (small letters and digits). `prefix` is what people
    leave out when they type such a number ("VILAS"), `example` one as it is printed.
    """

    register = models.ForeignKey(EvidenceRegister, models.CASCADE, related_name="patterns")
    pattern = models.CharField(max_length=120)
    prefix = models.CharField(max_length=24, blank=True, default="", db_default="")
    example = models.CharField(max_length=60)
    certainty = code_field(16)
    source = models.CharField(max_length=200)
    source_system = models.CharField(max_length=32, default=REFERENCE, db_default=REFERENCE)

    OPEN_COLUMNS = ("id", "register_id", "pattern", "prefix", "example", "certainty", "source", "source_system")

    class Meta:
        verbose_name = both("mẫu số hiệu", "pattern of numbers")
        verbose_name_plural = both("mẫu số hiệu", "patterns of numbers")
        constraints = [
            models.UniqueConstraint(fields=["register", "pattern"], name="pattern_once"),
            models.CheckConstraint(condition=CERTAINTIES.check("certainty"), name="pattern_certainty"),
        ]

    def fits(self, key: str) -> bool:
        """Whether the number with this key has the format."""
        return re.fullmatch(self.pattern, key) is not None


class Delivery(models.Model):
    """Up to which day an issuer has delivered its part of a register, and whether that part is declared complete.

    The issuer is an authority (accreditations, designations …) or a body (certificates, stickers, reports).
    """

    register = models.ForeignKey(EvidenceRegister, models.CASCADE, related_name="deliveries")
    authority = models.ForeignKey(Authority, models.CASCADE, null=True, blank=True, related_name="+")
    body = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="+")
    delivered_up_to = models.DateField()
    complete = models.BooleanField(default=False, db_default=False)
    source_system = models.CharField(max_length=32)

    OPEN_COLUMNS = ("id", "register_id", "authority_id", "body_id", "delivered_up_to", "complete", "source_system")

    class Meta:
        verbose_name = both("lần gửi dữ liệu", "delivery")
        verbose_name_plural = both("lần gửi dữ liệu", "deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["register", "authority", "body"], name="delivery_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(authority__isnull=True) | Q(body__isnull=True), name="delivery_of_one_issuer"
            ),
        ]
