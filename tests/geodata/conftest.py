"""What several tests of boundaries share; made once, for it takes seconds."""

import geopandas as gpd
import pytest

from geodata import approximate, reference_tables
from geodata.coverage_geometry import cleaned


@pytest.fixture(scope="session")
def approximate_communes() -> gpd.GeoDataFrame:
    """The approximate communes by code, as a clean coverage; not to be changed in place."""
    frame = approximate.communes()
    return frame.set_geometry(cleaned(frame.geometry))


@pytest.fixture
def commune_file(approximate_communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A correct commune file's content, free to be spoilt: code, name, province code, geometry."""
    table = reference_tables.communes().set_index("code").loc[approximate_communes.index]
    frame = approximate_communes.copy()
    frame["name_vi"] = table.name_vi
    frame["parent_code"] = table.province_code
    return frame.rename_axis("code").reset_index()
