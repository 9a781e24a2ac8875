"""The layers of the national map, in the order in which they are offered."""

from layers.catalogue import (  # noqa: F401
    administrative_units,
    certification_bodies,
    device_counts,
    inspection_sites,
    laboratories,
    measuring_devices,
)
