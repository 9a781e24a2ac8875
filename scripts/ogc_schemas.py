"""The schemas of OGC (OWS Common 1.1, FES 2.0, GML 3.2.1 and ISO 19139 behind it) that answers are checked by in tests.

They come as pycsw packs them; nothing of that package is run, and the application never sees it.
"""

import shutil

from scripts.console import run_quietly, step
from scripts.places import VAR, venv_program

PACKAGE, VERSION = "pycsw", "2.6.2"
FOLDER = VAR / "schemas" / VERSION
ROOT = FOLDER / PACKAGE / "core" / "schemas" / "ogc"


def install() -> None:
    """Fill FOLDER, unless it stands there already."""
    if ROOT.is_dir():
        return
    begun = FOLDER.with_name(f"{VERSION}.begun")
    shutil.rmtree(begun, ignore_errors=True)
    with step("Fetching the schemas of OGC"):
        asked = ["install", "--no-input", "--no-deps", "--no-compile", "--target", str(begun), f"{PACKAGE}=={VERSION}"]
        run_quietly([venv_program("python"), "-m", "pip", *asked], log="schemas")
    begun.rename(FOLDER)


if __name__ == "__main__":
    install()
