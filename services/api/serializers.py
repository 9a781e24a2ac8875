"""GeoJSON of a layer's rows, by djangorestframework-gis; the fields come from the layer."""

from functools import cache

import shapely
from django.contrib.gis.geos import GEOSGeometry
from rest_framework import serializers
from rest_framework_gis.fields import GeometryField
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from layers.layer import Field, Layer

# Seven decimals of a degree are about a centimetre.
DECIMALS = 7


class Geometry(GeometryField):
    """A geometry whose coordinates are rounded all at once: one by one they took most of the time of long outlines."""

    def to_representation(self, value: GEOSGeometry | None) -> dict | None:
        """The geometry as GeoJSON, None where the row has none."""
        if value is None:
            return None
        shape = shapely.from_wkb(bytes(value.wkb))
        return shapely.transform(shape, lambda coordinates: coordinates.round(DECIMALS)).__geo_interface__


@cache
def serializer_for(layer: Layer, fields: tuple[Field, ...]) -> type[GeoFeatureModelSerializer]:
    """The serializer of rows given as mappings with `id`, `geom` and the properties of these fields."""
    names = [name for item in fields for name in ((item.name, f"{item.name}_label") if item.labelled else (item.name,))]
    meta = type(
        "Meta",
        (),
        {"model": layer.model, "geo_field": "geom", "id_field": "id", "fields": ["id", "geom", *names]},
    )
    declared = {name: serializers.ReadOnlyField() for name in names}
    geometry = {"id": serializers.ReadOnlyField(), "geom": Geometry()}
    return type(f"{layer.name}_feature", (GeoFeatureModelSerializer,), {**declared, **geometry, "Meta": meta})
