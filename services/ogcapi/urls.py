"""Addresses of OGC API - Features; those of its tiles stand in `mapapp/urls.py`."""

from django.urls import path

from services.ogcapi import views

urlpatterns = [
    path("ogc", views.to_landing_page, name="to_ogc"),
    path("ogc/", views.landing_page, name="ogc"),
    path("ogc/conformance", views.conformance_classes, name="ogc_conformance"),
    path("ogc/api", views.description, name="ogc_api"),
    path("ogc/collections", views.all_collections, name="ogc_collections"),
    path("ogc/collections/<str:layer>", views.one_collection, name="ogc_collection"),
    path("ogc/collections/<str:layer>/items", views.items, name="ogc_items"),
    path("ogc/collections/<str:layer>/items/<str:number>", views.item, name="ogc_item"),
    path("ogc/collections/<str:layer>/queryables", views.queryables, name="ogc_queryables"),
    path("ogc/collections/<str:layer>/schema", views.schema, name="ogc_schema"),
]
