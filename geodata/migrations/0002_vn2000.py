"""The VN-2000 zones that PostGIS 3.3 does not know yet, in its table of coordinate systems."""

from typing import Any

from django.db import migrations
from pyproj import CRS

from geodata.crs import VN2000_CODES, proj_text

_MAY_WRITE = "SELECT has_table_privilege('spatial_ref_sys', 'INSERT')"
_KNOWN = "SELECT srid FROM spatial_ref_sys WHERE srid = ANY(%s)"
_ADD = """
    INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text)
    VALUES (%s, 'EPSG', %s, %s, %s) ON CONFLICT (srid) DO NOTHING
"""


def add_zones(apps: Any, schema_editor: Any) -> None:
    """Add the missing codes; where the role may not, say which ones its owner should add.

    Our own transformations do not need the rows (`geodata.crs`): other software that reads the tables does.
    """
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_KNOWN, [list(VN2000_CODES)])
        missing = sorted(set(VN2000_CODES) - {srid for (srid,) in cursor.fetchall()})
        cursor.execute(_MAY_WRITE)
        if missing and not cursor.fetchone()[0]:
            print(f"\n  spatial_ref_sys belongs to another role; it lacks VN-2000 {missing}")  # noqa: T201
            return
        cursor.executemany(_ADD, [_row(code) for code in missing])


def _row(code: int) -> tuple[int, int, str, str]:
    return code, code, CRS.from_epsg(code).to_wkt("WKT1_GDAL"), proj_text(code)


class Migration(migrations.Migration):
    """Rows of PostGIS's own table: nothing to undo."""

    dependencies = [("geodata", "0001_initial")]
    operations = [migrations.RunPython(add_zones, migrations.RunPython.noop)]
