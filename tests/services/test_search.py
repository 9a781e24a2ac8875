"""What the search finds by names, former names, the map's own labels and numbers, and in which order."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.conf import settings
from django.db import OperationalError, connections
from django.db.models import Value
from django.test import Client

from geodata.archipelagos import ARCHIPELAGOS, HOANG_SA, TRUONG_SA, Archipelago
from geodata.functions import MetresFrom, SquareDegreesFrom
from geodata.models import AdministrativeUnit
from layers.layer import Layer
from layers.models import PlaceOfActivity
from layers.query import FeatureQuery, limited, map_day, matching, reading
from layers.registers.number_key import NumberKey, number_key
from layers.registers.qualifications import Qualification
from layers.registry import all_layers, get
from services.search.asking import Asked
from services.search.closeness import CANDIDATES, best_first
from services.search.kept_names import kept_records
from services.search.memory import Latest, Memory
from services.search.warming import warm
from tests.mapapp.record_rows import a_fact, a_place, line_at
from tests.services.verify_rows import Save, a_body

Found = Callable[..., list[dict]]


@pytest.fixture
def found(client: Client) -> Found:
    def search(words: str, **parameters: str | int) -> list[dict]:
        answer = client.get("/api/v1/search/", {"q": words, **parameters})
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]

    return search


def zone(results: list[dict], archipelago: Archipelago) -> dict:
    return next(one for one in results if one["id"] == int(archipelago.commune_code))


@pytest.mark.parametrize("archipelago", ARCHIPELAGOS, ids=lambda one: one.commune_code)
def test_an_archipelago_is_shown_whole_with_the_place_of_its_label(found: Found, archipelago: Archipelago) -> None:
    west, south, east, north = zone(found(archipelago.label.vi.split(" (")[0]), archipelago)["bbox"]
    outline = get("communes").model.objects.get(pk=int(archipelago.commune_code)).geom.extent
    for box in (archipelago.envelope.bounds, outline, archipelago.anchor * 2):
        assert west <= box[0] + 1e-6 and south <= box[1] + 1e-6 and box[2] <= east + 1e-6 and box[3] <= north + 1e-6


@pytest.mark.parametrize(
    ("words", "archipelago"),
    [
        ("hoang sa", HOANG_SA),
        ("quần đảo Hoàng Sa", HOANG_SA),
        ("quan dao truong sa", TRUONG_SA),
        ("Hoang Sa Archipelago", HOANG_SA),
        ("Đặc khu Trường Sa", TRUONG_SA),
        ("Truong Sa Special Zone", TRUONG_SA),
        *((label, one) for one in ARCHIPELAGOS for label in (one.label.vi, one.label.en)),
    ],
)
def test_the_words_of_the_map_find_the_archipelagos(found: Found, words: str, archipelago: Archipelago) -> None:
    first = found(words)[0]
    assert (first["layer"], first["id"], first["similar"]) == ("communes", int(archipelago.commune_code), False)


def test_a_province_in_which_an_archipelago_lies_is_shown_by_its_largest_part(found: Found) -> None:
    west, _, east, _ = found("da nang")[0]["bbox"]
    assert 107 < west < east < 109


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Da Nang City", "Thành phố Đà Nẵng"),
        ("ho chi minh city", "Thành phố Hồ Chí Minh"),
        ("Khanh Hoa Province", "Tỉnh Khánh Hòa"),
        ("Ba Dinh Ward", "Phường Ba Đình"),
    ],
)
def test_units_are_found_by_the_name_that_english_maps_give_them(found: Found, words: str, name: str) -> None:
    assert found(words)[0]["title"] == name


def test_a_former_district_leads_to_the_whole_of_the_unit_that_received_it(found: Found) -> None:
    former = next(one for one in found("tinh quang nam") if one["kind"] == "former_unit")
    assert former["bbox"] == found("thanh pho da nang")[0]["bbox"]


def test_a_province_says_its_region_and_not_what_its_heading_says(found: Found) -> None:
    assert found("ca mau", lang="en")[0]["subtitle"] == "Mekong Delta"


def test_words_inside_other_words_come_last_and_are_called_similar(found: Found) -> None:
    results = found("do luong", limit=20)
    names = {one["title"]: one["similar"] for one in results}
    assert names["Xã Đô Lương"] is False and names["Xã Đồng Lương"] is True
    assert [one["similar"] for one in results] == sorted(one["similar"] for one in results)
    assert results[0]["title"] == "Xã Đô Lương"


def test_the_beginning_of_a_word_still_being_typed_is_no_mere_likeness(found: Found) -> None:
    first = found("ca ma")[0]
    assert (first["title"], first["similar"]) == ("Tỉnh Cà Mau", False)


def test_the_whole_name_of_a_body_finds_it(found: Found, world: date) -> None:
    longest = max(matching(get("laboratories"), FeatureQuery(day=world)).values_list("name", flat=True), key=len)
    assert longest in {one["title"] for one in found(longest)}


def a_number(kind: str) -> str:
    return Qualification.objects.filter(kind=kind, lines__isnull=False).order_by("number").values_list("number")[0][0]


def spellings(number: str) -> list[str]:
    digits = max("".join(c if c.isdigit() else " " for c in number).split(), key=len)
    return [number, number.lower(), number.replace(" ", ""), number_key(number), digits]


@pytest.mark.parametrize("kind", ["accreditation", "designation", "registration"])
def test_a_number_is_found_however_it_is_spelt(found: Found, kind: str) -> None:
    number = a_number(kind)
    for written in spellings(number):
        if len(written) > 1:
            titles = [one["title"] for one in found(written, limit=20) if one["kind"] == "number"]
            assert number in titles, written
            assert found(written, limit=20)[0]["similar"] is False


def test_a_number_inside_longer_digits_is_only_similar(found: Found) -> None:
    accreditations = Qualification.objects.filter(kind="accreditation", lines__isnull=False)
    numbers = accreditations.order_by("number").values_list("number", flat=True).distinct()
    everything = " ".join(map(number_key, Qualification.objects.values_list("number", flat=True)))
    number = next(one for one in numbers if everything.count(one[-3:]) == 1 and one[-4:].isdigit())
    similar = {one["title"]: one["similar"] for one in found(number[-3:], limit=20) if one["kind"] == "number"}
    assert similar == {number: True}


def numbers_found(results: list[dict]) -> list[dict]:
    return [one for one in results if one["kind"] == "number"]


def test_numbers_of_several_layers_are_one_kind_with_one_limit(found: Found) -> None:
    every = {digits: numbers_found(found(digits, limit=20)) for digits in ("100", "101", "102", "103")}
    digits = next(digits for digits, results in every.items() if len({one["layer"] for one in results}) > 1)
    cut = numbers_found(found(digits, limit=3))
    assert cut == every[digits][:3] and len(cut) == 3


def test_two_digits_find_the_numbers_that_begin_with_them(found: Found) -> None:
    # No index serves two digits in the middle of a number.
    results = numbers_found(found("12", limit=20))
    assert results and all(one["title"].startswith("12") for one in results)


def test_few_rows_are_compared_closely_however_many_hold_the_words(world: date) -> None:
    rows = matching(get("communes"), FeatureQuery(day=world, words=("an",)))
    assert rows.count() > CANDIDATES == len(best_first(rows, "search_key", ("an",)))


@pytest.mark.parametrize("signs", ["--", "///", "°°", "\u200b-"])
def test_signs_without_a_word_find_no_record(found: Found, signs: str) -> None:
    assert found(signs) == []


@pytest.mark.parametrize("words", ["an", "phuong an", "xa tan", "ba dinh"])
def test_the_best_are_among_the_rows_compared(found: Found, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    wide = found(words)
    monkeypatch.setattr("services.search.closeness.CANDIDATES", 40)
    monkeypatch.setattr("services.search.kept_names.CANDIDATES", 40)
    assert [one["title"] for one in found(words)] == [one["title"] for one in wide]


def test_a_word_that_is_repeated_is_looked_for_once(world: date) -> None:
    query = FeatureQuery(day=world, words=("an", "binh", "an"))
    assert str(matching(get("communes"), query).query).count("%an%") == 1


@pytest.mark.parametrize("text", ["QĐ-MH 12", "qđ mh 12", "VLAT-1.9075", "ĐK 4583", "123/GĐ-MH", "١٢", "ß 1"])
def test_the_database_and_python_make_the_same_key_of_a_number(world: date, text: str) -> None:
    made = Qualification.objects.annotate(key=NumberKey(Value(text))).values_list("key", flat=True)[0]
    assert made == number_key(text)


def test_a_body_that_is_named_stands_before_what_its_name_might_mean(found: Found, committed: Save) -> None:
    name, key = "Trung tâm Kiểm định Tây Hồ", "trung tam kiem dinh tay ho"
    place = a_place(committed, a_body(committed), name=name, search_key=key)
    line_at(committed, place, a_fact(committed, place, "8803/QĐ-TĐC"), "Nước sạch")
    first = found("Trung tâm Kiểm định Tây Hồ")[0]
    assert (first["layer"], first["id"]) == ("laboratories", place.pk)


def test_the_number_of_places_and_the_nearest_of_them_follow_every_commit(found: Found, committed: Save) -> None:
    def offered() -> dict:
        results = found("chì trong nước sạch", lon=105.5, lat=21.2)
        return next(one for one in results if one["kind"] == "scope" and one["layer"] == "laboratories")

    before = offered()
    place = a_place(committed, a_body(committed), geom="SRID=4326;POINT(105.5 21.21)")
    assert offered() == before
    line_at(committed, place, a_fact(committed, place, "8804/QĐ-TĐC"), "Nước sạch", test="Hàm lượng chì (Pb)")
    assert (offered()["places"], offered()["distance_m"]) == (before["places"] + 1, 1107)
    PlaceOfActivity.objects.filter(pk=place.pk).update(publish_state="internal")
    assert offered() == before


def test_of_many_places_that_hold_a_word_those_of_a_rare_layer_are_found_too(
    found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bodies() -> list[tuple[str, int]]:
        asked = {"limit": 20, "lon": 105.85, "lat": 21.03}
        return [(one["layer"], one["id"]) for one in found("trung tâm", **asked) if one["kind"].endswith("s")]

    wide = bodies()
    assert {"laboratories", "certification_bodies"} <= {layer for layer, _ in wide}
    monkeypatch.setattr("services.search.closeness.CANDIDATES", 20)
    monkeypatch.setattr("services.search.kept_names.CANDIDATES", 20)
    assert bodies() == wide


@pytest.mark.parametrize("layer", [layer for layer in all_layers() if layer.few], ids=lambda layer: layer.name)
@pytest.mark.parametrize("position", [None, (105.85, 21.03)])
@pytest.mark.parametrize("words", [("an",), ("trung", "tam"), ("ha", "n"), ("phong", "thu"), ("xyz",)])
def test_kept_names_are_put_in_order_as_the_database_does(
    world: date, layer: Layer, position: tuple[float, float] | None, words: tuple[str, ...]
) -> None:
    rows, point = matching(layer, FeatureQuery(day=world, words=words)), "label_point" if layer.outlines else "geom"
    asked = best_first(rows, "search_key", words, point=point, then=layer.prominent, position=position)
    kept = kept_records(layer, Asked(" ".join(words), words, world, 5)).names.best_first(words, position)
    assert [one[:2] for one in kept] == [one[:2] for one in asked]
    assert [one[2:4] for one in kept] == [one[2:4] for one in asked]
    assert [one.metres for one in kept] == pytest.approx([one.metres for one in asked], abs=0.01)


def test_what_is_said_of_a_name_follows_every_commit(found: Found, committed: Save) -> None:
    def said() -> tuple[str, str]:
        first = next(one for one in found("Trạm Số Không") if one["id"] == place.pk)
        return first["title"], first["subtitle"]

    place = a_place(committed, a_body(committed), name="Trạm Số Không", search_key="tram so khong", address="1 Cũ")
    line_at(committed, place, a_fact(committed, place, "8806/QĐ-TĐC"), "Nước sạch")
    assert said() == ("Trạm Số Không", "1 Cũ")
    PlaceOfActivity.objects.filter(pk=place.pk).update(address="2 Mới")
    assert said() == ("Trạm Số Không", "2 Mới")
    PlaceOfActivity.objects.filter(pk=place.pk).update(name="Trạm Số Không Hai")
    assert said()[0] == "Trạm Số Không Hai"


def test_a_record_without_an_address_says_the_province_it_lies_in(found: Found, committed: Save) -> None:
    place = a_place(committed, a_body(committed), name="Trạm Không Số", search_key="tram khong so", address="")
    line_at(committed, place, a_fact(committed, place, "8805/QĐ-TĐC"), "Nước sạch")
    first = next(one for one in found("Trạm Không Số") if one["id"] == place.pk)
    assert first["subtitle"] == place.province.full_name_vi


@pytest.mark.parametrize("here", [(105.85, 21.03), (-120.0, 37.0), (179.0, -40.0)])
def test_far_points_are_put_in_order_as_the_ellipsoid_has_them(world: date, here: tuple[float, float]) -> None:
    ends = AdministrativeUnit.objects.filter(level="province", code__in=("96", "22", "56"), valid_to__isnull=True)
    about, metres = SquareDegreesFrom("label_point", *here), MetresFrom("label_point", *here)
    assert len(ends) == 3 and [*ends.order_by(about)] == [*ends.order_by(metres)]


def test_what_was_asked_for_last_is_kept_and_no_more_of_it_than_there_is_room() -> None:
    made: list[int] = []
    memory: Memory[int, str] = Memory(10, size=len)

    def asked(*keys: int) -> list[str]:
        return [memory.get(key, lambda key=key: made.append(key) or "x" * key) for key in keys]

    assert asked(4, 3) == ["xxxx", "xxx"] == asked(4, 3) and made == [4, 3]
    assert asked(3, 5) == ["xxx", "xxxxx"] and made == [4, 3, 5]  # 4 was asked for before 3, so it had to go
    assert asked(4) == ["xxxx"] and made == [4, 3, 5, 4]
    assert asked(11) == ["x" * 11] and memory.total == 0


def test_of_each_thing_the_latest_version_alone_is_kept_and_made_once() -> None:
    made: list[int] = []
    latest: Latest[str, str] = Latest()

    def slowly(version: int) -> str:
        made.append(version)
        time.sleep(0.05)
        return f"names of {version}"

    with ThreadPoolExecutor(8) as threads:
        several = [threads.submit(latest.get, "names", 1, lambda: slowly(1)) for _ in range(8)]
    assert {one.result() for one in several} == {"names of 1"} and made == [1]
    assert latest.get("names", 2, lambda: slowly(2)) == "names of 2" == latest.get("names", 2, lambda: slowly(2))
    assert latest.get("names", 1, lambda: slowly(1)) == "names of 1" and made == [1, 2, 1]


def test_what_a_read_for_memory_may_take_is_no_limit_of_what_follows(world: date) -> None:
    def limit() -> str:
        with connections["open"].cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return cursor.fetchone()[0]

    with reading(None, "search"):
        before = limit()
        with limited(None, "reference"):
            assert limit() == f"{settings.QUERY_LIMITS_MS['reference'] // 1000}s" != before
        assert limit() == before


def test_an_offer_that_a_filter_cannot_say_is_not_made(found: Found, committed: Save) -> None:
    place = a_place(committed, a_body(committed))
    fact = a_fact(committed, place, "8807/QĐ-TĐC")
    line_at(committed, place, fact, "Các loại", test="", method="Zzyzx 12")
    line_at(committed, place, fact, "Zzyzx xanh; Zzyzx đỏ" + " và nhiều thứ khác" * 9, test="Độ bền màu" * 4)
    offers = [one for one in found("zzyzx", limit=20) if one["kind"] == "scope"]
    assert offers
    for one in offers:
        listed = Client().get(f"/api/v1/{one['layer']}/", {**one["filters"], "limit": 1})
        assert listed.status_code == 200 and listed.json()["numberMatched"] == one["places"] > 0, one


def test_a_worker_reads_what_the_search_keeps_before_its_first_visitor(world: date, django_assert_num_queries) -> None:
    with ThreadPoolExecutor(1) as thread:
        thread.submit(warm).result()
    with reading(None, "search"):
        asked = Asked("an", ("an",), map_day("open"), 1)
        assert asked.versions
        with django_assert_num_queries(0, using="open"):
            for layer in (one for one in all_layers() if one.few):
                assert kept_records(layer, asked).names.ids


def test_a_worker_starts_where_the_database_does_not_answer(world: date, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(using: str) -> date:
        raise OperationalError("the database system is starting up")

    monkeypatch.setattr("services.search.warming.map_day", silent)
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(warm).result() is None
