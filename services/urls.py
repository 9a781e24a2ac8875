"""Addresses of the services for other software."""

from django.urls import path

from services import search
from services.api import views
from services.api.schema import Schema

urlpatterns = [
    path("api/v1/search/", search.search, name="search"),
    path("api/v1/schema/", Schema.as_view(), name="schema"),
    path("api/v1/<str:layer>/", views.items, name="items"),
    path("api/v1/<str:layer>/facets/", views.layer_facets, name="facets"),
    path("api/v1/<str:layer>/<str:number>/", views.item, name="item"),
]
