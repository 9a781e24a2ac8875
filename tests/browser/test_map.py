"""What a person sees and does on the map page, in a real browser."""

from collections.abc import Callable
from datetime import date

import pytest

from geodata.forbidden_names import find_forbidden_in
from layers.query import FeatureQuery, matching
from layers.registry import all_layers, get
from tests.browser.conftest import Visit
from tests.layers.oracle import expected

pytestmark = pytest.mark.browser
POINTS = [layer.name for layer in all_layers() if layer.geometry == "point"]
COUNTRY = (102.0, 4.5, 118.0, 23.5)

Open = Callable[..., Visit]


def sum_of(features: list[dict]) -> int:
    return sum(int(one.get("count", 1)) for one in features)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_first_view_shows_the_whole_country_with_both_archipelagos(visit: Open, phone: bool) -> None:
    shown = visit("/", phone=phone)
    shown.map_is_drawn()
    labels = {one["name_vi"] for one in shown.drawn("base-label-archipelago")}
    assert labels == {
        "Quần đảo Hoàng Sa (TP. Đà Nẵng, Việt Nam)",
        "Quần đảo Trường Sa (tỉnh Khánh Hòa, Việt Nam)",
    }
    assert "Biển Đông" in {one["name_vi"] for one in shown.drawn("base-label-sea")}
    west, south, east, north = _visible(shown)
    assert west <= COUNTRY[0] and south <= COUNTRY[1] and east >= COUNTRY[2] and north >= COUNTRY[3]


def _visible(shown: Visit) -> list[float]:
    """The bbox of the part of the map that no panel covers."""
    return shown.page.evaluate(
        """() => {
            const map = document.querySelector("#map").map;
            const { clientWidth, clientHeight } = map.getContainer();
            const { top, right, bottom, left } = map.getPadding();
            const sw = map.unproject([left, clientHeight - bottom]);
            const ne = map.unproject([clientWidth - right, top]);
            return [sw.lng, sw.lat, ne.lng, ne.lat];
        }"""
    )


@pytest.mark.parametrize("layer", POINTS)
def test_features_of_each_layer_are_drawn_and_their_counts_add_up(visit: Open, layer: str, world: date) -> None:
    shown = visit(f"/?layers={layer}")
    shown.map_is_drawn()
    drawn = shown.drawn(f"rings-{layer}", f"points-{layer}")
    unique = {repr(sorted(one.items())): one for one in drawn}.values()
    total = expected(layer, {}, world)
    assert unique and sum_of(list(unique)) == total
    assert f"{total:,}".replace(",", ".") in shown.page.inner_text("#summary")


def test_switching_a_layer_off_changes_the_picture(visit: Open) -> None:
    shown = visit("/?layers=measuring_devices")
    shown.map_is_drawn()
    with_data = shown.page.locator("#map canvas").screenshot()
    other = visit("/?layers=")
    other.map_is_drawn()
    assert other.drawn("rings-", "points-") == []
    assert other.page.locator("#map canvas").screenshot() != with_data


def test_a_filter_in_the_address_gives_the_count_of_sql_on_the_page_and_on_the_map(visit: Open, world: date) -> None:
    asked = {"status": "overdue,due_soon", "province": "01,79"}
    shown = visit("/?layers=measuring_devices&" + "&".join(f"{name}={value}" for name, value in asked.items()))
    shown.map_is_drawn()
    total = expected("measuring_devices", asked, world)
    assert str(total) in shown.page.inner_text("#summary").split()
    drawn = shown.drawn("rings-measuring_devices", "points-measuring_devices")
    unique = {repr(sorted(one.items())): one for one in drawn}.values()
    assert sum_of(list(unique)) == total


def test_choosing_a_value_changes_count_address_and_map(visit: Open, world: date) -> None:
    shown = visit("/?layers=measuring_devices")
    shown.map_is_drawn()
    page = shown.page
    page.get_by_role("tab", name="Bộ lọc").click()
    page.locator("#panel-filters label", has_text="Sắp đến hạn").first.click()
    page.wait_for_url("**status=due_soon**")
    total = expected("measuring_devices", {"status": "due_soon"}, world)
    page.wait_for_function(
        "total => document.querySelector('#summary').innerText.split(/\\s/).includes(total)", arg=str(total)
    )
    shown.map_is_drawn()
    drawn = shown.drawn("rings-measuring_devices", "points-measuring_devices")
    unique = {repr(sorted(one.items())): one for one in drawn}.values()
    assert sum_of(list(unique)) == total


def test_search_without_accents_leads_to_the_place(visit: Open) -> None:
    shown = visit("/")
    shown.map_is_drawn()
    page = shown.page
    page.get_by_role("combobox").first.fill("ca mau")
    page.get_by_role("option", name="Cà Mau").first.click()
    page.wait_for_function(
        "() => { const map = document.querySelector('#map').map; return !map.isMoving() && map.getZoom() > 7; }"
    )
    west, south, east, north = _visible(shown)
    assert west < 105.15 < east and south < 9.18 < north


def test_a_record_of_the_address_is_shown_and_closed_again(visit: Open, world: date) -> None:
    number, name = matching(get("laboratories"), FeatureQuery(day=world)).values_list("pk", "name")[0]
    shown = visit(f"/?select=laboratories/{number}")
    shown.page.wait_for_selector("#record:not([hidden])", timeout=20_000)
    shown.page.locator("#record").get_by_role("heading", name=name).wait_for(timeout=20_000)
    shown.page.locator("#record").get_by_role("button", name="Đóng hồ sơ").click()
    shown.page.wait_for_selector("#record", state="hidden")
    assert "select=" not in shown.page.url


@pytest.mark.parametrize(
    ("address", "dark"),
    [
        ("/", False),
        ("/?lang=en", True),
        ("/?layers=communes", False),
        ("/list/laboratories", True),
        ("/list/provinces?lang=en", False),
    ],
)
def test_no_page_complains_or_leaves_the_origin(visit: Open, address: str, dark: bool) -> None:
    """Whatever lies outside is cut off: the page is complete all the same."""
    shown = visit(address, dark=dark)
    if not address.startswith("/list"):
        shown.map_is_drawn()
        assert shown.drawn("base-")
    shown.page.wait_for_load_state("networkidle")
    assert (shown.complaints, shown.foreign) == ([], [])


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_forbidden_name_is_drawn(visit: Open, lang: str) -> None:
    shown = visit(f"/?lang={lang}&at=4.2/13/112")
    shown.map_is_drawn()
    names = [str(value) for one in shown.drawn("base-label-") for value in one.values()]
    assert names and find_forbidden_in(names) == {}
    assert find_forbidden_in([shown.page.content()]) == {}


def test_english_is_complete_on_the_map_page(visit: Open) -> None:
    shown = visit("/?lang=en")
    shown.map_is_drawn()
    assert shown.page.locator("html").get_attribute("lang") == "en"
    text = shown.page.inner_text("#panel")
    assert "Testing, calibration and verification laboratories" in text
    assert not any(letter in text for letter in "ấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữự")


def test_marks_in_the_filters_follow_the_theme(visit: Open) -> None:
    shown = visit("/?layers=measuring_devices")
    shown.map_is_drawn()
    shown.page.click("#tab-filters")
    mark = shown.page.locator(".option .mark").first
    mark.wait_for()
    light = mark.evaluate("canvas => canvas.toDataURL()")
    shown.page.click("#theme")
    shown.page.wait_for_function(
        "light => document.querySelector('.option .mark').toDataURL() !== light", arg=light, timeout=10_000
    )


def test_the_legend_names_every_state_of_the_layers_shown_once(visit: Open) -> None:
    shown = visit("/?layers=laboratories,measuring_devices")
    shown.map_is_drawn()
    legend = shown.page.locator(".legend-classes").inner_text()
    assert "Chưa thấy kiểm định còn hiệu lực" in legend and "Đình chỉ hiệu lực" in legend
    assert "Vị trí theo xã" in legend
    assert legend.count("Còn hiệu lực") == 1


def test_single_marks_carry_the_sign_of_their_state_at_every_zoom(visit: Open) -> None:
    shown = visit("/?layers=certification_bodies&at=6/16/107")
    shown.map_is_drawn()
    marks = {one["icon"] for one in shown.drawn("points-certification_bodies")}
    assert marks and all(icon.split("|")[3] for icon in marks)


def test_counts_by_commune_look_different_from_devices(visit: Open) -> None:
    shown = visit("/?layers=measuring_devices,device_counts")
    shown.map_is_drawn()
    badges = {
        layer: {one["icon"].split("|")[2] for one in shown.drawn(f"rings-{layer}")}
        for layer in ("measuring_devices", "device_counts")
    }
    assert badges["device_counts"] == {"hexagon:ink-soft"}
    assert badges["measuring_devices"] <= {"-"}


def test_the_tip_of_a_ring_adds_up(visit: Open) -> None:
    shown = visit("/?layers=measuring_devices")
    shown.map_is_drawn()
    ring = shown.page.evaluate(
        """() => {
            const map = document.querySelector("#map").map;
            const [ring] = map
                .queryRenderedFeatures({ layers: ["rings-measuring_devices"] })
                .sort((a, b) => b.properties.total - a.properties.total);
            const { x, y } = map.project(ring.geometry.coordinates);
            const { left, top } = map.getContainer().getBoundingClientRect();
            return { x: x + left, y: y + top, total: ring.properties.total };
        }"""
    )
    shown.page.mouse.move(ring["x"], ring["y"])
    lines = shown.page.locator(".tip span").all_inner_texts()
    numbers = [int(line.split(" (")[0].split()[-1].replace(".", "")) for line in lines]
    assert sum(numbers) == ring["total"]
