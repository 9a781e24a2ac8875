"""The schemas of OGC (WFS 2.0, FES 2.0, OWS Common 1.1, GML 3.2.1, ISO 19139) that WFS is checked by in tests.

They come in an archive of Maven, those of W3C that they import in a second one. Nothing of either is run, and the
application never sees them.
"""

import shutil
import zipfile
from pathlib import Path

from scripts.console import run_quietly, step
from scripts.places import VAR

OGC, W3C = "2.6.1", "1.4.0"
FOLDER = VAR / "schemas" / f"{OGC}-{W3C}"
PLACES = {"http://schemas.opengis.net/": FOLDER / "ogc", "http://www.w3.org/": FOLDER / "w3c"}
"""Where the files lie that these addresses begin."""
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:2.8:copy"
_ARCHIVES = (f"org.jvnet.ogc:ogc-schemas:{OGC}", f"org.hisrc.w3c:w3c-schemas:{W3C}")


def install() -> None:
    """Fill FOLDER, unless it stands there already."""
    if FOLDER.is_dir():
        return
    begun = FOLDER.with_name(f"{FOLDER.name}.begun")
    shutil.rmtree(begun, ignore_errors=True)
    with step("Fetching the schemas of OGC"):
        for archive in _ARCHIVES:
            _fetch(archive, begun)
    begun.rename(FOLDER)


def _fetch(archive: str, into: Path) -> None:
    """Unpack the schemas of an archive, not what else stands in it."""
    asked = [_COPY, f"-Dartifact={archive}", f"-DoutputDirectory={into}"]
    run_quietly(["mvn", "--batch-mode", *asked], log="schemas")
    (packed,) = into.glob("*.jar")
    with zipfile.ZipFile(packed) as found:
        found.extractall(into, [name for name in found.namelist() if name.endswith(".xsd")])
    packed.unlink()


if __name__ == "__main__":
    install()
