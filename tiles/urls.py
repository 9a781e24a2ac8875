"""Addresses of tiles."""

from django.urls import path, re_path

from tiles import views

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
    path("tiles/<str:layer>/versions", views.tile_versions, name="tile_versions"),
    path("tiles/<str:layer>.json", views.layer_tilejson, name="tilejson"),
    path("data/<str:layer>.pmtiles", views.archive, name="archive"),
    path("style.json", views.map_style, name="style"),
]
