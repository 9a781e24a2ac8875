"""Reports in Django's admin, until data officers have a page of their own: read, answered, never rewritten."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from geodata.language import both
from geodata.models import AdministrativeUnit
from layers.errors import NotAllowed, not_found
from layers.registers.handling import NEXT_STATES, handle
from layers.registers.photo_files import path_of
from layers.registers.retention import forget
from layers.registers.tickets import CLOSED, TICKET_KINDS, TICKET_STATES, TICKET_TOPICS, Photo, Ticket

LABELS = {codes.name: {one.code: one.label for one in codes.items} for codes in (TICKET_KINDS, TICKET_TOPICS)}
STATES = {one.code: one.label for one in TICKET_STATES.items}


class HandlingForm(forms.ModelForm):
    """The next state of a report, and the answer that whoever holds its number reads."""

    state = forms.ChoiceField(label=both("Tình trạng", "State"))

    class Meta:
        model = Ticket
        fields = ("state", "answer")
        labels = {"answer": both("Trả lời (người giữ số đọc được)", "Answer (whoever holds the number reads it)")}
        help_texts = {
            "answer": both(
                "Không nêu tên người, số điện thoại, hay điều chưa có kết luận.",
                "No names, no telephone numbers, nothing that is not concluded.",
            )
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [(code, STATES[code]) for code in NEXT_STATES[self.instance.state]]

    def clean(self) -> dict:
        if self.cleaned_data.get("state") in CLOSED and not self.cleaned_data.get("answer", "").strip():
            self.add_error("answer", both("Cần có câu trả lời.", "An answer is needed."))
        return self.cleaned_data

    def _post_clean(self) -> None:
        """The steps and their dates are `handling`'s: the row in hand is left as it is."""


class ProvinceFilter(admin.SimpleListFilter):
    """The provinces in force, by name."""

    title = both("tỉnh, thành phố", "province")
    parameter_name = "province"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        units = AdministrativeUnit.objects.in_force().provinces().order_by("code")
        return [(code, f"{code} {name}") for code, name in units.values_list("code", "full_name_vi")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(province__code=self.value()) if self.value() else queryset


@admin.register(Ticket)
class TicketAdmin(admin.ModelAdmin):
    """Reports, newest first, each with the province it belongs to."""

    form = HandlingForm
    list_display = (
        "number",
        "kind_label",
        "topic_label",
        "province",
        "commune",
        "state_label",
        "received_at",
        "closed_at",
    )
    list_filter = (ProvinceFilter, "state", "kind", "topic")
    list_select_related = ("province", "commune")
    search_fields = ("number__iexact",)
    show_full_result_count = False
    list_per_page = 50
    ordering = ("-received_at", "-id")
    date_hierarchy = None
    actions = ("forget_persons",)
    told = (
        *("number", "kind_label", "topic_label", "text", "about", "asked_number", "place", "province", "commune"),
        *("contact", "photo_links", "received_at", "started_at", "closed_at", "forgotten_on"),
    )
    readonly_fields = told
    fields = (*told, "state", "answer")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("province__geom", "commune__geom")

    def save_model(self, request: HttpRequest, obj: Ticket, form: HandlingForm, change: bool) -> None:
        handle(obj, form.cleaned_data["state"], form.cleaned_data["answer"])

    def get_urls(self) -> list[URLPattern]:
        photo = path("photos/<int:photo>", self.admin_site.admin_view(self.photo), name="layers_ticket_photo")
        return [photo, *super().get_urls()]

    def photo(self, request: HttpRequest, photo: int) -> HttpResponse:
        """A photo, for those who may read reports, and for no cache."""
        if not self.has_view_permission(request):
            raise NotAllowed("not_allowed", "Tài khoản này không có quyền xem.", "This account has no right to this.")
        found = get_object_or_404(Photo, pk=photo)
        file = path_of(found.name)
        if not file.is_file():
            raise not_found()
        response = FileResponse(file.open("rb"), content_type="image/jpeg")
        response["Cache-Control"], response["Content-Security-Policy"] = "private, no-store", "sandbox"
        return response

    @admin.display(description=both("Về việc", "About"), ordering="kind")
    def kind_label(self, ticket: Ticket) -> str:
        return str(LABELS["ticket_kind"][ticket.kind])

    @admin.display(description=both("Lĩnh vực", "Field"), ordering="topic")
    def topic_label(self, ticket: Ticket) -> str:
        return str(LABELS["ticket_topic"][ticket.topic])

    @admin.display(description=both("Tình trạng", "State"), ordering="state")
    def state_label(self, ticket: Ticket) -> str:
        return str(STATES[ticket.state])

    @admin.display(description=both("Hồ sơ", "Record"))
    def about(self, ticket: Ticket) -> str | SafeString:
        address = f"/{ticket.layer}/{ticket.record}"
        return format_html('<a href="{}">{}</a>', address, address) if ticket.layer else "–"

    @admin.display(description=both("Vị trí", "Position"))
    def place(self, ticket: Ticket) -> str | SafeString:
        if ticket.position is None:
            return "–"
        lon, lat = ticket.position.coords
        return format_html('<a href="/?at=17/{}/{}">{}, {}</a>', *([f"{lat:.6f}", f"{lon:.6f}"] * 2))

    @admin.display(description=both("Ảnh", "Photos"))
    def photo_links(self, ticket: Ticket) -> str | SafeString:
        rows = (
            (reverse("admin:layers_ticket_photo", args=[one.pk]), number, one.width, one.height)
            for number, one in enumerate(ticket.photos.order_by("id"), 1)
        )
        return format_html_join(" · ", '<a href="{}">{} ({} × {})</a>', rows) or "–"

    @admin.action(
        description=both("Xóa dữ liệu cá nhân của phản ánh đã đóng", "Delete personal data of closed reports")
    )
    def forget_persons(self, request: HttpRequest, queryset: QuerySet) -> None:
        forgotten = forget(queryset.values_list("pk", flat=True), timezone.localdate())
        told = both(f"Đã xóa ở {forgotten} phản ánh.", f"Deleted in {forgotten} reports.")
        messages.success(request, told)
