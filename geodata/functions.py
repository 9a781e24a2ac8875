"""PostGIS functions for the ORM."""

from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.db.models import Func, Value

from geodata import crs


class ToCrs(Func):
    """The geometry in another known system (`geodata.crs`), with that SRID; VN-2000 by EPSG:6960.

    PostGIS gets the PROJ text: by bare SRID its PROJ would choose a transformation by area.
    """

    template = "ST_SetSRID(ST_Transform(%(expressions)s), %(srid)s)"
    arity = 2

    def __init__(self, geometry: Any, code: int) -> None:
        field = GeometryField(srid=code)
        super().__init__(geometry, Value(crs.proj_text(code)), srid=int(code), output_field=field)
