"""A check map of what is loaded: one HTML file that needs no network, no server and no other file."""

from pathlib import Path
from typing import cast

import folium
import geopandas as gpd
import numpy as np
import shapely
from branca.element import Element, Figure
from django.contrib.gis.geos import MultiPolygon
from django.db.models import Count, Q
from django.utils.html import escape

from geodata.archipelagos import ARCHIPELAGOS, COUNTRY_VIEW
from geodata.crs import WGS84
from geodata.models import AdministrativeUnit, BaseMapFeature, LoadedSource

LEAFLET = Path(__file__).parent.parent / "node_modules" / "leaflet" / "dist"
_ZOOM = 6
_STYLE = """
.leaflet-container { background: #D7E6ED; font: 14px/1.4 sans-serif; }
.check { position: absolute; z-index: 1000; right: 12px; top: 12px; max-width: 20rem; padding: 12px 16px;
         background: #FFFFFF; border-radius: 8px; box-shadow: 0 1px 6px rgba(0, 0, 0, .25); color: #17242D; }
.check h1 { font-size: 16px; margin: 0 0 8px; }
.check th { text-align: left; font-weight: 400; padding-right: 16px; }
.check td { text-align: right; font-variant-numeric: tabular-nums; }
.archipelago { width: 13rem; margin-left: -6.5rem; text-align: center; color: #2B5F7F; font-style: italic; }
"""


class StandAloneMap(folium.Map):
    """A folium map that asks no other address for scripts and styles: Leaflet is written into the page."""

    default_js: list[tuple[str, str]] = []
    default_css: list[tuple[str, str]] = []

    def embed_leaflet(self) -> None:
        """Put Leaflet and our styles into the head, before the map's own script."""
        head = self.figure.header
        script = (LEAFLET / "leaflet.js").read_text(encoding="utf-8").replace("//# sourceMappingURL=leaflet.js.map", "")
        style = (LEAFLET / "leaflet.css").read_text(encoding="utf-8")
        head.add_child(Element(f"<script>{script}</script>"), name="leaflet_script")
        head.add_child(Element(f"<style>{style}{_STYLE}</style>"), name="leaflet_style")

    @property
    def figure(self) -> Figure:
        """The page around the map."""
        return cast(Figure, self.get_root())


def write_report(path: Path) -> None:
    """Write the map: provinces with their number of communes, other land, both archipelagos, counts."""
    west, south, east, north = COUNTRY_VIEW
    page = StandAloneMap(tiles=None, zoom_snap=0.25, attribution_control=False)
    _land().add_to(page)
    _provinces().add_to(page)
    for archipelago in ARCHIPELAGOS:
        _label(archipelago.label.vi, archipelago.anchor).add_to(page)
    page.fit_bounds([[south, west], [north, east]])
    page.figure.html.add_child(Element(_counts()))
    page.embed_leaflet()
    page.save(str(path))


def _land() -> folium.GeoJson:
    features = BaseMapFeature.objects.filter(
        kind=BaseMapFeature.Kind.LAND, min_zoom__lte=_ZOOM, max_zoom__gte=_ZOOM
    ).values_list("geom", flat=True)
    frame = gpd.GeoDataFrame(geometry=[_rounded(geom.wkb) for geom in features], crs=WGS84)
    style = {"color": "#ECEAE4", "weight": 0.5, "fillColor": "#ECEAE4", "fillOpacity": 1}
    return folium.GeoJson(frame, style_function=lambda feature: style, interactive=False)


def _provinces() -> folium.GeoJson:
    units = AdministrativeUnit.objects.in_force().provinces()
    rows = units.annotate(communes=Count("children", filter=Q(children__valid_to__isnull=True)))
    columns = [{"code": row.code, "name": row.full_name_vi, "communes": row.communes} for row in rows]
    frame = gpd.GeoDataFrame(columns, geometry=[_rounded(_shape(row).wkb) for row in rows], crs=WGS84)
    style = {"color": "#9AA7AF", "weight": 1, "fillColor": "#FBFAF6", "fillOpacity": 1}
    aliases = ["Mã / Code", "Tên / Name", "Số xã / Communes"]
    tooltip = folium.GeoJsonTooltip(["code", "name", "communes"], aliases=aliases)
    return folium.GeoJson(frame, style_function=lambda feature: style, tooltip=tooltip)


def _shape(unit: AdministrativeUnit) -> MultiPolygon:
    outline = unit.outlines.filter(max_zoom__gte=_ZOOM).order_by("max_zoom").first()
    return outline.geom if outline else unit.geom


def _rounded(wkb: memoryview) -> shapely.Geometry:
    """The geometry to about 10 m, which a check map does not show and a file of it need not carry."""
    return shapely.transform(shapely.from_wkb(bytes(wkb)), lambda coordinates: np.round(coordinates, 4))


def _label(text: str, anchor: tuple[float, float]) -> folium.Marker:
    lon, lat = anchor
    icon = folium.DivIcon(html=f'<div class="archipelago">{escape(text)}</div>', icon_size=(0, 0))
    return folium.Marker([lat, lon], icon=icon)


def _counts() -> str:
    units = AdministrativeUnit.objects.in_force()
    source = LoadedSource.objects.filter(name="boundaries").first()
    rows = {
        "Tỉnh, thành phố / Provinces": units.provinces().count(),
        "Xã, phường, đặc khu / Communes": units.communes().count(),
        "Ranh giới gần đúng / Approximate": units.filter(official=False).count(),
        "Đơn vị đã bãi bỏ / Abolished units": AdministrativeUnit.objects.filter(valid_to__isnull=False).count(),
    }
    table = "".join(f"<tr><th>{escape(name)}</th><td>{count}</td></tr>" for name, count in rows.items())
    origin = escape(source.origin if source else "")
    return f'<div class="check"><h1>Địa giới đã nạp / Boundaries</h1><table>{table}</table><p>{origin}</p></div>'
