"""Addresses. Fixed ones first: a layer's name can never hide one of them (layers/registry.RESERVED)."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from mapapp import full_files, health, tilesets, verify_page, views
from tiles.tilesets import tile

urlpatterns = [
    path("", views.map_page, name="map"),
    path("live", health.live, name="live"),
    path("ready", health.ready, name="ready"),
    path("layers.json", views.layers_json, name="layers"),
    path("list/<str:layer>", views.list_page, name="list"),
    path("find", views.find_page, name="find"),
    path("data/", views.data_page, name="data"),
    re_path(r"^data/full/(?P<name>[^/.]+)\.(?P<form>[a-z.]+)$", full_files.full_file, name="full_file"),
    path("about", views.about_page, name="about"),
    path("about/errors", views.errors_page, name="errors"),
    path("verify", verify_page.verify_page, name="verify"),
    path("verify/signed", verify_page.signed_page, name="verify_signed"),
    path("verify/worker.js", verify_page.worker, name="verify_worker"),
    path("favicon.ico", RedirectView.as_view(url=static("img/mark.svg")), name="icon"),
    path("admin/", admin.site.urls),
    path("", include("mapapp.report.urls")),
    path("", include("mapapp.sharing.urls")),
    path("", include("mapapp.qgis.urls")),
    path("ogc/tileMatrixSets", tilesets.all_matrix_sets, name="ogc_matrix_sets"),
    path("ogc/tileMatrixSets/<str:name>", tilesets.matrix_set, name="ogc_matrix_set"),
    path("ogc/collections/<str:layer>/tiles", tilesets.all_tilesets, name="ogc_tilesets"),
    path("ogc/collections/<str:layer>/tiles/<str:name>", tilesets.tileset, name="ogc_tileset"),
    path(
        "ogc/collections/<str:layer>/tiles/<str:name>/<str:z>/<str:y>/<str:x>",
        tile,
        name="ogc_tile",
    ),
    path("", include("tiles.urls")),
    path("", include("services.urls")),
    re_path(r"^(?P<layer>[a-z_]+)/(?P<number>[0-9]+)\.json$", views.record_json, name="record_json"),
    re_path(r"^(?P<layer>[a-z_]+)/(?P<number>[0-9]+)$", views.record_page, name="record"),
]

handler400 = "mapapp.errors.bad_request"
handler404 = "mapapp.errors.page_not_found"
handler500 = "mapapp.errors.server_error"
