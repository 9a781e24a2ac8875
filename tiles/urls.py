"""Addresses of tiles."""

from django.urls import path, re_path

from tiles import views
from tiles.streets.views import streets_tile

urlpatterns = [
    re_path(
        r"^tiles/basemap/(?P<z>[^/]+)/(?P<x>[^/]+)/(?P<y>[^/]+)\.mvt$",
        views.basemap_tile,
        name="basemap_tile",
    ),
    re_path(r"^tiles/(?P<layer>[^/]+)/(?P<z>[^/]+)/(?P<x>[^/]+)/(?P<y>[^/]+)\.mvt$", views.tile, name="tile"),
    re_path(
        r"^tiles/(?P<layer>[^/]+)/(?P<version>[^/]+)/(?P<z>[^/]+)/(?P<x>[^/]+)/(?P<y>[^/]+)\.mvt$",
        views.tile_of_version,
        name="tile_of_version",
    ),
    re_path(
        r"^streets/(?P<version>[0-9a-f]+)/(?P<z>[^/]+)/(?P<x>[^/]+)/(?P<y>[^/]+)\.mvt$",
        streets_tile,
        name="streets_tile",
    ),
    path("tiles/<str:layer>/versions", views.tile_versions, name="tile_versions"),
    path("tiles/<str:layer>.json", views.layer_tilejson, name="tilejson"),
    path("data/<str:layer>.pmtiles", views.archive, name="archive"),
    path("style.json", views.map_style, name="style"),
]
