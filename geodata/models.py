"""Administrative units with their history, and the base map. Geometry is EPSG:4326 (longitude, latitude)."""

from datetime import date

from django.contrib.gis.db import models
from django.contrib.gis.db.models import Extent
from django.contrib.postgres.indexes import GinIndex
from django.db.models import F, Q
from django.db.models.functions import Now

from geodata.language import both


class Level(models.TextChoices):
    """The tier of a unit; districts exist only among the units abolished on 1 July 2025."""

    PROVINCE = "province", both("cấp tỉnh", "provincial level")
    DISTRICT = "district", both("cấp huyện (cũ)", "district level (abolished)")
    COMMUNE = "commune", both("cấp xã", "commune level")


class Kind(models.TextChoices):
    """What a unit is called by law, today and before 1 July 2025."""

    MUNICIPALITY = "municipality", both("thành phố trực thuộc trung ương", "centrally-run city")
    PROVINCE = "province", both("tỉnh", "province")
    COMMUNE = "commune", both("xã", "commune")
    WARD = "ward", both("phường", "ward")
    SPECIAL_ZONE = "special_zone", both("đặc khu", "special zone")
    TOWNSHIP = "township", both("thị trấn", "township")
    RURAL_DISTRICT = "rural_district", both("huyện", "rural district")
    URBAN_DISTRICT = "urban_district", both("quận", "urban district")
    TOWN = "town", both("thị xã", "town")
    PROVINCIAL_CITY = "provincial_city", both("thành phố thuộc tỉnh", "provincial city")


KINDS_OF_LEVEL: dict[str, tuple[str, ...]] = {
    Level.PROVINCE: (Kind.MUNICIPALITY, Kind.PROVINCE),
    Level.DISTRICT: (Kind.RURAL_DISTRICT, Kind.URBAN_DISTRICT, Kind.TOWN, Kind.PROVINCIAL_CITY),
    Level.COMMUNE: (Kind.COMMUNE, Kind.WARD, Kind.SPECIAL_ZONE, Kind.TOWNSHIP),
}


class Region(models.TextChoices):
    """The six socio-economic regions after the reform of 2025."""

    NORTHERN_MIDLANDS_MOUNTAINS = (
        "northern_midlands_mountains",
        both("Trung du và miền núi phía Bắc", "Northern midlands and mountains"),
    )
    RED_RIVER_DELTA = "red_river_delta", both("Đồng bằng sông Hồng", "Red River Delta")
    NORTH_CENTRAL_COAST = "north_central_coast", both("Bắc Trung Bộ", "North Central Coast")
    SOUTH_CENTRAL_COAST_HIGHLANDS = (
        "south_central_coast_highlands",
        both("Duyên hải Nam Trung Bộ và Tây Nguyên", "South Central Coast and Central Highlands"),
    )
    SOUTHEAST = "southeast", both("Đông Nam Bộ", "Southeast")
    MEKONG_DELTA = "mekong_delta", both("Đồng bằng sông Cửu Long", "Mekong Delta")


class UnitQuerySet(models.QuerySet["AdministrativeUnit"]):
    """Units by date, level and code. A code means something only together with a level and a day."""

    def in_force(self, day: date | None = None) -> "UnitQuerySet":
        """The units in force on `day`; without a day, those that have no end."""
        if day is None:
            return self.filter(valid_to__isnull=True)
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)

    def provinces(self) -> "UnitQuerySet":
        """Provinces and centrally-run cities, abolished ones included."""
        return self.filter(level=Level.PROVINCE)

    def communes(self) -> "UnitQuerySet":
        """Communes, wards and special zones, abolished ones included."""
        return self.filter(level=Level.COMMUNE)

    def extent(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north (degrees) of the boundaries of all these units; None where none has one."""
        return self.aggregate(extent=Extent("outlines__geom"))["extent"]

    def by_code(self, level: str, code: str, *, day: date | None = None) -> "AdministrativeUnit | None":
        """The unit of this level that bore the code on `day` (default: today's units), or `None`."""
        return self.in_force(day).filter(level=level, code=code).first()


class AdministrativeUnit(models.Model):
    """A province, district or commune, in force or abolished, with the boundaries it has or had."""

    id = models.PositiveIntegerField(primary_key=True, help_text="Follows from the key: see geodata.keys")
    key = models.CharField(max_length=32, unique=True)
    code = models.CharField(max_length=5)
    level = models.CharField(max_length=8, choices=Level.choices)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    name_vi = models.CharField(max_length=80)
    full_name_vi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    region = models.CharField(max_length=32, choices=Region.choices, blank=True)
    area_km2 = models.FloatField(null=True, blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="First day no longer in force")
    label_point = models.PointField(srid=4326, help_text="Inside the unit, on its largest part")
    geom = models.MultiPolygonField(srid=4326, null=True, blank=True)
    search_key = models.TextField(help_text="Names and aliases without accents: see geodata.text.search_key")
    official = models.BooleanField(default=False, help_text="False while the boundaries are approximate")

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = both("đơn vị hành chính", "administrative unit")
        verbose_name_plural = both("đơn vị hành chính", "administrative units")
        ordering = ("id",)
        indexes = [
            models.Index(fields=["level", "code"], name="unit_level_code"),
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="unit_search_key_trgm"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["level", "code"], condition=Q(valid_to__isnull=True), name="unit_code_unique_in_force"
            ),
            models.CheckConstraint(
                condition=Q(
                    *(Q(level=level, kind__in=kinds) for level, kinds in KINDS_OF_LEVEL.items()),
                    _connector=Q.OR,
                ),
                name="unit_kind_fits_level",
            ),
            models.CheckConstraint(condition=Q(region="") | Q(region__in=Region.values), name="unit_region_is_known"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="unit_dates_in_order",
            ),
            models.CheckConstraint(condition=Q(geom__isvalid=True), name="unit_geometry_is_valid"),
            models.CheckConstraint(
                condition=Q(geom__isnull=True) | Q(geom__intersects=F("label_point")),
                name="unit_label_point_is_inside",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name_vi

    @property
    def in_force(self) -> bool:
        """Whether the unit has no end date."""
        return self.valid_to is None

    @property
    def province_id(self) -> int | None:
        """The id of the province that a province or commune in force lies in (of a province, its own)."""
        return self.id if self.level == Level.PROVINCE else self.parent_id

    @property
    def name(self) -> str:
        """The full name in the active language."""
        return str(both(self.full_name_vi, self.name_en))


class KindChange(models.Model):
    """A unit that became another kind without a new name, code or boundary; the unit row has the new kind."""

    unit = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="kind_changes")
    old_kind = models.CharField(max_length=16, choices=Kind.choices)
    new_kind = models.CharField(max_length=16, choices=Kind.choices)
    changed_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "changed_on"], name="kind_change_once_a_day"),
            models.CheckConstraint(condition=~Q(old_kind=F("new_kind")), name="kind_change_changes_the_kind"),
        ]


class UnitOutline(models.Model):
    """A unit's boundary simplified for tiles; the outlines of one zoom band share their edges exactly."""

    unit = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="outlines")
    max_zoom = models.PositiveSmallIntegerField(help_text="Good enough for tiles up to this zoom")
    geom = models.MultiPolygonField(srid=4326)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["max_zoom", "unit"], name="outline_once_per_zoom_band"),
            models.CheckConstraint(condition=Q(geom__isvalid=True), name="outline_geometry_is_valid"),
        ]


class UnitChange(models.Model):
    """What became of an abolished unit: one row for each unit in force that received part of it."""

    class Coverage(models.TextChoices):
        """Whether the whole old unit went to the new one."""

        FULL = "full", both("toàn bộ", "the whole unit")
        PARTIAL = "partial", both("một phần", "a part of it")

    old = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="changes")
    new = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="origins")
    coverage = models.CharField(max_length=8, choices=Coverage.choices)
    changed_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="unit_change_once_per_pair"),
            models.CheckConstraint(condition=~Q(old=F("new")), name="unit_change_changes_the_unit"),
            models.CheckConstraint(condition=Q(coverage__in=["full", "partial"]), name="unit_change_coverage_is_known"),
        ]


class BaseMapFeature(models.Model):
    """Something drawn under or beside the registers: other land, water, roads, places, labels."""

    class Kind(models.TextChoices):
        """What is drawn; a style chooses its colour and its zooms by it."""

        LAND = "land", both("đất liền nước khác", "other land")
        LAKE = "lake", both("hồ", "lake")
        RIVER = "river", both("sông", "river")
        ROAD_PRIMARY = "road_primary", both("đường chính", "primary road")
        ROAD_SECONDARY = "road_secondary", both("đường phụ", "secondary road")
        RAILWAY = "railway", both("đường sắt", "railway")
        BOUNDARY = "boundary", both("biên giới giữa các nước khác", "border between other countries")
        PLACE = "place", both("điểm dân cư", "populated place")
        COUNTRY = "country", both("tên nước", "name of a country")
        LABEL = "label", both("nhãn biển, đảo", "label of sea or islands")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    name_vi = models.CharField(max_length=160, blank=True)
    name_en = models.CharField(max_length=160, blank=True)
    rank = models.PositiveSmallIntegerField(default=0, help_text="0 is the most important of its kind")
    min_zoom = models.PositiveSmallIntegerField(default=0)
    max_zoom = models.PositiveSmallIntegerField(default=24, help_text="Last zoom this variant is drawn at")
    geom = models.GeometryField(srid=4326)

    class Meta:
        indexes = [models.Index(fields=["kind", "min_zoom"], name="base_map_kind_zoom")]
        constraints = [
            models.CheckConstraint(condition=Q(min_zoom__lte=F("max_zoom")), name="base_map_zooms_in_order"),
            models.CheckConstraint(condition=Q(geom__isvalid=True), name="base_map_geometry_is_valid"),
        ]


class LoadedSource(models.Model):
    """Which source the boundaries or the base map were loaded from, so that a second start loads nothing."""

    name = models.CharField(max_length=40, unique=True)
    checksum = models.CharField(max_length=64)
    origin = models.CharField(max_length=200, help_text="File names, or the built-in approximation")
    rows = models.PositiveIntegerField()
    loaded_at = models.DateTimeField(db_default=Now())
