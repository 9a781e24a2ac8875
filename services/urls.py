"""Addresses of the services for other software."""

from django.urls import include, path, re_path

from services import find
from services.api import index, nearest, views
from services.api.schema import Schema
from services.downloads.views import download
from services.search import views as search
from services.verify import views as verify
from services.wfs.views import wfs

urlpatterns = [
    path("wfs", wfs, name="wfs"),
    path("api/v1/", index.index, name="api"),
    path("api/v1/search/", search.search, name="search"),
    path("api/v1/find/", find.find_bodies, name="find_bodies"),
    path("api/v1/verify/", verify.verify, name="verify_number"),
    path("verify/keys.json", verify.keys, name="verify_keys"),
    path("api/v1/schema/", Schema.as_view(), name="schema"),
    path("api/v1/<str:layer>/", views.items, name="items"),
    path("api/v1/<str:layer>/nearest/", nearest.nearest_items, name="nearest"),
    path("api/v1/<str:layer>/facets/", views.layer_facets, name="facets"),
    path("api/v1/<str:layer>/<str:number>/", views.item, name="item"),
    re_path(r"^api/v1(?:/(?P<first>[^/]+)(?:/[^/]+)?)?$", index.with_slash, name="with_slash"),
    path("", include("services.ogcapi.urls")),
    re_path(r"^data/(?P<layer>[^/.]+)\.(?P<form>[a-z.]+)$", download, name="download"),
]
