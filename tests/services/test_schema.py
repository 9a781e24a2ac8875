"""The description of the API says what the API does: every parameter that it names is taken, and no other."""

import tomllib
from pathlib import Path

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema

from layers.registry import all_layers

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def schema(client: Client) -> dict:
    return client.get("/api/v1/schema/?lang=en").json()


def test_it_has_title_version_and_description(schema: dict) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert schema["openapi"].startswith("3.") and schema["info"]["version"] == project["version"]
    assert "metrology" in schema["info"]["title"] and "refused" in schema["info"]["description"]


def test_it_is_valid_by_the_schema_of_openapi(schema: dict) -> None:
    validate_schema(schema)


def test_every_layer_has_its_operations_and_none_asks_for_a_session(schema: dict) -> None:
    for layer in all_layers():
        for path in ("", "{id}/", "facets/"):
            assert f"/api/v1/{layer.name}/{path}" in schema["paths"]
    assert "security" not in str(schema)
    names = [one["get"]["operationId"] for one in schema["paths"].values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("layer", all_layers(), ids=lambda layer: layer.name)
def test_it_names_just_the_parameters_that_are_taken(client: Client, schema: dict, layer) -> None:  # type: ignore[no-untyped-def]
    """The refusal of an unknown name lists those that are known."""
    for path in ("", "facets/"):
        address = f"/api/v1/{layer.name}/{path}"
        named = {one["name"] for one in schema["paths"][address]["get"]["parameters"]}
        known = client.get(f"{address}?colour=red").json()["detail_en"].rpartition("Known ones: ")[2]
        taken = set(known.removesuffix(".").split(", ")) - (set() if layer.dated else {"on"})
        assert named == taken


@pytest.mark.parametrize("layer", all_layers(), ids=lambda layer: layer.name)
def test_the_codes_that_it_lists_are_taken_and_the_answer_is_of_its_media_type(
    client: Client, schema: dict, layer
) -> None:  # type: ignore[no-untyped-def]
    operation = schema["paths"][f"/api/v1/{layer.name}/"]["get"]
    for one in operation["parameters"]:
        codes = one["schema"].get("items", {}).get("enum", [])
        if codes:
            answer = client.get(f"/api/v1/{layer.name}/?limit=1&{one['name']}={','.join(codes)}")
            assert answer.status_code == 200, (one["name"], answer.content[:200])
    (media,) = operation["responses"]["200"]["content"]
    page = client.get(f"/api/v1/{layer.name}/?limit=1")
    assert page["Content-Type"] == media == "application/geo+json"
    described = schema["components"]["schemas"][layer.name]["properties"]["properties"]["properties"]
    assert set(page.json()["features"][0]["properties"]) == set(described)


def test_every_reference_leads_somewhere(schema: dict) -> None:
    names = {part.split('"')[0] for part in str(schema).replace("'", '"').split("#/components/schemas/")[1:]}
    assert names == set(schema["components"]["schemas"])


def test_the_page_about_the_api_names_every_layer_and_its_examples_are_answered(client: Client) -> None:
    text = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    assert [layer.name for layer in all_layers() if f"`{layer.name}`" not in text] == []
    examples = [line.strip() for line in text.splitlines() if line.startswith("    /api/")]
    examples += [part for part in text.split("`") if part.startswith("/api/v1/") and "/12/" not in part]
    assert len(examples) > 6
    for address in examples:
        assert client.get(address).status_code == 200, address
