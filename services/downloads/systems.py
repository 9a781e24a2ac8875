"""The system of coordinates that a file is asked for in. Files have easting, northing or longitude, latitude always."""

from geodata.crs import OFFERED, Crs, UnknownCrs, read_crs
from layers.errors import BadParameter


def read_system(text: str) -> Crs:
    """The offered system that `crs` names, by whatever name. Raises BadParameter."""
    try:
        return Crs(read_crs(text).code)
    except UnknownCrs as error:
        known = ", ".join(f"EPSG:{code}" for code in OFFERED)
        raise bad_system("crs.unknown", f"crs là một trong: {known}.", f"crs is one of {known}.") from error


def bad_system(code: str, vi: str, en: str) -> BadParameter:
    """The refusal of a value of `crs`."""
    return BadParameter(code, vi, en, parameter="crs")
