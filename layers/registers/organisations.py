"""Organisations and their places of activity (domain, section 1.4)."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import F, Q

from geodata.language import both
from layers.codes import Code, FixedCodes
from layers.registers.base import (
    OPEN_NAMED_PLACE,
    OPEN_RECORD,
    NamedPlace,
    Record,
    code_field,
    credits_index,
    placed_constraints,
    record_constraints,
)

ORGANISATION_TYPES = FixedCodes(
    "org_type",
    (
        Code("state_agency", both("Cơ quan nhà nước", "State agency")),
        Code("public_service_unit", both("Đơn vị sự nghiệp công lập", "Public service unit")),
        Code("enterprise", both("Doanh nghiệp", "Enterprise")),
        Code("household_business", both("Hộ kinh doanh", "Household business")),
        Code("association", both("Hội, hiệp hội", "Association")),
        Code("foreign_branch", both("Chi nhánh tổ chức nước ngoài", "Branch of a foreign organisation")),
    ),
)


def trigram_index(name: str) -> GinIndex:
    """Serves `search_key LIKE '%word%'`."""
    return GinIndex(OpClass(F("search_key"), "gin_trgm_ops"), name=name)


class Organisation(Record):
    """A body or an enterprise: one record for its whole life, whatever it was called."""

    tax_code = models.CharField(max_length=14, blank=True, default="", db_default="")
    agency_identifier = models.CharField(max_length=32, blank=True, default="", db_default="")
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True, default="", db_default="")
    short_name = models.CharField(max_length=100, blank=True, default="", db_default="")
    org_type = code_field(24)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="branches")
    legal_address = models.CharField(max_length=400, blank=True, default="", db_default="")
    phone = models.CharField(max_length=40, blank=True, default="", db_default="")
    email = models.CharField(max_length=120, blank=True, default="", db_default="")
    website = models.CharField(max_length=200, blank=True, default="", db_default="")
    search_key = models.TextField(blank=True, default="", db_default="")

    OPEN_COLUMNS = (
        *OPEN_RECORD,
        *("name_vi", "name_en", "short_name", "org_type", "parent_id", "legal_address", "website", "search_key"),
    )

    class Meta:
        verbose_name = both("tổ chức", "organisation")
        verbose_name_plural = both("tổ chức", "organisations")
        constraints = [
            *record_constraints(),
            models.CheckConstraint(condition=ORGANISATION_TYPES.check("org_type"), name="organisation_type"),
            models.CheckConstraint(
                condition=Q(tax_code="") | Q(tax_code__regex=r"^[0-9]{10}(-?[0-9]{3})?$"),
                name="organisation_tax_code",
            ),
        ]
        indexes = [
            trigram_index("organisation_search"),
            models.Index(fields=["tax_code"], name="organisation_tax"),
        ]

    def __str__(self) -> str:
        return self.name_vi


class OrganisationName(models.Model):
    """A name that an organisation bore from one day to another, so that old papers still find it."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True, default="")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    legal_basis = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        verbose_name = both("tên cũ của tổ chức", "former name")
        verbose_name_plural = both("tên cũ của tổ chức", "former names")


class PlaceOfActivity(NamedPlace):
    """Where an organisation carries out an activity. Geometry lives here, not on the organisation.

    `on_site_service` says that the body comes to the device, in `service_provinces` (keys of units).
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="places")
    opening_hours = models.CharField(max_length=120, blank=True, default="", db_default="")
    on_site_service = models.BooleanField(default=False, db_default=False)
    service_provinces = ArrayField(models.IntegerField(), default=list, blank=True)

    OPEN_COLUMNS = (*OPEN_NAMED_PLACE, "organisation_id", "opening_hours", "on_site_service", "service_provinces")

    class Meta:
        verbose_name = both("địa điểm hoạt động", "place of activity")
        verbose_name_plural = both("địa điểm hoạt động", "places of activity")
        constraints = placed_constraints("place")
        indexes = [credits_index("place_credits"), trigram_index("place_search")]
