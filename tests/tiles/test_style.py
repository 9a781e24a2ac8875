"""The map's style: whole, without anything from another origin, data above ground and the archipelagos above all."""

import json

import pytest

from tiles.style import style

CODES = [{"code": "valid", "label": "Valid", "colour": "valid", "symbol": "✓"}]
FIELDS = [{"name": "name", "kind": "text"}, {"name": "status", "kind": "code", "codes": CODES}]
SHAPES = [
    ("labs", "point", "circle", "laboratories"),
    ("devices", "point", "circle", "status"),
    ("units", "polygon", "area", ""),
]


def described(name: str, geometry: str, shape: str, colour: str) -> dict:
    """A layer as /layers.json describes it, as far as a style reads it."""
    return {
        "id": name,
        "geometry": geometry,
        "zooms": [0, 16],
        "default": name == "labs",
        "style": {"shape": shape, "colour": colour, "class": "status" if geometry == "point" else None},
        "fields": FIELDS,
        "links": {"tiles": f"/tiles/{name}/{{z}}/{{x}}/{{y}}.mvt"},
    }


@pytest.fixture(params=[("vi", "light"), ("en", "dark")], ids="-".join)
def made(request: pytest.FixtureRequest) -> dict:
    lang, theme = request.param
    return style([described(*shape) for shape in SHAPES], lang=lang, theme=theme, base_url="http://map.test")


def test_it_is_plain_json_without_glyphs_or_sprite(made: dict) -> None:
    assert json.loads(json.dumps(made)) == made
    assert "glyphs" not in made and "sprite" not in made


def test_every_layer_has_a_source_and_is_drawn(made: dict) -> None:
    drawn = {part.get("metadata", {}).get("map:layer") for part in made["layers"]}
    for name, *_ in SHAPES:
        assert made["sources"][name]["tiles"] == [f"http://map.test/tiles/{name}/{{z}}/{{x}}/{{y}}.mvt"]
        assert name in drawn


def test_no_address_leaves_the_origin(made: dict) -> None:
    for source in made["sources"].values():
        assert all(address.startswith("http://map.test/") for address in source["tiles"])


def test_ids_are_unique_and_sources_exist(made: dict) -> None:
    ids = [part["id"] for part in made["layers"]]
    assert len(ids) == len(set(ids))
    assert all(part.get("source", "basemap") in made["sources"] for part in made["layers"])


def test_the_archipelagos_names_are_drawn_last_at_every_zoom_whatever_lies_there(made: dict) -> None:
    last = made["layers"][-1]
    assert last["id"] == "base-label-archipelago"
    assert last["layout"]["text-allow-overlap"] is True
    assert "minzoom" not in last and "maxzoom" not in last


def test_names_give_way_to_data(made: dict) -> None:
    ids = [part["id"] for part in made["layers"]]
    labels = [at for at, name in enumerate(ids[:-1]) if name.startswith("base-label-")]
    data = [at for at, part in enumerate(made["layers"]) if part["type"] == "circle"]
    assert max(labels) < min(data)


def test_sources_are_credited() -> None:
    credited = style(
        [described(*SHAPES[0])], lang="vi", theme="light", base_url="", credit="Data", ground_credit="Land"
    )
    assert [source["attribution"] for source in credited["sources"].values()] == ["Land", "Data"]


def test_sources_without_a_credit_name_nobody(made: dict) -> None:
    assert not any("attribution" in source for source in made["sources"].values())
