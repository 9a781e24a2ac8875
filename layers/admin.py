"""The registers in Django's admin: reference tables can be edited, registers only looked at.

A register row is always the approved version; changes to it pass through change sets, never through here.
"""

from django.contrib import admin
from django.contrib.gis.db.models import GeometryField
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.forms import Textarea
from django.http import HttpRequest

from layers import ticket_admin  # noqa: F401  reports: handled, not only looked at
from layers.models import (
    AccreditationField,
    Authority,
    Check,
    Delivery,
    DeviceBatch,
    DeviceType,
    DeviceTypeRule,
    EvidenceRegister,
    InspectionSite,
    MeasuringDevice,
    NumberPattern,
    Organisation,
    OrganisationName,
    PlaceOfActivity,
    Qualification,
    Report,
    Scheme,
    ScopeLine,
    Standard,
    StandardEdition,
    TypeApproval,
    Verification,
)
from layers.registers.number_key import NumberKey, number_key

# Geometry as text: Django's own widget would fetch a map library from another server.
PLAIN_GEOMETRY = {GeometryField: {"widget": Textarea(attrs={"rows": 2, "cols": 60})}}


class ReadOnly:
    """Rows that are shown and never changed here."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class RuleInline(admin.TabularInline):
    model = DeviceTypeRule
    extra = 0


class PatternInline(admin.TabularInline):
    model = NumberPattern
    extra = 0


class EditionInline(admin.TabularInline):
    model = StandardEdition
    extra = 0
    raw_id_fields = ("replaced_by",)


@admin.register(DeviceType)
class DeviceTypeAdmin(admin.ModelAdmin):
    """Types of measuring devices with the rules that hold from one day to another."""

    list_display = ("code", "name_vi", "list_no", "device_group", "status")
    list_filter = ("device_group", "measurement_field")
    search_fields = ("code", "name_vi", "name_en")
    ordering = ("id",)
    inlines = (RuleInline,)


@admin.register(Authority)
class AuthorityAdmin(admin.ModelAdmin):
    list_display = ("code", "name_vi", "level", "valid_from", "valid_to")
    search_fields = ("code", "name_vi", "name_en")


@admin.register(Scheme)
class SchemeAdmin(admin.ModelAdmin):
    list_display = ("code", "name_vi", "name_en")
    search_fields = ("code", "name_vi", "name_en")
    raw_id_fields = ("authority",)


@admin.register(AccreditationField)
class AccreditationFieldAdmin(admin.ModelAdmin):
    list_display = ("code", "name_vi", "activity")
    list_filter = ("activity",)
    search_fields = ("code", "name_vi", "name_en")
    raw_id_fields = ("parent",)


@admin.register(Standard)
class StandardAdmin(admin.ModelAdmin):
    list_display = ("code", "number", "kind", "title_vi")
    list_filter = ("kind",)
    search_fields = ("code", "number", "title_vi")
    inlines = (EditionInline,)


class RegisterAdmin(ReadOnly, admin.ModelAdmin):
    """A register, a page at a time; references are looked up, never offered as a list of millions."""

    formfield_overrides = PLAIN_GEOMETRY
    show_full_result_count = False
    list_per_page = 50
    ordering = ("id",)

    def get_list_select_related(self, request: HttpRequest) -> tuple[str, ...]:
        """The references among the columns, read with the rows."""
        references = {field.name for field in self.model._meta.fields if isinstance(field, ForeignKey)}
        return tuple(name for name in self.list_display if name in references)


class RegisterInline(ReadOnly, admin.TabularInline):
    """Rows that belong to the one shown."""

    extra = 0
    show_change_link = True


class NameInline(RegisterInline):
    model = OrganisationName


class LineInline(RegisterInline):
    model = ScopeLine
    fields = ("place", "activity", "product", "test", "method", "valid_until", "publish_state")


class VerificationInline(RegisterInline):
    model = Verification
    fields = ("verified_on", "control_type", "body", "result", "certificate_no", "valid_until", "publish_state")


class CheckInline(RegisterInline):
    model = Check
    fields = ("checked_on", "activity_kind", "state", "result", "publish_state")


@admin.register(Organisation)
class OrganisationAdmin(RegisterAdmin):
    list_display = ("name_vi", "org_type", "tax_code", "publish_state")
    list_filter = ("org_type", "publish_state")
    search_fields = ("search_key", "tax_code__exact")
    inlines = (NameInline,)


@admin.register(PlaceOfActivity)
class PlaceOfActivityAdmin(RegisterAdmin):
    list_display = ("name", "organisation", "address", "geom_accuracy", "publish_state")
    list_filter = ("geom_accuracy", "publish_state")
    search_fields = ("search_key",)


@admin.register(Qualification)
class QualificationAdmin(RegisterAdmin):
    list_display = ("number", "kind", "organisation", "valid_from", "valid_until", "publish_state")
    list_filter = ("kind", "publish_state")
    search_fields = ("number__iexact",)
    inlines = (LineInline,)


@admin.register(ScopeLine)
class ScopeLineAdmin(RegisterAdmin):
    list_display = ("place", "activity", "product", "test", "method", "valid_until", "publish_state")
    list_filter = ("activity", "publish_state")
    search_fields = ("product", "test", "method")


@admin.register(InspectionSite)
class InspectionSiteAdmin(RegisterAdmin):
    list_display = ("name", "site_kind", "address", "latest_result", "latest_checked", "publish_state")
    list_filter = ("site_kind", "latest_result", "publish_state")
    search_fields = ("search_key",)
    inlines = (CheckInline,)


@admin.register(Check)
class CheckAdmin(RegisterAdmin):
    list_display = ("site", "activity_kind", "state", "checked_on", "result", "publish_state")
    list_filter = ("activity_kind", "state", "publish_state")


@admin.register(TypeApproval)
class TypeApprovalAdmin(RegisterAdmin):
    list_display = ("number", "device_type", "manufacturer", "model", "decided_on", "valid_until")
    search_fields = ("number__iexact", "model")


@admin.register(MeasuringDevice)
class MeasuringDeviceAdmin(RegisterAdmin):
    list_display = ("id", "device_type", "site", "model", "serial_no", "valid_until", "publish_state")
    list_filter = ("device_group", "publish_state")
    search_fields = ("serial_no__exact", "management_code__exact")
    inlines = (VerificationInline,)


@admin.register(DeviceBatch)
class DeviceBatchAdmin(RegisterAdmin):
    list_display = ("id", "device_type", "commune", "owner", "valid_until", "devices")


@admin.register(Verification)
class VerificationAdmin(RegisterAdmin):
    list_display = ("id", "certificate_no", "control_type", "body", "verified_on", "result", "valid_until")
    list_filter = ("control_type", "result", "publish_state")
    search_fields = ("certificate_no__exact", "sticker_serial__exact")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """The rows with that certificate or sticker, however it is written: what the indexes of the keys hold."""
        key = number_key(search_term)
        if not key:
            return queryset, False
        by_key = queryset.alias(certificate=NumberKey("certificate_no"), sticker=NumberKey("sticker_serial"))
        certificate = ~Q(certificate_no="") & Q(certificate=key)
        return by_key.filter(certificate | (~Q(sticker_serial="") & Q(sticker=key))), False


@admin.register(EvidenceRegister)
class EvidenceRegisterAdmin(admin.ModelAdmin):
    list_display = ("code", "kind", "name_vi", "keeper_vi", "kept_here", "certainty")
    list_filter = ("kind", "kept_here", "certainty")
    inlines = (PatternInline,)


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    list_display = ("register", "authority", "body", "delivered_up_to", "complete")
    list_filter = ("register", "complete")
    raw_id_fields = ("body",)


@admin.register(Report)
class ReportAdmin(RegisterAdmin):
    list_display = ("id", "kind", "number", "body", "issued_on")
    list_filter = ("kind", "publish_state")
