"""What a filter asks of labels: the same rows as the same question about their codes, of scope lines too."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from xml.sax.saxutils import escape

import pytest
from django.test import Client
from django.utils import translation

from layers.layer import Field, Layer
from layers.registry import all_layers
from services.wfs.labels import MAX_PATTERNS
from services.wfs.types import FeatureType
from tests.services.wfs_requests import ask, compared, equal, fes, hits, joined, reference, refused

CODED = [
    pytest.param(layer, item, id=f"{layer.name}-{item.name}")
    for layer in all_layers()
    for item in layer.fields
    if item.codes and f"{item.name}_label" in FeatureType(layer, None).names
]
LABORATORIES = next(layer for layer in all_layers() if layer.name == "laboratories")
LIKE = {"wildCard": "*", "singleChar": "?", "escapeChar": "!"}


def found(client: Client, layer: Layer, test: str, language: str = "vi") -> int:
    return hits(ask(client, "GetFeature", typenames=layer.name, filter=fes(test), resulttype="hits", lang=language))


def labels(item: Field, language: str) -> Iterator[tuple[str, list[str]]]:
    """Some labels, each with the codes that have it: those that several have come first."""
    codes = defaultdict(list)
    with translation.override(language):
        for code in item.codes.read("open"):
            codes[str(code.label)].append(code.code)
    yield from sorted(codes.items(), key=lambda one: -len(one[1]))[:3]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("layer", "item"), CODED)
def test_labels_choose_what_their_codes_choose(layer: Layer, item: Field, language: str, client: Client) -> None:
    name = f"{item.name}_label"
    for label, codes in labels(item, language):
        said = escape(label)
        one_of = joined("Or", [equal(item.name, code) for code in codes])
        none_of = joined("And", [compared("PropertyIsNotEqualTo", item.name, code) for code in codes])
        alike = compared("PropertyIsLike", name, escape(label.replace("!", "!!")), **LIKE)
        for by_label, by_code in (
            (equal(name, said), one_of),
            (compared("PropertyIsNotEqualTo", name, said), none_of),
            (f"<fes:Not>{equal(name, said)}</fes:Not>", f"<fes:Not>{one_of}</fes:Not>"),
            (compared("PropertyIsEqualTo", name, said.upper() if "&" not in said else said, matchCase="false"), one_of),
            (equal(name, unicodedata.normalize("NFD", said)), one_of),
            (alike, one_of),
            (unicodedata.normalize("NFD", alike), one_of),
        ):
            assert found(client, layer, by_label, language) == found(client, layer, by_code, language), by_label
    nobody = compared("PropertyIsNotEqualTo", name, "nonsense")
    assert found(client, layer, nobody) == found(client, layer, compared("PropertyIsNotEqualTo", item.name, "nonsense"))


@pytest.mark.parametrize("layer", all_layers(), ids=lambda layer: layer.name)
def test_a_null_label_is_a_null_code(layer: Layer, client: Client) -> None:
    names = [item.name for other, item in (one.values for one in CODED) if other is layer]
    assert names
    for name in names:
        by_label, by_code = (
            found(client, layer, f"<fes:PropertyIsNull>{reference(one)}</fes:PropertyIsNull>")
            for one in (f"{name}_label", name)
        )
        assert by_label == by_code, name


def test_what_and_joins_is_asked_of_one_line(client: Client) -> None:
    scheme = equal("scheme", "VILAS")
    with translation.override("vi"):
        active = next(str(one.label) for one in LABORATORIES.field("status").codes.read("open") if one.code == "active")
    by_code = joined("And", [scheme, compared("PropertyIsNotEqualTo", "status", "active")])
    by_label = joined("And", [scheme, compared("PropertyIsNotEqualTo", "status_label", active)])
    assert found(client, LABORATORIES, by_label) == found(client, LABORATORIES, by_code) > 0


@pytest.mark.parametrize(
    "test",
    [
        compared("PropertyIsLessThan", "province_label", "Huế"),
        equal("ilac_mra_label", "Có"),
        f"<fes:PropertyIsNull>{reference('ilac_mra_label')}</fes:PropertyIsNull>",
        "<fes:PropertyIsEqualTo><fes:Function name='accenti'><fes:ValueReference>province_label</fes:ValueReference>"
        "</fes:Function><fes:Literal>Ha Noi</fes:Literal></fes:PropertyIsEqualTo>",
    ],
)
def test_what_labels_do_not_take_is_told_as_that(test: str, client: Client) -> None:
    answer = ask(client, "GetFeature", typenames=LABORATORIES.name, filter=fes(test))
    assert refused(answer) == (400, "InvalidParameterValue", "filter")
    assert "takes equal, not equal, LIKE and null" in answer.content.decode()


def test_patterns_of_labels_are_few(client: Client) -> None:
    """F09: each is held against thousands of labels."""
    for number, status in ((MAX_PATTERNS, 200), (MAX_PATTERNS + 1, 400)):
        some = joined("Or", [compared("PropertyIsLike", "commune_label", f"*{one}*", **LIKE) for one in range(number)])
        answer = ask(client, "GetFeature", typenames=LABORATORIES.name, filter=fes(some), count=1)
        assert answer.status_code == status
