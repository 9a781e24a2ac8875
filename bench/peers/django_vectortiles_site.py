"""A whole Django site of one model and one tile view: the least that django-vectortiles needs."""

import os
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings

_URL = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    SECRET_KEY="not-secret",  # noqa: S106 - nothing is signed
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["vectortiles"],
    MIDDLEWARE=["django.middleware.gzip.GZipMiddleware"],
    DATABASES={
        "default": {
            "ENGINE": "django.contrib.gis.db.backends.postgis",
            "NAME": _URL.path.lstrip("/"),
            "USER": _URL.username,
            "PASSWORD": _URL.password,
            "HOST": _URL.hostname,
            "PORT": _URL.port,
            "CONN_MAX_AGE": int(os.environ["CONN_MAX_AGE"]),
            "OPTIONS": {"options": f"{parse_qs(_URL.query)['options'][0]} -c search_path=peers,public"},
        }
    },
)
django.setup()

from django.contrib.gis.db import models  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402
from vectortiles.backends.postgis import VectorLayer  # noqa: E402
from vectortiles.views import MVTView  # noqa: E402


class Device(models.Model):
    """A row of the view that all peers serve."""

    id = models.BigIntegerField(primary_key=True)
    status = models.TextField()
    device_type = models.TextField()
    valid_until = models.DateField(null=True)
    geom_accuracy = models.TextField()
    geom = models.PointField()

    class Meta:
        app_label = "peers"
        db_table = "devices"
        managed = False


class DeviceLayer(VectorLayer):
    """The layer as its documentation shows one."""

    model = Device
    id = "devices"
    tile_fields = ("id", "status", "device_type", "valid_until", "geom_accuracy")
    tile_buffer = 0


class DeviceTiles(MVTView):
    """The view of its tiles."""

    layer_classes = (DeviceLayer,)


urlpatterns = [path("tiles/<int:z>/<int:x>/<int:y>", DeviceTiles.as_view())]
application = get_wsgi_application()
