"""The media types that the API answers in: a caller may ask for JSON or for GeoJSON by name."""

from rest_framework.renderers import JSONRenderer


class GeoJsonRenderer(JSONRenderer):
    """The same text, for callers whose Accept names GeoJSON alone."""

    media_type = "application/geo+json"
