"""Keys of administrative units: permanent, and never shared between a unit in force and an abolished one."""

PROVINCE = "province"
COMMUNE = "commune"
LEGACY_PROVINCE = "legacy"
LEGACY_DISTRICT = "legacy-district"
LEGACY_COMMUNE = "legacy-commune"

_FIRST_ID = {
    COMMUNE: 0,
    PROVINCE: 100_000,
    LEGACY_PROVINCE: 200_000,
    LEGACY_DISTRICT: 300_000,
    LEGACY_COMMUNE: 400_000,
}
_DIGITS = {PROVINCE: 2, COMMUNE: 5}
"""How many digits the codes of units in force have."""


def is_code(family: str, code: str) -> bool:
    """Whether the code has the form that all codes of provinces, or of communes, in force have."""
    return len(code) == _DIGITS[family] and code.isascii() and code.isdigit()


def unit_key(family: str, code: str) -> str:
    """The key of a unit, such as `commune:00004` or `legacy:27`; the code keeps its leading zeros."""
    return f"{family}:{code}"


def unit_id(key: str) -> int:
    """The integer id of the unit with this key, the same on every installation.

    Raises `ValueError` for a key of no known family or with a code that is no number.
    """
    family, _, code = key.partition(":")
    if family not in _FIRST_ID or not (code.isascii() and code.isdigit()):
        raise ValueError(f"not a unit key: {key!r}")
    return _FIRST_ID[family] + int(code)
