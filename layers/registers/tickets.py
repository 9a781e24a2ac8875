"""Reports (phản ánh) of visitors, their photos, and votes: private tables that no public view shows.

A report is neither a complaint nor a denunciation (domain, section 10). Its number is the only key that its sender
holds. Writing happens in `telling`, `handling` and `voting`, reading for the public in `ticket_status` and
`satisfaction`: each answers less than the row holds.
"""

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from geodata.language import both
from layers.codes import Code, FixedCodes
from layers.registers.base import code_field, unit_key
from layers.registers.ticket_number import FORM

TICKET_KINDS = FixedCodes(
    "ticket_kind",
    (
        Code("wrong_record", both("Thông tin trên bản đồ chưa đúng", "Something on the map is wrong")),
        Code("wrong_position", both("Vị trí trên bản đồ chưa đúng", "A position on the map is wrong")),
        Code("suspicious_device", both("Phương tiện đo cần được xem lại", "A measuring device should be looked at")),
        Code(
            "suspicious_number",
            both("Tem, giấy chứng nhận cần được xem lại", "A sticker or certificate should be looked at"),
        ),
        Code("other", both("Việc khác", "Something else")),
    ),
)

TICKET_TOPICS = FixedCodes(
    "ticket_topic",
    (
        Code("fuel", both("Xăng dầu, khí hóa lỏng", "Fuel, LPG")),
        Code("scales", both("Cân ở chợ, cửa hàng, siêu thị", "Scales at markets and shops")),
        Code("gold", both("Vàng, đá quý", "Gold, jewellery")),
        Code("meters", both("Công tơ điện, đồng hồ nước, khí", "Electricity, water and gas meters")),
        Code("transport", both("Taximet, cân ô tô, tốc độ", "Taximeters, weighbridges, speed")),
        Code("health", both("Y tế", "Health")),
        Code("prepackaged", both("Hàng đóng gói sẵn", "Prepackaged goods")),
        Code("bodies", both("Nơi thử nghiệm, kiểm định, chứng nhận", "Laboratories, verification, certification")),
        Code("other", both("Lĩnh vực khác", "Other")),
    ),
)

TICKET_STATES = FixedCodes(
    "ticket_state",
    (
        Code("received", both("Đã tiếp nhận", "Received"), "unknown", "○"),
        Code("in_progress", both("Đang xử lý", "Being handled"), "due_soon", "◔"),
        Code("handled", both("Đã xử lý", "Handled"), "valid", "✓"),
        Code("rejected", both("Không thuộc phạm vi xử lý", "Not taken up"), "expired", "–"),
    ),
)
CLOSED = ("handled", "rejected")
SCORES = range(1, 6)
SATISFIED_FROM = 4
DEMO_KEY = "demo:"
"""What `sent_key` of invented reports begins with; no form's key has a colon."""


class Ticket(models.Model):
    """One report. `position` is what its sender gave (EPSG:4326); commune and province follow from it or the record.

    `sent_key` is the key of the form that was sent, `sent_digest` what was sent with it: the same form sent again is
    the same report. From `forgotten_on` on nothing is left by which a person could be known.
    """

    number = models.CharField(both("Số", "Number"), max_length=20, unique=True)
    kind = code_field(20, verbose_name=both("Về việc", "About"))
    topic = code_field(16, verbose_name=both("Lĩnh vực", "Field"))
    text = models.TextField(both("Nội dung", "Text"), blank=True)
    layer = models.CharField(max_length=40, blank=True, default="", db_default="")
    record = models.BigIntegerField(null=True, blank=True)
    asked_number = models.CharField(
        both("Số được nêu", "Number named"), max_length=80, blank=True, default="", db_default=""
    )
    position = models.PointField(both("Vị trí", "Position"), srid=4326, null=True, blank=True, spatial_index=False)
    commune = unit_key(verbose_name=both("Xã, phường, đặc khu", "Commune"), null=True, blank=True)
    province = unit_key(verbose_name=both("Tỉnh, thành phố", "Province"))
    contact = models.CharField(both("Liên hệ", "Contact"), max_length=200, blank=True, default="", db_default="")
    state = code_field(16, verbose_name=both("Tình trạng", "State"), default="received", db_default="received")
    answer = models.TextField(both("Trả lời", "Answer"), blank=True, default="", db_default="")
    received_at = models.DateTimeField(both("Tiếp nhận", "Received"), db_default=Now())
    started_at = models.DateTimeField(both("Bắt đầu xử lý", "Handling began"), null=True, blank=True)
    closed_at = models.DateTimeField(both("Xử lý xong", "Closed"), null=True, blank=True)
    forgotten_on = models.DateField(both("Xóa dữ liệu cá nhân", "Personal data deleted"), null=True, blank=True)
    sent_key = models.CharField(max_length=64, unique=True)
    sent_digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = both("phản ánh", "report")
        verbose_name_plural = both("phản ánh", "reports")
        constraints = [
            models.CheckConstraint(condition=Q(number__regex=FORM), name="ticket_number"),
            models.CheckConstraint(condition=TICKET_KINDS.check("kind"), name="ticket_kind"),
            models.CheckConstraint(condition=TICKET_TOPICS.check("topic"), name="ticket_topic"),
            models.CheckConstraint(condition=TICKET_STATES.check("state"), name="ticket_state"),
            models.CheckConstraint(
                condition=Q(layer="", record__isnull=True) | (~Q(layer="") & Q(record__isnull=False)),
                name="ticket_names_a_whole_record",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CLOSED, closed_at__isnull=False)
                | (~Q(state__in=CLOSED) & Q(closed_at__isnull=True)),
                name="ticket_closed_at",
            ),
            models.CheckConstraint(condition=~Q(state__in=CLOSED) | ~Q(answer=""), name="closed_ticket_has_an_answer"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("received_at")), name="ticket_dates"
            ),
            models.CheckConstraint(
                condition=Q(forgotten_on__isnull=True, text__regex=r"\S")
                | Q(forgotten_on__isnull=False, text="", contact="", asked_number="", position__isnull=True),
                name="ticket_has_text_until_forgotten",
            ),
        ]
        indexes = [
            models.Index(fields=["province", "state", "received_at"], name="ticket_queue"),
            models.Index(fields=["closed_at"], condition=Q(closed_at__isnull=False), name="ticket_closed"),
        ]

    def __str__(self) -> str:
        return self.number


class Photo(models.Model):
    """One photo of a report, as it was written anew; `name` is its file under the folder of uploads."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="photos")
    name = models.CharField(max_length=40, unique=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="bytes")

    class Meta:
        verbose_name = both("ảnh", "photo")
        verbose_name_plural = both("ảnh", "photos")
        constraints = [
            models.CheckConstraint(condition=Q(name__regex=r"^[0-9a-f]{32}\.jpg$"), name="photo_name"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0, size__gt=0), name="photo_size"),
        ]

    def __str__(self) -> str:
        return self.name


class Vote(models.Model):
    """One vote: of 1 to 5 about a handled report, once; or whether a record's page was useful.

    The two are never counted together. `province` is the report's or the record's.
    """

    ticket = models.OneToOneField(Ticket, models.CASCADE, null=True, blank=True, related_name="vote")
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = models.TextField(blank=True, default="", db_default="")
    layer = models.CharField(max_length=40, blank=True, default="", db_default="")
    record = models.BigIntegerField(null=True, blank=True)
    useful = models.BooleanField(null=True, blank=True)
    province = unit_key(null=True, blank=True)
    voted_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = both("phiếu", "vote")
        verbose_name_plural = both("phiếu", "votes")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    ticket__isnull=False,
                    score__isnull=False,
                    score__gte=min(SCORES),
                    score__lte=max(SCORES),
                    province__isnull=False,
                    layer="",
                    record__isnull=True,
                    useful__isnull=True,
                )
                | Q(
                    ~Q(layer=""),
                    ticket__isnull=True,
                    score__isnull=True,
                    comment="",
                    record__isnull=False,
                    useful__isnull=False,
                ),
                name="vote_about_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["voted_at"], condition=Q(useful__isnull=False), name="vote_useful"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id or self.layer}: {self.score or self.useful}"


class Attempt(models.Model):
    """How often one network address did one thing on one day. The address is hashed under that day's key only."""

    day = models.DateField()
    action = models.CharField(max_length=80)
    caller = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "action", "caller"], name="attempt_once")]
