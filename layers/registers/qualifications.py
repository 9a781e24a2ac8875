"""Registration, designation and accreditation: three kinds of legal fact, and their scope lines (domain, 1.1–1.3).

Status is never stored. It belongs to the scope line, for suspension and withdrawal may be partial; the
header's status is derived (see `layers.registers.qualification_status`).
"""

from datetime import timedelta

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q

from geodata.language import both
from layers.codes import Code, FixedCodes
from layers.registers.base import OPEN_RECORD, Record, code_field, dates_in_order, record_constraints
from layers.registers.devices import DeviceType
from layers.registers.number_key import NumberKey, key_index
from layers.registers.organisations import Organisation, PlaceOfActivity
from layers.registers.standards import Standard

QUALIFICATION_KINDS = FixedCodes(
    "qualification",
    (
        Code("registration", both("Đăng ký hoạt động", "Registration")),
        Code("designation", both("Chỉ định", "Designation")),
        Code("accreditation", both("Công nhận", "Accreditation")),
    ),
)

ACTIVITIES = FixedCodes(
    "activity",
    (
        Code("testing", both("Thử nghiệm", "Testing")),
        Code("calibration", both("Hiệu chuẩn", "Calibration")),
        Code("device_verification", both("Kiểm định phương tiện đo", "Verification of measuring devices")),
        Code("device_testing", both("Thử nghiệm phương tiện đo", "Testing of measuring devices")),
        Code("medical_examination", both("Xét nghiệm y tế", "Medical examination")),
        Code("proficiency_testing", both("Thử nghiệm thành thạo", "Proficiency testing")),
        Code("reference_material", both("Sản xuất mẫu chuẩn", "Reference material production")),
        Code("inspection", both("Giám định", "Inspection")),
        Code("goods_verification", both("Kiểm định sản phẩm, hàng hóa", "Verification of goods")),
        Code("product_certification", both("Chứng nhận sản phẩm", "Product certification")),
        Code("system_certification", both("Chứng nhận hệ thống quản lý", "Management system certification")),
        Code("person_certification", both("Chứng nhận con người", "Certification of persons")),
        Code(
            "validation_verification",
            both("Kiểm tra xác nhận và xác nhận giá trị sử dụng", "Validation and verification"),
        ),
        Code("accreditation", both("Công nhận", "Accreditation")),
    ),
)

FIVE_YEARS = timedelta(days=1827)  # the longest that five years can last, two leap days included

LABORATORY_ACTIVITIES = ACTIVITIES.codes()[:7]
CERTIFICATION_ACTIVITIES = ACTIVITIES.codes()[7:]


class Authority(models.Model):
    """Who registers, designates or accredits: a ministry, a province's committee, an accreditation body."""

    code = models.SlugField(max_length=32, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    level = models.CharField(max_length=24)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    legal_basis = models.CharField(max_length=200, blank=True, default="")

    OPEN_COLUMNS = ("id", "code", "name_vi", "name_en", "level", "valid_from", "valid_to", "legal_basis")

    class Meta:
        verbose_name = both("cơ quan cấp", "authority")
        verbose_name_plural = both("cơ quan cấp", "authorities")


class Scheme(models.Model):
    """An accreditation scheme (VILAS, VIAS …) and the body that runs it."""

    code = models.CharField(max_length=32, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="schemes")

    OPEN_COLUMNS = ("id", "code", "name_vi", "name_en", "authority_id")

    class Meta:
        verbose_name = both("chương trình công nhận", "accreditation scheme")
        verbose_name_plural = both("chương trình công nhận", "accreditation schemes")


class AccreditationField(models.Model):
    """A field of competence within a scheme (table `accreditation_fields.csv`)."""

    code = models.SlugField(max_length=48, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    activity = code_field(32)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    source = models.CharField(max_length=200, blank=True, default="")
    verified = models.CharField(max_length=12, blank=True, default="")

    OPEN_COLUMNS = ("id", "code", "name_vi", "name_en", "activity", "parent_id", "source", "verified")

    class Meta:
        verbose_name = both("lĩnh vực công nhận", "accreditation field")
        verbose_name_plural = both("lĩnh vực công nhận", "accreditation fields")


class Qualification(Record):
    """One registration, designation or accreditation of one organisation. Numbers are free text.

    `edition` is the standard's edition that was assessed ("2017"). `blocked_until` keeps the six months
    after a withdrawal. A designation lives five years at most, and has an end.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="qualifications")
    kind = code_field(16)
    number = models.CharField(max_length=60)
    issued_on = models.DateField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    scheme = models.ForeignKey(Scheme, models.PROTECT, null=True, blank=True, related_name="+")
    standard = models.ForeignKey(Standard, models.PROTECT, null=True, blank=True, related_name="+")
    edition = models.CharField(max_length=12, blank=True, default="", db_default="")
    ilac_mra = models.BooleanField(default=False, db_default=False)
    blocked_until = models.DateField(null=True, blank=True)
    legal_basis = models.CharField(max_length=200, blank=True, default="", db_default="")

    OPEN_COLUMNS = (
        *OPEN_RECORD,
        *("organisation_id", "kind", "number", "issued_on", "valid_from", "valid_until", "authority_id"),
        *("scheme_id", "standard_id", "edition", "ilac_mra", "legal_basis"),
    )

    class Meta:
        verbose_name = both("căn cứ pháp lý", "qualification")
        verbose_name_plural = both("căn cứ pháp lý", "qualifications")
        constraints = [
            *record_constraints(),
            models.CheckConstraint(condition=QUALIFICATION_KINDS.check("kind"), name="qualification_kind"),
            dates_in_order("valid_from", "valid_until", "qualification_dates"),
            models.CheckConstraint(
                condition=~Q(kind="accreditation") | Q(scheme__isnull=False, standard__isnull=False),
                name="accreditation_names_scheme_and_standard",
            ),
            models.CheckConstraint(
                condition=Q(kind="accreditation") | Q(scheme__isnull=True, ilac_mra=False),
                name="only_accreditations_have_schemes",
            ),
            models.CheckConstraint(
                condition=~Q(kind="designation")
                | Q(valid_until__isnull=False, valid_until__lte=F("issued_on") + FIVE_YEARS),
                name="designation_five_years",
            ),
        ]
        indexes = [
            models.Index(fields=["number"], name="qualification_number"),
            GinIndex(OpClass(NumberKey("number"), "gin_trgm_ops"), name="qualification_number_key"),
            key_index("number", "qualification_exact_key"),
        ]


class SubjectKey(models.Func):
    """A number made of what a scope line says: lines that say the same have the same one."""

    template = "hashtextextended(%(expressions)s, 0)"
    arg_joiner = " || E'\\x1f' || "
    output_field = models.BigIntegerField()


class DeviceTypeText(models.Func):
    """The key of a device type as text, "" for none."""

    template = "coalesce((%(expressions)s)::text, '')"
    output_field = models.TextField()


class ScopeLine(Record):
    """One line of the scope: what exactly one place may do under one qualification.

    Numbers (`range_min` … `cmc`) are in `unit`; `cmc` is the calibration and measurement capability.
    Dates where the line differs from its header: every line carries its own. `pending` lines are never public.
    `subject` is the same for lines that say the same (`layers.competence.subjects`).
    """

    qualification = models.ForeignKey(Qualification, models.CASCADE, related_name="lines")
    place = models.ForeignKey(PlaceOfActivity, models.PROTECT, related_name="lines")
    activity = code_field(32)
    field = models.ForeignKey(AccreditationField, models.PROTECT, null=True, blank=True, related_name="+")
    device_type = models.ForeignKey(DeviceType, models.PROTECT, null=True, blank=True, related_name="+")
    product = models.CharField(max_length=200, blank=True, default="", db_default="")
    test = models.CharField(max_length=200, blank=True, default="", db_default="")
    method = models.CharField(max_length=120, blank=True, default="", db_default="")
    range_text = models.CharField(max_length=120, blank=True, default="", db_default="")
    range_min = models.FloatField(null=True, blank=True)
    range_max = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=24, blank=True, default="", db_default="")
    lod = models.FloatField(null=True, blank=True)
    loq = models.FloatField(null=True, blank=True)
    cmc = models.FloatField(null=True, blank=True)
    cmc_text = models.CharField(max_length=80, blank=True, default="", db_default="")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    suspended_from = models.DateField(null=True, blank=True)
    suspended_until = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    pending = models.BooleanField(default=False, db_default=False)
    subject = models.GeneratedField(
        expression=SubjectKey("activity", "product", "test", "method", DeviceTypeText("device_type")),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    OPEN_COLUMNS = (
        *OPEN_RECORD,
        *(
            "qualification_id",
            "place_id",
            "activity",
            "field_id",
            "device_type_id",
            "product",
            "test",
            "method",
        ),
        *(
            "range_text",
            "range_min",
            "range_max",
            "unit",
            "lod",
            "loq",
            "cmc",
            "cmc_text",
            "valid_from",
            "valid_until",
        ),
        *("suspended_from", "suspended_until", "withdrawn_on", "pending", "subject"),
    )

    class Meta:
        verbose_name = both("dòng phạm vi", "scope line")
        verbose_name_plural = both("dòng phạm vi", "scope lines")
        constraints = [
            *record_constraints(),
            models.CheckConstraint(condition=ACTIVITIES.check("activity"), name="line_activity"),
            dates_in_order("valid_from", "valid_until", "line_dates"),
            dates_in_order("suspended_from", "suspended_until", "line_suspension"),
            models.CheckConstraint(
                condition=~Q(pending=True) | ~Q(publish_state="approved_public"),
                name="pending_is_never_public",
            ),
            models.CheckConstraint(
                condition=Q(range_min__isnull=True) | Q(range_max__isnull=True) | Q(range_max__gte=F("range_min")),
                name="line_range",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "activity"], name="line_place_activity"),
            models.Index(fields=["subject"], name="line_subject"),
        ]
