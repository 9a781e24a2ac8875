"""GeoJSON of a layer's rows, by djangorestframework-gis; the fields come from the layer."""

from functools import cache

from rest_framework import serializers
from rest_framework_gis.fields import GeometryField
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from layers.layer import Field, Layer

# Seven decimals of a degree are about a centimetre.
DECIMALS = 7


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
    geometry = {"id": serializers.ReadOnlyField(), "geom": GeometryField(precision=DECIMALS)}
    return type(f"{layer.name}_feature", (GeoFeatureModelSerializer,), {**declared, **geometry, "Meta": meta})
