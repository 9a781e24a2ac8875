"""The layers of the national map, in the order in which they are offered: one line each."""

from layers.catalogue import (
    administrative_units,
    certification_bodies,
    device_counts,
    inspection_sites,
    laboratories,
    measuring_devices,
)
from layers.registry import register

register(laboratories.LAYER)
register(certification_bodies.LAYER)
register(measuring_devices.LAYER)
register(device_counts.LAYER)
register(inspection_sites.LAYER)
register(administrative_units.PROVINCES_LAYER)
register(administrative_units.COMMUNES_LAYER)
