"""The pages about the service tell what it does: their examples are answered, their Python runs."""

import re
from pathlib import Path

import pytest
from django.test import Client

from services.ogcapi.asking import OWN
from tests.conftest import ROOT, Server
from tests.services.ogcapi.documents import LAYERS, body_of

PAGE, HOST = ROOT / "docs/ogc-api.md", "https://<host>"
PAGES = (PAGE, ROOT / "docs/vi/ogc-api.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_its_examples_are_answered(page: Path, client: Client) -> None:
    examples = [line.strip() for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("    /ogc/")]
    assert len(examples) >= 4
    for address in examples:
        response = client.get(address)
        assert response.status_code == 200, (address, body_of(response))
        assert response["Content-Type"] == "application/geo+json" and b'"Feature"' in body_of(response), address


def test_its_addresses_for_other_tools_are_answered(client: Client) -> None:
    text = PAGE.read_text(encoding="utf-8")
    addresses = set(re.findall(rf"{HOST}(/ogc/collections/[^\"' ]*)", text))
    assert len(addresses) >= 2
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200 and body_of(response), address


def test_its_python_runs(server: Server) -> None:
    text = PAGE.read_text(encoding="utf-8")
    section = text.partition("## Python\n")[2].partition("\n## ")[0]
    code = "\n".join(line[4:] for line in section.splitlines() if line.startswith("    "))
    found: dict = {}
    exec(code.replace(HOST, server), found)  # noqa: S102 - our own page
    assert len(found["labs"]) > 0 and found["page"]["numberMatched"] > 0


def test_it_names_every_parameter() -> None:
    text = PAGE.read_text(encoding="utf-8")
    own = [name for name in OWN if name not in ("f", "cursor")]
    assert [name for name in own if f"`{name}`" not in text] == []
    assert all(layer.name in text for layer in LAYERS[:1])
