"""What templates and style sheets point at is what set-up puts there."""

import json
import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LOCK = json.loads((ROOT / "package-lock.json").read_text())["packages"]
PACKAGES = {"maplibre-gl": "maplibre-gl", "be-vietnam-pro": "@fontsource/be-vietnam-pro"}
SOURCES = [*(ROOT / "mapapp/templates").rglob("*.html"), *(ROOT / "static/css").glob("*.css")]


def test_addresses_of_vendor_files_have_the_locked_version_and_exist() -> None:
    text = "\n".join(path.read_text() for path in SOURCES)
    found = set(re.findall(r"vendor/([a-z-]+)/([0-9.]+)/([\w.-]+)", text))
    assert {package for package, _, _ in found} == PACKAGES.keys()
    for package, version, name in found:
        assert LOCK[f"node_modules/{PACKAGES[package]}"]["version"] == version
        assert (ROOT / "static/vendor" / package / version / name).is_file(), name


def test_no_template_has_inline_script_or_style() -> None:
    for path in (ROOT / "mapapp/templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text), path.name


def test_modules_import_only_what_is_there() -> None:
    for path in (ROOT / "static/js").rglob("*.js"):
        for name in re.findall(r'^(?:import|export) .*?from "(.+?)"|^import "(.+?)"', path.read_text(), re.M):
            target = (path.parent / (name[0] or name[1])).resolve()
            assert target.is_file(), f"{path.name}: {name}"
