"""The code lists of the units in force, by which every layer can be asked."""

from django.db.models import Q

from layers.codes import TableCodes

PROVINCES = TableCodes(
    "province",
    "geodata.AdministrativeUnit",
    where=Q(level="province", valid_to__isnull=True),
    label=("full_name_vi", "name_en"),
)
COMMUNES = TableCodes(
    "commune",
    "geodata.AdministrativeUnit",
    where=Q(level="commune", valid_to__isnull=True),
    label=("full_name_vi", "name_en"),
    inline=False,
)
