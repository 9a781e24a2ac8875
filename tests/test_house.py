"""Rules of the house that no linter knows: locks, settings with a description, no traces of one machine."""

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REGISTRIES = re.compile(r"(?:registry\.npmjs|registry\.yarnpkg|files\.pythonhosted|pypi)\.org|--(?:extra-)?index-url")
OWN_FOLDERS = re.compile(r"(?<![\w.}~$-])/(?:home|root|work|Users)/[A-Za-z]")
TEXT = (
    *(".py", ".sql", ".js", ".css", ".html", ".svg", ".sh"),
    *(".md", ".txt", ".in", ".toml", ".cfg", ".json", ".yaml", ".yml", ".csv"),
)
READERS = ("text", "integer", "flag", "hosts", "origin", "file", "streets", "database", "get", "getenv")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def requirements(name: str) -> list[str]:
    """The lines that ask for a package, without comments, markers and extras."""
    lines = (line.split("#")[0].split(";")[0].strip() for line in read(name).splitlines())
    return [re.sub(r"\[.*?\]", "", line) for line in lines if line]


def package(requirement: str) -> str:
    return re.split(r"[<>=!~ ]", requirement)[0].lower().replace("_", "-")


def settings_read(name: str) -> set[str]:
    """Names of the environment variables that a source file reads."""
    calls = (node for node in ast.walk(ast.parse(read(name))) if isinstance(node, ast.Call) and node.args)
    named = [call.args[0].value for call in calls if reads(call) and isinstance(call.args[0], ast.Constant)]
    return {value for value in named if isinstance(value, str) and re.fullmatch(r"[A-Z][A-Z_]+", value)}


def reads(call: ast.Call) -> bool:
    function = call.func
    return (function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")) in READERS


def tracked_texts() -> list[str]:
    """Names of the text files under version control; empty where this is no clone."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = listed.stdout.splitlines()
    return [name for name in names if Path(name).suffix in TEXT and (ROOT / name).is_file()]


def test_every_python_package_is_pinned():
    assert [line for line in requirements("requirements.txt") if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_the_lock_holds_every_package_that_is_asked_for():
    locked = {package(line) for line in requirements("requirements.txt")}
    assert {package(line) for line in requirements("requirements.in")} - locked == set()


def test_psycopg_3_stays_out():
    # Django would silently prefer it to psycopg2.
    locked = {package(line) for line in requirements("requirements.txt")}
    assert locked & {"psycopg", "psycopg-binary", "psycopg-c", "psycopg-pool"} == set()


@pytest.mark.parametrize("name", ["requirements.in", "requirements.txt", "package.json", "package-lock.json", ".npmrc"])
def test_no_lock_names_a_registry(name):
    assert REGISTRIES.findall(read(name)) == []


def test_front_end_packages_are_locked_by_content_not_by_address():
    packages = {name: entry for name, entry in json.loads(read("package-lock.json"))["packages"].items() if name}
    assert [name for name, entry in packages.items() if "resolved" in entry or "integrity" not in entry] == []


def test_every_setting_is_described():
    described = set(re.findall(r"`([A-Z][A-Z_]+)`", read("docs/settings.md")))
    sources = (
        "mapapp/settings.py",
        *(str(path.relative_to(ROOT)) for path in (ROOT / "scripts").glob("*.py")),
    )
    asked = set().union(*map(settings_read, sources))
    assert asked - described == set()


def test_every_described_setting_is_read():
    table = re.findall(r"^\| `([A-Z][A-Z_]+)`", read("docs/settings.md"), re.MULTILINE)
    sources = [*(ROOT / "mapapp").glob("*.py"), *(ROOT / "scripts").glob("*.py"), ROOT / "Makefile"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    assert [name for name in table if name not in code] == []


def test_no_file_names_a_folder_of_one_machine():
    found = [(name, match) for name in tracked_texts() for match in OWN_FOLDERS.findall(read(name))]
    assert found == []


def test_the_box_of_the_country_stands_in_one_module():
    # A second copy would let one map lose the archipelagos while the tests of another one pass.
    copies = [name for name in tracked_texts() if not name.startswith("tests/") and "102.0, 4.5, 118.0" in read(name)]
    assert copies == ["geodata/archipelagos.py"]


def test_what_set_up_makes_is_not_committed():
    made = (".venv/", "node_modules/", "static/vendor/", "var/")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert [name for name in listed.splitlines() if name.startswith(made)] == []
