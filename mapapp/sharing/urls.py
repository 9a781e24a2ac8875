"""Addresses of what can be taken along; all of them take the state of the map."""

from django.urls import path

from mapapp.sharing import area, pages, picture

urlpatterns = [
    path("area.json", area.area_json, name="area"),
    path("picture.svg", picture.picture_svg, name="picture"),
    path("picture.png", picture.picture_png, name="preview"),
    path("embed", pages.embed_page, name="embed"),
    path("print", pages.print_page, name="print"),
]
