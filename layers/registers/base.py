"""What every row of every register carries: origin, version, publication, keeper and place."""

from django.contrib.gis.db import models
from django.db.models import Q
from django.db.models.functions import Now

from geodata.language import both
from geodata.models import AdministrativeUnit
from layers.codes import Code, FixedCodes

PUBLIC = "approved_public"
# A source of positions that begins so has to be named wherever they are shown.
CREDITED = "©"

PUBLISH_STATES = FixedCodes(
    "publish_state",
    (
        Code("draft", both("Bản thảo", "Draft")),
        Code("internal", both("Nội bộ", "Internal")),
        Code(PUBLIC, both("Đã duyệt công khai", "Approved for the public")),
        Code("withdrawn", both("Đã rút", "Withdrawn")),
    ),
)

GEOM_ACCURACIES = FixedCodes(
    "geom_accuracy",
    (
        Code("surveyed", both("đo thực địa", "surveyed")),
        Code("geocoded_address", both("theo địa chỉ", "from the address")),
        Code("commune_centroid", both("vị trí theo xã", "known to the commune only")),
        Code("unknown", both("không rõ", "unknown")),
    ),
)


def code_field(length: int = 32, **options: object) -> models.CharField:
    """A column of codes. Its values are held by a check constraint, its labels by the code list beside it."""
    return models.CharField(max_length=length, **options)


def unit_key(**options: object) -> models.ForeignKey:
    """A reference to an administrative unit by its permanent key (never by code: codes are reused)."""
    return models.ForeignKey(AdministrativeUnit, models.PROTECT, related_name="+", **options)


class Record(models.Model):
    """A row of a register: always the approved version. Proposed changes wait elsewhere, as change sets.

    `source_system` and `source_id` name the row where it comes from and make exchange repeatable;
    `publish_state` alone says whether the public sees it; ids are allotted per node and never reused.
    """

    id = models.BigAutoField(primary_key=True)
    source_system = models.CharField(max_length=32)
    source_id = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1, db_default=1)
    updated_at = models.DateTimeField(db_default=Now())
    publish_state = code_field(16, default="draft", db_default="draft")
    published_at = models.DateTimeField(null=True, blank=True)
    keeper = models.ForeignKey("layers.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    province = unit_key(null=True, blank=True)
    commune = unit_key(null=True, blank=True)

    class Meta:
        abstract = True

    # Columns of the public view. The rest of the row does not exist for anonymous requests.
    OPEN_COLUMNS: tuple[str, ...] = ()


class PlacedRecord(Record):
    """A record with a position (EPSG:4326) and how well that is known. The public sees none without one."""

    geom = models.PointField(srid=4326, null=True, blank=True, spatial_index=True)
    geom_accuracy = code_field(20, default="unknown", db_default="unknown")

    class Meta:
        abstract = True


class NamedPlace(PlacedRecord):
    """A place that people look up by its name and go to by its address.

    `legacy_address` is the wording before July 2025, as printed on old papers.
    """

    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True, default="", db_default="")
    address = models.CharField(max_length=400, blank=True, default="", db_default="")
    legacy_address = models.CharField(max_length=400, blank=True, default="", db_default="")
    geom_source = models.CharField(max_length=100, blank=True, default="", db_default="")
    search_key = models.TextField(blank=True, default="", db_default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


OPEN_RECORD = ("id", "version", "updated_at", "publish_state", "published_at", "province_id", "commune_id")
OPEN_PLACED_RECORD = (*OPEN_RECORD, "geom", "geom_accuracy")
OPEN_NAMED_PLACE = (
    *OPEN_PLACED_RECORD,
    *("name", "name_en", "address", "legacy_address", "geom_source", "search_key"),
)


def credits_index(name: str) -> models.Index:
    """Finds the sources to be named among any number of rows, at once."""
    return models.Index(fields=["geom_source"], condition=Q(geom_source__startswith=CREDITED), name=name)


def record_constraints() -> list[models.BaseConstraint]:
    """The invariants of every register; Django fills in the class's name."""
    return [
        models.UniqueConstraint(fields=["source_system", "source_id"], name="%(class)s_source"),
        models.CheckConstraint(condition=PUBLISH_STATES.check("publish_state"), name="%(class)s_publish_state"),
        models.CheckConstraint(
            condition=~Q(publish_state=PUBLIC) | Q(published_at__isnull=False), name="%(class)s_published_at"
        ),
    ]


def placed_constraints(name: str) -> list[models.BaseConstraint]:
    """The invariants of a record with a position; `name` begins the names of its own."""
    return [
        *record_constraints(),
        models.CheckConstraint(condition=GEOM_ACCURACIES.check("geom_accuracy"), name=f"{name}_accuracy"),
        models.CheckConstraint(
            condition=~Q(publish_state=PUBLIC) | Q(geom__isnull=False, commune__isnull=False, province__isnull=False),
            name=f"{name}_public_has_point",
        ),
    ]


def dates_in_order(first: str, last: str, name: str) -> models.CheckConstraint:
    """`first` is not after `last` where both are known (domain, section 9, rule 1)."""
    return models.CheckConstraint(
        condition=Q(**{f"{first}__isnull": True})
        | Q(**{f"{last}__isnull": True})
        | Q(**{f"{last}__gte": models.F(first)}),
        name=name,
    )
