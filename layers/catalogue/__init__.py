"""The layers of the national map, then the tables, in the order in which they are offered: one line each."""

from layers.catalogue import (
    administrative_units,
    certification_bodies,
    device_counts,
    inspection_sites,
    laboratories,
    measuring_devices,
)
from layers.catalogue.tables import devices, organisations, qualifications, standards, unit_changes
from layers.registry import register

register(laboratories.LAYER)
register(certification_bodies.LAYER)
register(measuring_devices.LAYER)
register(device_counts.LAYER)
register(inspection_sites.LAYER)
register(administrative_units.PROVINCES_LAYER)
register(administrative_units.COMMUNES_LAYER)
register(organisations.ORGANISATIONS)
register(qualifications.QUALIFICATIONS)
register(qualifications.SCOPE_LINES)
register(devices.VERIFICATIONS)
register(devices.TYPE_APPROVALS)
register(devices.DEVICE_TYPES_TABLE)
register(standards.STANDARDS_TABLE)
register(unit_changes.UNIT_CHANGES)
