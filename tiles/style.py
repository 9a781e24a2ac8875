"""The MapLibre style of the map: quiet ground from our own tiles, sharp data above, labels that give way to data.

Pure data from the described layers (`/layers.json`). There is no `glyphs` address: labels are drawn from the page's
web font. The map page leaves the point layers of this style out, for it merges their clusters on the screen; other
programs draw them as they stand here. Layers of data carry `metadata["map:layer"]`, the name of their layer.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from geodata.archipelagos import COUNTRY_VIEW
from tiles.palette import Theme, colour

Json = dict[str, Any]

# The first name chooses the weight, the second is the family that the page has loaded.
REGULAR = ["Be Vietnam Pro Medium", "Be Vietnam Pro"]
SEMIBOLD = ["Be Vietnam Pro SemiBold", "Be Vietnam Pro"]
ITALIC = ["Be Vietnam Pro Italic", "Be Vietnam Pro"]
COMMUNES_FROM_ZOOM = 9
# Where data stands on a name's place, the name looks for another beside it before it gives up.
_GIVES_WAY: Json = {
    "text-variable-anchor": ["center", "top", "bottom", "left", "right"],
    "text-radial-offset": 1.1,
}
BASEMAP_MAXZOOM = 12


def style(
    layers: Sequence[Mapping[str, Any]],
    *,
    lang: str,
    theme: Theme,
    base_url: str,
    credit: str = "",
    ground_credit: str = "",
) -> Json:
    """The whole style. `layers` are those of `/layers.json`; `base_url` is the origin, without a final slash.

    `credit` is what a map must say of the layers' data, `ground_credit` of what lies below them.
    """
    return {
        "version": 8,
        "name": "National map" if lang == "en" else "Bản đồ quốc gia",
        "metadata": {"map:theme": theme, "map:lang": lang, "map:country": list(COUNTRY_VIEW)},
        "center": [108.5, 14.6],
        "zoom": 4.6,
        "sources": {
            "basemap": _basemap_source(base_url, ground_credit),
            **{layer["id"]: _source(layer, base_url, credit) for layer in layers},
        },
        "layers": [
            *_ground(theme),
            *_areas(layers, theme),
            *_lines(theme),
            *_labels(lang, theme),
            *_points(layers, theme),
            _archipelago_label(lang, theme),
        ],
    }


def _basemap_source(base_url: str, credit: str) -> Json:
    return {
        "type": "vector",
        "tiles": [f"{base_url}/tiles/basemap/{{z}}/{{x}}/{{y}}.mvt"],
        "maxzoom": BASEMAP_MAXZOOM,
        **({"attribution": credit} if credit else {}),
    }


def _source(layer: Mapping[str, Any], base_url: str, credit: str) -> Json:
    least, most = layer["zooms"]
    return {
        "type": "vector",
        "tiles": [base_url + layer["links"]["tiles"]],
        "minzoom": least,
        "maxzoom": most,
        **({"attribution": credit} if credit else {}),
    }


def _basemap(name: str, kind: str, source_layer: str, **rest: Any) -> Json:
    return {"id": f"base-{name}", "type": kind, "source": "basemap", "source-layer": source_layer, **rest}


def _ground(theme: Theme) -> list[Json]:
    """Sea, the neighbours' land, ours, and lakes."""
    return [
        {"id": "base-sea", "type": "background", "paint": {"background-color": colour("sea", theme)}},
        _basemap("neighbours", "fill", "land", paint={"fill-color": colour("neighbours", theme)}),
        _basemap(
            "borders",
            "line",
            "borders",
            paint={"line-color": colour("neighbours_line", theme), "line-width": _by_zoom({4: 0.6, 10: 1.4})},
        ),
        _basemap("provinces-land", "fill", "provinces", paint={"fill-color": colour("land", theme)}),
        _basemap(
            "lakes",
            "fill",
            "water",
            filter=["==", ["geometry-type"], "Polygon"],
            paint={"fill-color": colour("water", theme)},
        ),
    ]


def _areas(layers: Sequence[Mapping[str, Any]], theme: Theme) -> list[Json]:
    """Layers of polygons: a breath of the accent, so that the ground still shows."""
    return [part for layer in layers if layer["geometry"] == "polygon" for part in _area(layer, theme)]


def _area(layer: Mapping[str, Any], theme: Theme) -> list[Json]:
    accent = colour("accent", theme)
    shared = {"source": layer["id"], "source-layer": layer["id"], "metadata": {"map:layer": layer["id"]}}
    hidden = {"visibility": "visible" if layer["default"] else "none"}
    return [
        {
            "id": f"areas-{layer['id']}",
            "type": "fill",
            **shared,
            "layout": hidden,
            "paint": _area_fill(accent),
        },
        {
            "id": f"edges-{layer['id']}",
            "type": "line",
            **shared,
            "layout": hidden,
            "paint": _area_edge(accent),
        },
    ]


def _area_fill(accent: str) -> Json:
    hovered = ["boolean", ["feature-state", "hover"], False]
    return {"fill-color": accent, "fill-opacity": ["case", hovered, 0.22, 0.08]}


def _area_edge(accent: str) -> Json:
    return {"line-color": accent, "line-opacity": 0.7, "line-width": _by_zoom({5: 0.6, 12: 1.6})}


def _lines(theme: Theme) -> list[Json]:
    return [_communes(theme), _rivers(theme), *_roads(theme), _railways(theme), _provinces(theme)]


def _communes(theme: Theme) -> Json:
    paint = {
        "line-color": colour("admin_line", theme),
        "line-width": _by_zoom({9: 0.4, 13: 1}),
        "line-opacity": _by_zoom({COMMUNES_FROM_ZOOM: 0.0, COMMUNES_FROM_ZOOM + 1: 0.55}),
    }
    return _basemap("communes", "line", "communes", minzoom=COMMUNES_FROM_ZOOM, paint=paint)


def _rivers(theme: Theme) -> Json:
    return _basemap(
        "rivers",
        "line",
        "water",
        filter=["==", ["geometry-type"], "LineString"],
        layout={"line-cap": "round", "line-join": "round"},
        paint={"line-color": colour("water", theme), "line-width": _by_zoom({4: 0.5, 8: 1.1, 13: 2.5})},
    )


def _roads(theme: Theme) -> list[Json]:
    return [
        _road("roads-secondary", "road_secondary", {8: 0.5, 13: 2.2}, theme, minzoom=8),
        _road("roads-primary", "road_primary", {6: 0.6, 9: 1.4, 13: 3.2}, theme, minzoom=6),
    ]


def _road(name: str, kind: str, widths: Mapping[float, float], theme: Theme, *, minzoom: int) -> Json:
    return _basemap(
        name,
        "line",
        "roads",
        minzoom=minzoom,
        filter=["==", ["get", "kind"], kind],
        layout={"line-cap": "round", "line-join": "round"},
        paint={"line-color": colour("road", theme), "line-width": _by_zoom(widths)},
    )


def _railways(theme: Theme) -> Json:
    paint = {
        "line-color": colour("admin_line", theme),
        "line-width": _by_zoom({8: 0.6, 13: 1.4}),
        "line-dasharray": [3, 3],
        "line-opacity": 0.6,
    }
    return _basemap("railways", "line", "railways", minzoom=8, paint=paint)


def _provinces(theme: Theme) -> Json:
    paint = {"line-color": colour("admin_line", theme), "line-width": _by_zoom({4: 0.6, 8: 1.2, 12: 2})}
    return _basemap("provinces", "line", "provinces", layout={"line-join": "round"}, paint=paint)


def _labels(lang: str, theme: Theme) -> list[Json]:
    """Names below the data: where both want a place, the name gives way."""
    return [
        _place_label("label-commune", "commune", lang, theme, minzoom=10.5, size=_by_zoom({10: 11, 14: 12.5})),
        _place_label("label-place", "place", lang, theme, minzoom=8, maxzoom=10.5, size=_by_zoom({8: 11, 11: 12.5})),
        _place_label("label-island", "island", lang, theme, minzoom=5.2, size=11),
        _province_label(lang, theme),
        _sea_label(lang, theme),
    ]


def _name(lang: str) -> list[Any]:
    return ["coalesce", ["get", f"name_{lang}"], ["get", "name_vi"]]


def _label(name: str, kind: str, *, layout: Json, paint: Json, **rest: Any) -> Json:
    shared = {"symbol-sort-key": ["coalesce", ["get", "rank"], 9], "text-padding": 3}
    return _basemap(
        name,
        "symbol",
        "labels",
        filter=["==", ["get", "kind"], kind],
        layout={**shared, **layout},
        paint=paint,
        **rest,
    )


def _place_label(name: str, kind: str, lang: str, theme: Theme, *, size: Any, **zooms: float) -> Json:
    layout = {"text-field": _name(lang), "text-font": REGULAR, "text-size": size, "text-max-width": 8, **_GIVES_WAY}
    return _label(name, kind, layout=layout, paint=_halo("label", theme), **zooms)


def _province_label(lang: str, theme: Theme) -> Json:
    layout = {
        "text-field": _name(lang),
        "text-font": SEMIBOLD,
        "text-size": _by_zoom({5: 11, 7: 13, 10: 16}),
        "text-letter-spacing": 0.03,
        "text-max-width": 8,
        **_GIVES_WAY,
    }
    return _label("label-province", "province", layout=layout, paint=_halo("label", theme), minzoom=4.8, maxzoom=11)


def _sea_label(lang: str, theme: Theme) -> Json:
    """The sea's name steps aside where data take its place, before it gives way.

    Not in capitals: MapLibre 6.17 sets a glyph exactly 55 units high (Ể in italics) eight units too low.
    """
    layout = {
        "text-field": _name(lang),
        "text-font": ITALIC,
        "text-size": _by_zoom({3: 12, 5: 19, 8: 26}),
        "text-letter-spacing": 0.18,
        "text-max-width": 14,
        "text-variable-anchor": ["center", "bottom", "top", "left", "right"],
        "text-radial-offset": 1.2,
    }
    return _label("label-sea", "sea", layout=layout, paint={"text-color": colour("sea_ink", theme)})


def _archipelago_label(lang: str, theme: Theme) -> Json:
    """Quần đảo Hoàng Sa, Quần đảo Trường Sa: always drawn, above all data, in two lines broken at the bracket."""
    layout = {
        "text-field": _broken_at_bracket(_name(lang)),
        "text-font": SEMIBOLD,
        "text-size": _by_zoom({3: 10.5, 5: 12.5, 8: 15}),
        "text-max-width": 24,
        "text-line-height": 1.25,
        "text-allow-overlap": True,
        "text-ignore-placement": False,
    }
    # Wide enough to keep the dots of islets from reading as accents of the letters.
    paint = {**_halo("ink_soft", theme, ground="sea"), "text-halo-width": 2.6}
    return _label("label-archipelago", "archipelago", layout=layout, paint=paint)


def _broken_at_bracket(name: list[Any]) -> list[Any]:
    at = ["index-of", " (", ["var", "name"]]
    broken = ["concat", ["slice", ["var", "name"], 0, at], "\n", ["slice", ["var", "name"], ["+", at, 1]]]
    return ["let", "name", ["to-string", name], ["case", ["<", at, 0], ["var", "name"], broken]]


def _halo(name: str, theme: Theme, *, ground: str = "land") -> Json:
    return {
        "text-color": colour(name, theme),
        "text-halo-color": colour(ground, theme),
        "text-halo-width": 1.4,
    }


def _points(layers: Sequence[Mapping[str, Any]], theme: Theme) -> list[Json]:
    """Point layers as plain circles with their count, for programs that do not merge clusters themselves."""
    return [part for layer in layers if layer["geometry"] == "point" for part in _point(layer, theme)]


def _point(layer: Mapping[str, Any], theme: Theme) -> list[Json]:
    visibility = "visible" if layer["default"] else "none"
    shared = {"source": layer["id"], "source-layer": layer["id"], "metadata": {"map:layer": layer["id"]}}
    circle = {
        "circle-color": _point_colour(layer, theme),
        "circle-radius": _cluster_radius(),
        "circle-stroke-color": colour("panel", theme),
        "circle-stroke-width": 1.5,
    }
    count = {
        "visibility": visibility,
        "text-field": ["to-string", ["get", "count"]],
        "text-font": SEMIBOLD,
        "text-size": 11,
    }
    return [
        {
            "id": layer["id"],
            "type": "circle",
            **shared,
            "layout": {"visibility": visibility},
            "paint": circle,
        },
        {
            "id": f"{layer['id']}-count",
            "type": "symbol",
            **shared,
            "filter": ["has", "count"],
            "layout": count,
            "paint": {"text-color": colour("panel", theme)},
        },
    ]


def _cluster_radius() -> list[Any]:
    """6 px for one, 11 to 26 px for clusters by the logarithm of their count."""
    logarithm = ["log10", ["coalesce", ["get", "count"], 1]]
    return ["case", ["has", "count"], ["interpolate", ["linear"], logarithm, 0.3, 11, 6, 26], 6]


def _point_colour(layer: Mapping[str, Any], theme: Theme) -> Any:
    """The layer's own colour; where its colour is its status, the colour of each feature's code."""
    declared = layer["style"]["colour"] or "accent"
    if declared != "status":
        return colour(declared, theme)
    codes = [(code["code"], colour(code["colour"], theme)) for code in _class_codes(layer) if code.get("colour")]
    pairs = [part for pair in codes for part in pair]
    return (
        ["match", ["get", layer["style"]["class"]], *pairs, colour("unknown", theme)]
        if pairs
        else colour("accent", theme)
    )


def _class_codes(layer: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    for field in layer["fields"]:
        if field["name"] == layer["style"]["class"]:
            return field.get("codes") or ()
    return ()


def _by_zoom(stops: Mapping[float, float]) -> list[Any]:
    return ["interpolate", ["linear"], ["zoom"], *(part for stop in stops.items() for part in stop)]
