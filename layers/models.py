"""All tables of the registers, where Django looks for them."""

from layers.competence.tables import ScopeSubject, SearchWord
from layers.registers.checks import Check
from layers.registers.deliveries import Delivery, EvidenceRegister, NumberPattern
from layers.registers.devices import (
    DeviceBatch,
    DeviceCount,
    DeviceType,
    DeviceTypeRule,
    MeasuringDevice,
    TypeApproval,
)
from layers.registers.map_day import DataOrigin, MapDay, Tombstone
from layers.registers.organisations import Organisation, OrganisationName, PlaceOfActivity
from layers.registers.qualifications import AccreditationField, Authority, Qualification, Scheme, ScopeLine
from layers.registers.reports import Report
from layers.registers.sites import InspectionSite
from layers.registers.standards import Standard, StandardEdition
from layers.registers.tickets import Attempt, Photo, Ticket, Vote
from layers.registers.verifications import Verification

__all__ = [
    "AccreditationField",
    "Attempt",
    "Authority",
    "Check",
    "DataOrigin",
    "Delivery",
    "DeviceBatch",
    "DeviceCount",
    "DeviceType",
    "DeviceTypeRule",
    "EvidenceRegister",
    "InspectionSite",
    "MapDay",
    "MeasuringDevice",
    "NumberPattern",
    "Organisation",
    "OrganisationName",
    "Photo",
    "PlaceOfActivity",
    "Qualification",
    "Report",
    "Scheme",
    "ScopeLine",
    "ScopeSubject",
    "SearchWord",
    "Standard",
    "StandardEdition",
    "Ticket",
    "Tombstone",
    "TypeApproval",
    "Verification",
    "Vote",
]
