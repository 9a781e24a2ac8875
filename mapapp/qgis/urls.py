"""The address of the project for QGIS."""

from django.urls import path

from mapapp.qgis import views

urlpatterns = [path("qgis/map.qgs", views.map_project, name="qgis_project")]
