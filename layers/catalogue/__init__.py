"""The layers of the national map, in the order in which they are offered."""

from layers.catalogue import (  # noqa: F401
    laboratories,
    certification_bodies,
    measuring_devices,
    device_counts,
    inspection_sites,
    administrative_units,
)
