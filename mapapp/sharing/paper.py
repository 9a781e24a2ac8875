"""Sheets of A4: the size of the picture on them, and the address as a code to scan. The only user of segno."""

import segno
from django.utils.safestring import SafeString, mark_safe

ORIENTATIONS = ("portrait", "landscape")
# In pixels of the picture: as the sheet's free room is shaped, with letters that can still be read on paper.
SIZES = {"portrait": (900, 1050), "landscape": (1240, 615)}
_LONGEST = 1200


def qr_code(address: str) -> SafeString | None:
    """The code as SVG; None for an address so long that a phone would not read it from paper."""
    if len(address) > _LONGEST:
        return None
    code = segno.make(address, error="l", micro=False)
    return mark_safe(code.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None, title=None))  # noqa: S308
