"""The conformance classes that this service keeps: those, and no others, that its tests show."""

_FEATURES, _CRS, _FILTER, _CQL2, _TILES, _TMS = (
    f"http://www.opengis.net/spec/{part}/conf"
    for part in (
        "ogcapi-features-1/1.0",
        "ogcapi-features-2/1.0",
        "ogcapi-features-3/1.0",
        "cql2/1.0",
        "ogcapi-tiles-1/1.0",
        "tms/2.0",
    )
)
_COMMON = "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core"

CLASSES = (
    _COMMON,
    *(f"{_FEATURES}/{name}" for name in ("core", "geojson", "html", "oas30")),
    f"{_CRS}/crs",
    *(f"{_FILTER}/{name}" for name in ("queryables", "filter", "features-filter")),
    *(f"{_CQL2}/{name}" for name in ("cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators")),
    *(f"{_CQL2}/{name}" for name in ("case-insensitive-comparison", "accent-insensitive-comparison")),
    *(f"{_CQL2}/{name}" for name in ("basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions")),
    *(f"{_CQL2}/{name}" for name in ("temporal-functions", "property-property")),
    *(f"{_TILES}/{name}" for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "oas30", "mvt")),
    *(f"{_TMS}/{name}" for name in ("tilematrixset", "json-tilematrixset", "json-tilesetmetadata")),
)
