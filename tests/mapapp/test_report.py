"""Sending a report: what is taken, what is refused and how, and that nothing of it is ever told to others."""

import random
import re
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from geodata import pictures
from geodata.models import AdministrativeUnit
from layers.models import Attempt, InspectionSite, MeasuringDevice, Photo, Ticket, Tombstone, Vote
from layers.registers.base import PUBLIC
from layers.registers.handling import handle
from layers.registers.photo_files import path_of
from layers.registers.ticket_number import new_number
from layers.registers.voting import vote_on_ticket
from mapapp.report import sending
from mapapp.report.form import FORBIDDEN
from mapapp.report.sending import MOST_AGE_S, new_form
from tests.mapapp.pages import Page, page
from tests.reports import CONTACT, GPS_MARK, SECRET_WORDS, a_report, handled, picture, tell, telling_picture

SEED = 20_261_129
HANOI = (21.03, 105.85)
LANGUAGES = pytest.mark.parametrize("language", ["vi", "en"])

pytestmark = pytest.mark.usefixtures("reports")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not wait until a form is as old as one that a person filled in."""
    monkeypatch.setattr(sending, "LEAST_AGE_S", -1)


def fields(**changes: object) -> dict[str, object]:
    """A form filled in well, with changes; None takes a field away."""
    filled = {
        "form": new_form(),
        "kind": "suspicious_device",
        "topic": "scales",
        "text": SECRET_WORDS,
        "province": "01",
        "contact": CONTACT,
        "website": "",
    }
    return {name: value for name, value in {**filled, **changes}.items() if value is not None}


def send(client: Client, address: str = "/report", *, headers: dict | None = None, **changes: object) -> HttpResponse:
    return client.post(address, fields(**changes), headers=headers or {})


def photo(content: bytes, name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def told(response: HttpResponse) -> str:
    """The words of a page, spaces as one."""
    return Page(response).text


def number_on(response: HttpResponse) -> str:
    return re.search(r'id="number">([^<]+)<', response.content.decode())[1]


# The page


@LANGUAGES
def test_it_says_that_it_is_a_report_and_no_denunciation(client: Client, language: str):
    found = page(client, f"/report?lang={language}")
    assert {"vi": "Đây là phản ánh, không phải tố cáo", "en": "not a denunciation"}[language] in found.text
    assert {"vi": "Luật Tố cáo", "en": "Law on Denunciations"}[language] in found.text
    assert "#denunciation" in found.links and found.all("section", id="denunciation")


def test_it_is_one_form_with_a_label_for_every_field(client: Client):
    found = page(client, "/report")
    labelled = {one["for"] for one in found.all("label") if "for" in one}
    named = {one["id"] for name, one in found.elements if name in ("input", "select", "textarea") and "id" in one}
    assert {one for one in named if not one.startswith("f-kind")} <= labelled
    assert found.all("form", method="post", enctype="multipart/form-data")


@pytest.mark.parametrize("address", ["/report", "/report/status", "/satisfaction", "/report?at=21.03,105.85"])
@LANGUAGES
def test_its_pages_are_whole(client: Client, address: str, language: str):
    found = page(client, f"{address}{'&' if '?' in address else '?'}lang={language}")
    ids = [attrs["id"] for _, attrs in found.elements if "id" in attrs]
    assert (found.unbalanced, found.open, sorted(ids)) == ([], [], sorted(set(ids)))
    assert found.all("html", lang=language) and len(found.all("h1")) == 1
    assert [one for one in found.fetched if not one.startswith("/static/")] == []


def test_no_cookie_is_set_and_nothing_is_cached(client: Client):
    for response in (client.get("/report"), send(client), client.get("/report/status")):
        assert response.cookies == {}
        assert "no-store" in response["Cache-Control"]


def test_it_is_filled_in_by_the_record_that_is_named(client: Client):
    device = MeasuringDevice.objects.filter(publish_state=PUBLIC).select_related("province")[0]
    found = page(client, f"/report?layer=measuring_devices&record={device.pk}")
    assert found.all("input", name="layer", value="measuring_devices")
    assert found.all("input", name="record", value=str(device.pk))
    assert found.all("input", name="kind", value="wrong_record")[0].keys() >= {"checked"}
    assert device.province.full_name_vi in found.text and found.all("select", name="province") == []


def test_it_is_filled_in_by_a_number_or_a_position(client: Client):
    found = page(client, "/report?number=TEM-77&at=21.03,105.85")
    assert found.all("input", name="number", value="TEM-77")
    assert found.all("input", name="lat", value="21.03") and found.all("input", name="lon", value="105.85")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("layer=laboratories", "record"),
        ("record=5", "layer"),
        ("at=21.03", "at"),
        ("at=105.85,21.03", "at"),
        ("at=nan,105", "at"),
        ("at=21,03,105,85", "at"),
        ("colour=red", "colour"),
        ("number=a&number=b", "number"),
        ("number=%00", "number"),
        (f"number={'x' * 81}", "number"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused_by_name(client: Client, query: str, parameter: str):
    response = client.get(f"/report?{query}")
    assert response.status_code == 400
    assert parameter in told(response)


@pytest.mark.parametrize(
    "query", ["layer=nothing&record=5", "layer=laboratories&record=999999999", "layer=laboratories&record=x"]
)
def test_a_record_that_is_not_there_is_not_found(client: Client, query: str):
    assert client.get(f"/report?{query}").status_code == 404


def test_a_record_that_is_not_public_is_as_one_that_is_not_there(client: Client):
    hidden = InspectionSite.objects.exclude(publish_state=PUBLIC)[0]
    assert client.get(f"/report?layer=inspection_sites&record={hidden.pk}").status_code == 404


def test_a_record_that_was_merged_leads_to_the_one_it_lives_on_in(client: Client, committed: Callable):
    device = MeasuringDevice.objects.filter(publish_state=PUBLIC)[0]
    gone = 2**39
    committed(Tombstone(layer="measuring_devices", record=gone, gone_on=date(2026, 1, 1), merged_into=device.pk))
    found = page(client, f"/report?layer=measuring_devices&record={gone}")
    assert found.all("input", name="record", value=str(device.pk))
    assert send(client, layer="measuring_devices", record=str(gone), province=None).status_code == 201
    assert Ticket.objects.get().record == device.pk


def test_a_record_that_was_withdrawn_says_so(client: Client, committed: Callable):
    committed(Tombstone(layer="measuring_devices", record=2**39, gone_on=date(2026, 1, 1)))
    assert client.get(f"/report?layer=measuring_devices&record={2**39}").status_code == 410


# What is taken


@LANGUAGES
def test_a_report_gets_a_number_and_the_page_says_what_it_is(client: Client, language: str):
    response = send(client, f"/report?lang={language}")
    ticket = Ticket.objects.get()
    assert response.status_code == 201 and number_on(response) == ticket.number
    assert (ticket.kind, ticket.topic, ticket.text, ticket.contact) == (
        "suspicious_device",
        "scales",
        SECRET_WORDS,
        CONTACT,
    )
    assert ticket.province.code == "01" and ticket.number.startswith("PA-01-")
    assert SECRET_WORDS not in response.content.decode() and CONTACT not in response.content.decode()


def test_a_record_s_report_goes_to_the_record_s_province(client: Client):
    device = MeasuringDevice.objects.filter(publish_state=PUBLIC).select_related("province")[0]
    send(client, layer="measuring_devices", record=str(device.pk), province=None)
    ticket = Ticket.objects.get()
    assert (ticket.layer, ticket.record) == ("measuring_devices", device.pk)
    assert (ticket.province_id, ticket.commune_id) == (device.province_id, device.commune_id)


@pytest.mark.parametrize(("layer", "code"), [("provinces", "48"), ("communes", "00004")])
def test_a_unit_s_report_goes_to_that_unit_s_province(client: Client, layer: str, code: str):
    unit = AdministrativeUnit.objects.in_force().get(level=layer[:-1], code=code)
    assert send(client, layer=layer, record=str(unit.pk), province=None).status_code == 201
    assert Ticket.objects.get().province.code == {"provinces": "48", "communes": "01"}[layer]


def test_a_position_says_commune_and_province(client: Client):
    assert send(client, lat=str(HANOI[0]), lon=str(HANOI[1]), province=None).status_code == 201
    ticket = Ticket.objects.get()
    assert ticket.position.coords == (HANOI[1], HANOI[0])
    assert ticket.province.code == "01" and ticket.commune.parent_id == ticket.province_id


def test_a_position_at_sea_goes_with_the_province_chosen(client: Client):
    assert send(client, lat="15.0", lon="113.0", province=None).status_code == 422
    assert send(client, lat="15.0", lon="113.0", province="56").status_code == 201
    assert Ticket.objects.get().province.code == "56"


def test_a_commune_is_found_by_its_name_without_accents(client: Client):
    assert send(client, commune="ba dinh").status_code == 201
    assert Ticket.objects.get().commune.full_name_vi == "Phường Ba Đình"


def test_of_communes_with_one_name_one_is_picked(client: Client):
    several = send(client, province=None, commune="Tân")
    assert several.status_code == 422
    codes = [one["value"] for one in Page(several).all("input", name="commune_code")]
    assert len(codes) > 1
    assert send(client, province=None, commune="Tân", commune_code=codes[1]).status_code == 201
    assert Ticket.objects.get().commune.code == codes[1]


def test_finding_a_commune_sends_nothing_and_keeps_what_was_typed(client: Client):
    response = send(client, province="", commune="Ba Đình", find="1", text="Đang viết dở", kind=None)
    found = Page(response)
    assert response.status_code == 200 and Ticket.objects.count() == 0
    assert found.all("input", name="commune_code") and found.all("div", role="alert") == []
    assert "Đang viết dở" in found.text


def test_words_are_kept_in_one_normal_form(client: Client):
    send(client, text="Ca\u0302n sai\r\nở chơ\u0323 🐟")
    assert Ticket.objects.get().text == "Cân sai\nở chợ 🐟"


def test_it_is_counted_once_however_often_the_same_form_comes(client: Client):
    filled = fields()
    numbers = {number_on(client.post("/report", filled)) for _ in range(5)}
    assert len(numbers) == 1 and Ticket.objects.count() == 1
    assert list(Attempt.objects.values_list("count", flat=True)) == [1, 1]


def test_the_same_form_with_other_words_becomes_a_new_report_at_the_next_try(client: Client):
    filled = fields()
    number = number_on(client.post("/report", filled))
    response = client.post("/report", {**filled, "text": "Thêm một điều"})
    found = Page(response)
    assert response.status_code == 409 and number in found.text and "Thêm một điều" in found.text
    (hidden,) = found.all("input", name="form")
    assert hidden["value"] != filled["form"]
    assert client.post("/report", {**filled, "text": "Thêm một điều", "form": hidden["value"]}).status_code == 201


# What is refused


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": None}, "f-kind-wrong_record"),
        ({"kind": "accusation"}, "f-kind-wrong_record"),
        ({"topic": ""}, "f-topic"),
        ({"text": ""}, "f-text"),
        ({"text": " \n "}, "f-text"),
        ({"text": "abc"}, "f-text"),
        ({"text": "x" * 4001}, "f-text"),
        ({"text": "cân \x00 sai"}, "f-text"),
        ({"text": "cân \u202e sai"}, "f-text"),
        ({"number": "x" * 81}, "f-number"),
        ({"contact": "x" * 201}, "f-contact"),
        ({"contact": "\x1b[31m"}, "f-contact"),
        ({"province": ""}, "f-province"),
        ({"province": "99"}, "f-province"),
        ({"province": "1"}, "f-province"),
        ({"province": "' OR 1=1"}, "f-province"),
        ({"commune": "không có xã này"}, "f-commune"),
        ({"commune_code": "99999"}, "f-commune"),
        ({"lat": "21.03"}, "f-lon"),
        ({"lon": "105.85"}, "f-lat"),
        ({"lat": "21,03", "lon": "105,85"}, "f-lat"),
        ({"lat": "91", "lon": "105.85"}, "f-lat"),
        ({"lat": "105.85", "lon": "21.03"}, "f-lat"),
        ({"lat": "NaN", "lon": "inf"}, "f-lat"),
        ({"lat": "1e400", "lon": "105"}, "f-lat"),
        ({"lat": "２１", "lon": "105"}, "f-lat"),
        ({"lat": "51.5", "lon": "10.1", "province": ""}, "f-lat"),
        ({"lat": "16.05", "lon": "108.2", "province": "01"}, "f-lat"),
        ({"layer": "laboratories", "record": "999999999"}, "f-province"),
        ({"layer": "laboratories"}, "f-province"),
        ({"record": "1"}, "f-province"),
        ({"website": "http://spam.example"}, "f-website"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_named_and_linked_and_what_was_typed_stays(client: Client, changes: dict, field: str):
    response = send(client, **{"text": "Chữ đã gõ", **changes})
    found = Page(response)
    assert response.status_code == 422 and Ticket.objects.count() == 0
    assert f"#{field}" in found.links
    assert found.all("div", role="alert") and [one for _, one in found.elements if one.get("id") == field]
    if "text" not in changes:
        assert "Chữ đã gõ" in found.text
    assert Attempt.objects.count() == 0


def test_several_faults_are_told_at_once_in_the_order_of_the_page(client: Client):
    found = Page(send(client, kind=None, text="", province="", photos=photo(b"<svg/>")))
    problems = [link for link in found.links if link.startswith("#f-")]
    assert problems == ["#f-photos", "#f-kind-wrong_record", "#f-text", "#f-province"]


def test_scripts_are_shown_as_letters(client: Client):
    response = send(client, text='"><script>alert(1)</script>', number="<img src=x onerror=1>", kind=None)
    assert "<script>alert" not in response.content.decode() and "<img src=x" not in response.content.decode()


@pytest.mark.parametrize("extra", ["state", "answer", "province_id", "is_staff", "csrf", "received_at"])
def test_a_field_that_the_form_does_not_have_is_refused_by_name(client: Client, extra: str):
    response = send(client, **{extra: "handled"})
    assert response.status_code == 400 and extra in told(response)
    assert Ticket.objects.count() == 0


def test_a_field_that_comes_twice_is_refused(client: Client):
    assert client.post("/report", {**fields(), "text": ["một điều", "điều khác"]}).status_code == 400


@pytest.mark.parametrize("signed", ["", "x", "x:y:z", None, new_form()[:-1], new_form().swapcase()])
def test_a_form_that_is_not_ours_is_refused_and_its_words_stay(client: Client, signed: str | None):
    response = send(client, form=signed)
    assert response.status_code == 403 and SECRET_WORDS in told(response)
    assert Ticket.objects.count() == 0


def test_a_form_that_is_too_old_is_refused_and_a_fresh_one_given(client: Client, monkeypatch: pytest.MonkeyPatch):
    signed = new_form()
    monkeypatch.setattr(sending, "MOST_AGE_S", -1)
    response = send(client, form=signed)
    assert response.status_code == 403 and MOST_AGE_S == 24 * 3600
    (hidden,) = Page(response).all("input", name="form")
    assert hidden["value"] != signed


def test_a_form_that_comes_at_once_is_a_program_s(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sending, "LEAST_AGE_S", 2)
    response = send(client)
    assert response.status_code == 429 and response["Retry-After"] == "2" and Ticket.objects.count() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
    ],
    ids=str,
)
@pytest.mark.parametrize("address", ["/report", "/report/status", "/report/vote", "/vote"])
def test_a_form_from_another_site_is_refused(client: Client, address: str, headers: dict):
    assert send(client, address, headers=headers).status_code == 403
    assert Ticket.objects.count() == Vote.objects.count() == Attempt.objects.count() == 0


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://127.0.0.1"}, {"Sec-Fetch-Site": "same-origin"}], ids=str)
def test_a_form_of_our_own_page_is_taken(client: Client, headers: dict):
    assert send(client, headers=headers).status_code == 201


@pytest.mark.parametrize("address", ["/report", "/report/status"])
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client: Client, address: str, method: str):
    assert getattr(client, method)(address).status_code == 405


@pytest.mark.parametrize("address", ["/vote", "/report/vote"])
def test_votes_are_not_given_by_reading(client: Client, address: str):
    assert client.get(address).status_code == 405


@pytest.mark.parametrize(
    "address", ["/report/PA-01-26-7K3Q-9M2X-K", "/report/1", "/api/v1/tickets/", "/tickets/1", "/uploads/a.jpg"]
)
def test_no_address_leads_to_a_report(client: Client, address: str):
    assert client.get(address).status_code == 404


# Limits


def test_the_limit_of_a_day_is_exact_and_the_words_stay(client: Client, settings):
    settings.REPORTS_A_DAY = 2
    assert [send(client).status_code for _ in range(3)] == [201, 201, 429]
    response = send(client)
    assert 0 < int(response["Retry-After"]) <= 86_400
    assert "Hôm nay" in told(response) and SECRET_WORDS in told(response)
    assert Ticket.objects.count() == 2


def test_the_proxy_s_word_for_the_address_counts_and_the_caller_s_does_not(client: Client, settings):
    settings.REPORTS_A_DAY = 1
    assert send(client, headers={"X-Forwarded-For": "203.0.113.1"}).status_code == 201
    assert send(client, headers={"X-Forwarded-For": "203.0.113.2"}).status_code == 201
    assert send(client, headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.2"}).status_code == 429


def test_who_is_not_behind_the_proxy_cannot_choose_an_address(client: Client, settings):
    settings.REPORTS_A_DAY = 1
    sent = [
        client.post("/report", fields(), REMOTE_ADDR="203.0.113.5", headers={"X-Forwarded-For": f"198.51.100.{n}"})
        for n in range(2)
    ]
    assert [response.status_code for response in sent] == [201, 429]


def test_a_body_too_large_is_refused_before_it_is_read(client: Client):
    response = client.post("/report", fields(), CONTENT_LENGTH=str(50 * 2**20))
    assert response.status_code == 413


def test_text_too_large_is_refused(client: Client):
    assert send(client, text="x" * 3_000_000).status_code in (400, 413)


# Photos


def test_photos_are_stored_without_what_they_told(client: Client):
    sent = send(client, photos=[photo(telling_picture(turned=6)), photo(picture(kind="PNG"), "../../x.php")])
    assert sent.status_code == 201
    for one in Photo.objects.all():
        kept = path_of(one.name).read_bytes()
        assert (one.size, Image.open(BytesIO(kept)).size) == (len(kept), (one.width, one.height))
        assert GPS_MARK not in kept and b"Exif" not in kept and dict(Image.open(BytesIO(kept)).getexif()) == {}
    assert Photo.objects.order_by("id")[0].height == 40


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<!doctype html><script>", "HTML"),
        (b"GIF89a......", "GIF"),
        (b"not a photo", "JPEG, PNG, WebP"),
        (picture() + b"PK\x05\x06" + bytes(18), "loại tệp khác"),
        (picture((300, 300))[:900], "hỏng"),
        (b"", "rỗng"),
    ],
    ids=["svg", "html", "gif", "text", "double", "cut", "empty"],
)
def test_a_file_that_is_no_photo_is_refused_by_name_and_nothing_is_stored(client: Client, content: bytes, says: str):
    response = send(client, photos=[photo(picture()), photo(content)])
    assert response.status_code == 422
    assert says in told(response) and "Ảnh thứ 2" in told(response) and SECRET_WORDS in told(response)
    assert Ticket.objects.count() == 0 and not list(django_settings.UPLOADS.glob("??/*"))


def test_the_number_and_size_of_photos_is_limited_exactly(client: Client, monkeypatch: pytest.MonkeyPatch):
    small = picture()
    monkeypatch.setattr(sending, "MOST_BYTES", len(small))
    assert send(client, photos=[photo(small) for _ in range(4)]).status_code == 201
    five = send(client, photos=[photo(small) for _ in range(5)])
    assert five.status_code == 422 and "Nhiều nhất 4 ảnh" in told(five)
    large = send(client, photos=[photo(small + b"x")])
    assert large.status_code == 422 and "lớn hơn 10 MB" in told(large) and SECRET_WORDS in told(large)


def test_a_file_in_another_field_is_refused(client: Client):
    assert send(client, evil=photo(picture())).status_code == 422


def test_a_disk_that_is_full_is_said_and_the_words_stay(client: Client, monkeypatch: pytest.MonkeyPatch):
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("layers.registers.photo_files._write", full)
    response = send(client, photos=photo(picture()))
    assert response.status_code == 503 and SECRET_WORDS in told(response)
    assert Ticket.objects.count() == 0


def test_a_full_folder_is_said_the_words_stay_and_nothing_is_counted(client: Client, settings):
    send(client, photos=photo(picture()))
    Photo.objects.update(size=2**20)
    settings.UPLOADS_MB, settings.REPORTS_A_DAY = 1, 2
    for language, says in (("vi", "Kho ảnh đã đầy"), ("en", "no room for more photos")):
        response = send(client, f"/report?lang={language}", photos=photo(picture()))
        assert response.status_code == 507 and says in told(response) and SECRET_WORDS in told(response)
    assert send(client).status_code == 201
    assert Ticket.objects.count() == 2


def test_photos_of_others_are_not_waited_for_long(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pictures, "WAIT_S", 0.1)
    with pictures._ONE_AT_A_TIME:
        response = send(client, photos=photo(picture()))
    assert response.status_code == 503 and response["Retry-After"] == "5" and SECRET_WORDS in told(response)
    assert send(client, photos=photo(picture())).status_code == 201


def test_a_picture_process_that_fails_is_told_as_our_fault(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pictures, "_WRITER", "/nowhere/writer.py")
    for language, says in (("vi", "tạm thời không đọc được ảnh"), ("en", "cannot be read at the moment")):
        response = send(client, f"/report?lang={language}", photos=photo(picture()))
        assert response.status_code == 503 and says in told(response) and SECRET_WORDS in told(response)
    assert Ticket.objects.count() == 0


def test_uploads_lie_outside_of_what_is_served(client: Client):
    send(client, photos=photo(picture()))
    name = Photo.objects.get().name
    for address in (f"/uploads/{name}", f"/media/{name}", f"/static/{name}", f"/var/uploads/{name[:2]}/{name}"):
        assert client.get(address).status_code == 404


# Status and votes


def ask(client: Client, number: str, address: str = "/report/status") -> HttpResponse:
    return client.post(address, {"number": number})


@LANGUAGES
def test_status_is_told_by_the_number_alone_and_never_what_was_sent(client: Client, language: str):
    number = number_on(send(client, number="TEM-77", lat="21.03", lon="105.85", photos=photo(picture())))
    for state in ("received", "in_progress", "handled"):
        handle(Ticket.objects.get(), state, "Đã xem lại.")
        response = ask(client, number.lower().replace("-", " "), f"/report/status?lang={language}")
        source = response.content.decode()
        assert response.status_code == 200 and number in source
        secrets = (SECRET_WORDS, CONTACT, "TEM-77", "105.85", Photo.objects.get().name, "scales", "Hà Nội", "Hanoi")
        assert [one for one in secrets if one in source] == []
        assert ("Đã xem lại." in source) == (state == "handled")


def test_a_number_with_a_wrong_character_is_told_so_and_stays(client: Client):
    number = tell(a_report()).number
    wrong = number[:-1] + ("2" if number[-1] != "2" else "3")
    response = ask(client, wrong)
    assert response.status_code == 422 and "ký tự sai" in told(response)
    assert Page(response).all("input", name="number", value=wrong)


def test_a_number_that_nobody_has_is_not_found(client: Client):
    response = ask(client, new_number("01", 2026))
    assert response.status_code == 404 and "Không tìm thấy" in told(response)


def test_guessing_ends_soon(client: Client, settings):
    settings.LOOKUPS_A_DAY = 3
    number = tell(a_report()).number
    assert [ask(client, new_number("01", 2026)).status_code for _ in range(3)] == [404] * 3
    assert ask(client, number).status_code == 429


def test_guessing_by_votes_ends_as_soon(client: Client, settings):
    settings.LOOKUPS_A_DAY = 3
    number = tell(a_report()).number
    assert [vote(client, number, score="9").status_code for _ in range(4)] == [422, 422, 422, 429]
    assert ask(client, number).status_code == 429


def vote(client: Client, number: str, **sent: str) -> HttpResponse:
    return client.post("/report/vote", {"number": number, **sent})


def test_a_handled_report_is_voted_on_once(client: Client):
    number = handled().number
    assert Page(ask(client, number)).all("input", name="score", value="5")
    first = vote(client, number, score="4", comment="Nhanh")
    assert first.status_code == 200 and "Cảm ơn" in told(first)
    second = vote(client, number, score="1")
    assert second.status_code == 409
    assert list(Vote.objects.values_list("score", "comment")) == [(4, "Nhanh")]
    assert Page(ask(client, number)).all("input", name="score") == []


def test_a_report_that_is_not_handled_has_no_form_of_votes(client: Client):
    number = tell(a_report()).number
    assert Page(ask(client, number)).all("input", name="score") == []
    assert vote(client, number, score="5").status_code == 409
    assert vote(client, new_number("01", 2026), score="5").status_code == 409


@pytest.mark.parametrize(
    "sent", [{}, {"score": ""}, {"score": "6"}, {"score": "0"}, {"score": "٣"}, {"score": "5", "comment": "x" * 1001}]
)
def test_a_vote_that_makes_no_sense_is_told_so_and_can_be_given_again(client: Client, sent: dict):
    number = handled().number
    response = vote(client, number, **sent)
    assert response.status_code == 422 and Vote.objects.count() == 0
    assert Page(response).all("input", name="score", value="5")


def useful(client: Client, **changes: str) -> HttpResponse:
    device = MeasuringDevice.objects.filter(publish_state=PUBLIC)[0]
    return client.post("/vote", {"layer": "measuring_devices", "record": str(device.pk), "useful": "yes", **changes})


def test_a_record_s_page_asks_one_question_without_a_cookie(client: Client):
    device = MeasuringDevice.objects.filter(publish_state=PUBLIC)[0]
    response = client.get(f"/measuring_devices/{device.pk}")
    found = Page(response)
    assert found.all("form", action="/vote", method="post") and response.cookies == {}
    assert f"/report?layer=measuring_devices&record={device.pk}" in found.links


def test_usefulness_counts_once_a_day_from_one_network(client: Client):
    assert "Cảm ơn" in told(useful(client))
    assert "phiếu đó được giữ" in told(useful(client, useful="no"))
    other = client.post(
        "/vote",
        {"layer": "measuring_devices", "record": str(Vote.objects.get().record), "useful": "no"},
        headers={"X-Forwarded-For": "203.0.113.2"},
    )
    assert other.status_code == 200
    assert sorted(Vote.objects.values_list("useful", flat=True)) == [False, True]
    assert Vote.objects.filter(province__isnull=True).count() == 0


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"useful": "maybe"}, 400),
        ({"useful": ""}, 400),
        ({"record": "999999999"}, 404),
        ({"record": "1; DROP TABLE"}, 404),
        ({"layer": "tickets"}, 404),
        ({"score": "5"}, 400),
    ],
)
def test_a_vote_about_nothing_is_refused(client: Client, changes: dict, status: int):
    assert useful(client, **changes).status_code == status
    assert Vote.objects.count() == 0


def test_votes_of_a_day_are_limited(client: Client, settings):
    settings.VOTES_A_DAY = 1
    first, second = MeasuringDevice.objects.filter(publish_state=PUBLIC)[:2]
    assert useful(client, record=str(first.pk)).status_code == 200
    for _ in range(2):
        response = useful(client, record=str(second.pk))
        assert response.status_code == 429 and 0 < int(response["Retry-After"]) <= 86_400
    assert Vote.objects.count() == 1


def test_a_vote_told_again_uses_up_no_limit(client: Client, settings):
    settings.VOTES_A_DAY = 2
    first, second = MeasuringDevice.objects.filter(publish_state=PUBLIC)[:2]
    sent = [useful(client, record=str(device.pk)).status_code for device in (first, first, first, second)]
    assert sent == [200] * 4 and Vote.objects.count() == 2


def test_votes_about_pages_leave_those_about_reports_alone(client: Client, settings):
    settings.VOTES_A_DAY = 1
    assert useful(client).status_code == 200
    assert vote(client, handled().number, score="4").status_code == 200


# The public figure


@LANGUAGES
def test_the_figure_tells_shares_of_five_votes_and_more(client: Client, language: str):
    address = f"/satisfaction?lang={language}"
    assert {"vi": "Chưa đủ phiếu", "en": "not enough votes"}[language] in page(client, address).text
    for score in (5, 4, 4, 5, 2):
        vote_on_ticket(handled().number, score)
    found = page(client, address)
    assert {"vi": "Thành phố Hà Nội", "en": "Hanoi"}[language] in found.text and "80 %" in found.text
    assert found.unbalanced == []


def test_the_figure_knows_no_parameters(client: Client):
    assert client.get("/satisfaction?month=1").status_code == 400


# Anything else


def test_whatever_is_typed_gives_a_page_and_never_a_failure(client: Client):
    dice = random.Random(SEED)
    for _ in range(60):
        sent = {name: words(dice) for name in dice.sample(sorted(fields()), 3)}
        response = send(client, **{**sent, "form": new_form()})
        assert response.status_code in (201, 422), sent
    assert [one for one in Ticket.objects.values_list("text", flat=True) if FORBIDDEN.search(one)] == []


def words(dice: random.Random) -> str:
    pieces = [
        "'",
        "<b>",
        "%00",
        "\x00",
        "\u202e",
        "ấ",
        "🐟",
        "1e999",
        "-1",
        "{{ 7*7 }}",
        "\\",
        "../",
        " ",
        "\n",
        "01",
        "x" * 300,
    ]
    return "".join(dice.choice(pieces) for _ in range(dice.randrange(6)))


@pytest.mark.parametrize("body", [b"", b"--x\r\n", b"{}", b"form=" + b"%" * 50])
@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "multipart/form-data", "application/json", "text/xml"]
)
def test_a_body_that_is_no_form_is_refused(client: Client, body: bytes, kind: str):
    response = client.post("/report", body, content_type=kind)
    assert response.status_code in (400, 403)
    assert Ticket.objects.count() == 0


def test_the_log_holds_nothing_of_what_was_sent(client: Client, caplog: pytest.LogCaptureFixture):
    with caplog.at_level("INFO"):
        number = number_on(send(client))
        ask(client, number)
    lines = str([record.__dict__ for record in caplog.records])
    assert [one for one in (SECRET_WORDS, CONTACT, number) if one in lines] == []


# The admin


@pytest.fixture
def administrator(client: Client, committed: Callable) -> Client:
    from accounts.models import User

    client.force_login(committed(User(username="reports_of_tests", is_staff=True, is_superuser=True)))
    return client


def change(administrator: Client, ticket: Ticket, **sent: str) -> HttpResponse:
    return administrator.post(f"/admin/layers/ticket/{ticket.pk}/change/", sent)


def test_an_officer_sees_the_province_and_moves_a_report_on(administrator: Client):
    number = number_on(send(administrator, photos=photo(picture())))
    ticket = Ticket.objects.get()
    assert "Thành phố Hà Nội" in page(administrator, "/admin/layers/ticket/?province=01").text
    assert number not in page(administrator, "/admin/layers/ticket/?province=48").text
    shown = page(administrator, f"/admin/layers/ticket/{ticket.pk}/change/").text
    assert SECRET_WORDS in shown and CONTACT in shown
    assert change(administrator, ticket, state="handled", answer="").status_code == 200
    assert change(administrator, ticket, state="handled", answer="Đã xem lại.").status_code == 302
    ticket.refresh_from_db()
    assert (ticket.state, ticket.answer, bool(ticket.closed_at)) == ("handled", "Đã xem lại.", True)
    assert ticket.text == SECRET_WORDS
    assert change(administrator, ticket, state="received", answer="x").status_code == 200
    assert Ticket.objects.get().state == "handled"


def test_a_photo_is_shown_to_officers_alone_and_kept_nowhere(administrator: Client):
    send(administrator, photos=photo(picture()))
    address = f"/admin/layers/ticket/photos/{Photo.objects.get().pk}"
    response = administrator.get(address)
    assert response.status_code == 200 and response["Content-Type"] == "image/jpeg"
    assert b"".join(response.streaming_content)[:3] == b"\xff\xd8\xff"
    assert "private, no-store" in response["Cache-Control"]
    administrator.logout()
    assert administrator.get(address).status_code == 302


def test_personal_data_are_deleted_on_request(administrator: Client):
    ticket = handled()
    sent = {"action": "forget_persons", "_selected_action": str(ticket.pk)}
    assert administrator.post("/admin/layers/ticket/", sent).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.text, ticket.contact) == ("", "") and ticket.forgotten_on
