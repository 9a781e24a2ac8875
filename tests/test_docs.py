"""The documentation agrees with itself and with the code."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.registry import all_layers

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
LINK = re.compile(r"\]\(([^)#:]+\.(?:md|png))(?:#[^)]*)?\)")
NAMED_FILE = re.compile(r"`((?:accounts|geodata|layers|mapapp|services|static|scripts|tests|tiles)/[\w./-]*)`")


def links(page: Path) -> Iterator[Path]:
    yield from (page.parent / name for name in LINK.findall(page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_to_pages_and_pictures(page: Path):
    assert [str(target) for target in links(page) if not target.is_file()] == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_files_that_are_named_exist(page: Path):
    named = NAMED_FILE.findall(page.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists() and "vendor" not in name] == []


def test_every_decision_says_what_was_weighed_and_what_would_reverse_it():
    parts = ("**Weighed.**", "**What would reverse it.**")
    texts = {page.name: page.read_text(encoding="utf-8") for page in ROOT.glob("docs/decisions/*.md")}
    assert texts
    assert [(name, part) for name, text in texts.items() for part in parts if part not in text] == []


def test_the_readme_names_every_app_that_holds_layers():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    modules = {layer.model.__module__.split(".")[0] for layer in all_layers()}
    assert [name for name in (*modules, "mapapp", "tiles", "services") if f"`{name}/`" not in text] == []


def test_the_page_of_tasks_says_what_was_written():
    text = (ROOT / "docs/tasks.md").read_text(encoding="utf-8")
    with (ROOT / "tests/data/visitor_tasks.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["task"] for row in rows if f"| {row['asked']} | {row['right']} |" not in text] == []
