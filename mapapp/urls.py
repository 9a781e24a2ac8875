"""Addresses. Fixed ones first: a layer's name can never hide one of them (layers/registry.RESERVED)."""

from django.contrib import admin
from django.urls import path


urlpatterns = [
    path("admin/", admin.site.urls),
]

handler400 = "mapapp.errors.bad_request"
handler404 = "mapapp.errors.page_not_found"
handler500 = "mapapp.errors.server_error"
