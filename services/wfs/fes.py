"""Filters of FES 2.0 (OGC 09-026r2) as trees of pygeofilter: only the shape is read here.

Names, types, values and limits are decided where CQL2's are (`layers.cql2.reading.checked`), so both ask alike.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from gisserver.parsers.xml import NSElement
from pygeofilter import ast

from layers.areas import Circle
from layers.cql2.calls import TimeIntersects
from layers.errors import BadParameter
from layers.filters import MAX_RADIUS_M
from layers.numbers import read_number
from layers.registry import all_layers
from services.wfs.literals import TIMES, check_size, geometry, time
from services.wfs.names import FEATURES, FES, GML, GML_ID, local
from services.wfs.refusals import Refusal, invalid, not_offered, unparsed

COMPARISONS: dict[str, type[ast.Comparison]] = {
    "PropertyIsEqualTo": ast.Equal,
    "PropertyIsNotEqualTo": ast.NotEqual,
    "PropertyIsLessThan": ast.LessThan,
    "PropertyIsGreaterThan": ast.GreaterThan,
    "PropertyIsLessThanOrEqualTo": ast.LessEqual,
    "PropertyIsGreaterThanOrEqualTo": ast.GreaterEqual,
}
OTHERS = ("PropertyIsLike", "PropertyIsNull", "PropertyIsNil", "PropertyIsBetween")
SPATIAL: dict[str, type[ast.SpatialComparisonPredicate]] = {
    "BBOX": ast.GeometryIntersects,
    "Equals": ast.GeometryEquals,
    "Disjoint": ast.GeometryDisjoint,
    "Intersects": ast.GeometryIntersects,
    "Touches": ast.GeometryTouches,
    "Crosses": ast.GeometryCrosses,
    "Within": ast.GeometryWithin,
    "Contains": ast.GeometryContains,
    "Overlaps": ast.GeometryOverlaps,
}
NEAR = "DWithin"
TEMPORAL: dict[str, type[ast.TemporalPredicate]] = {
    "After": ast.TimeAfter,
    "Before": ast.TimeBefore,
    "Begins": ast.TimeBegins,
    "BegunBy": ast.TimeBegunBy,
    "TContains": ast.TimeContains,
    "During": ast.TimeDuring,
    "EndedBy": ast.TimeEndedBy,
    "Ends": ast.TimeEnds,
    "TEquals": ast.TimeEquals,
    "Meets": ast.TimeMeets,
    "MetBy": ast.TimeMetBy,
    "TOverlaps": ast.TimeOverlaps,
    "OverlappedBy": ast.TimeOverlappedBy,
    "AnyInteracts": TimeIntersects,
}
_LOGIC: dict[str, type[ast.Combination]] = {"And": ast.And, "Or": ast.Or}
_METRES = {"m": 1, "metre": 1, "meter": 1, "metres": 1, "meters": 1, "urn:ogc:def:uom:EPSG::9001": 1, "km": 1000}
MAX_RESOURCES = 1_000
_GEOMETRY = "geom"
# What the minimum subset of XPath (FES 2.0, 7.4.4) makes of features without structure.
_PATH = re.compile(r"(?:(?P<type>[\w.:-]{1,120})/)?(?P<name>[\w.:-]{1,120})(?:\[1\])?")
_IDENTIFIER = re.compile(r"@(?P<prefix>[\w.-]{1,120}):id")
_INHERITED = ("metaDataProperty", "description", "descriptionReference", "identifier", "name", "boundedBy", "location")
"""The properties that GML gives every feature (gml:AbstractFeatureType); none of ours has a value of them."""


@dataclass(frozen=True)
class Asked:
    """What a filter asks: a tree for `checked`, a circle, the ids of resources; None for what it does not ask.

    `parameter` is where the tree was read, for what is told of it. `nils` are the properties that PropertyIsNil asks
    of: an answer writes them as such where they have no value.
    """

    tree: Any = None
    circle: Circle | None = None
    resources: tuple[str, ...] | None = None
    parameter: str = "filter"
    nils: frozenset[str] = frozenset()


def read_filter(element: NSElement) -> Asked:
    """What a `fes:Filter` asks. Raises Refusal for what is none, or has what is not offered, and BadParameter for
    geometries too large.
    """
    if local(element.tag, FES) != "Filter":
        raise _bad("cần fes:Filter của FES 2.0", "fes:Filter of FES 2.0 is wanted")
    _check_ids(element)
    check_size(element)
    if len(element) and all(local(one.tag, FES) == "ResourceId" for one in element):
        if len(element) > MAX_RESOURCES:
            raise _bad(f"nhiều nhất {MAX_RESOURCES} ResourceId", f"{MAX_RESOURCES} ResourceId at most")
        return Asked(resources=tuple(map(_resource, element)))
    if len(element) != 1:
        raise _bad("Filter cần đúng một phép toán", "a Filter has exactly one operator")
    return replace(_apart(element[0]), nils=_nils(element))


def _nils(element: NSElement) -> frozenset[str]:
    """The properties that are asked for by name."""
    tests = (one for one in element.iter() if local(one.tag, FES) == "PropertyIsNil")
    references = [one for test in tests for one in test if local(one.tag, FES) == "ValueReference"]
    return frozenset(
        property_name(one.text, one.ns_aliases) for one in references if not is_inherited(one.text, one.ns_aliases)
    )


def property_name(text: str | None, namespaces: Mapping[str, str]) -> str:
    """The name of the property that a reference names. Raises Refusal for all that is no plain name of ours."""
    if is_inherited(text, namespaces):
        raise invalid(
            "valueReference",
            f"{(text or '')[:40]} không có giá trị nào.",
            f"{(text or '')[:40]} has no values: it is none of our properties.",
        )
    found = _PATH.fullmatch((text or "").strip())
    names = [_own(part, namespaces) for part in (found["type"], found["name"]) if part] if found else []
    if names and not all(names):
        raise invalid(
            "valueReference",
            f"{(text or '')[:40]} thuộc không gian tên khác: không loại nào có.",
            f"{(text or '')[:40]} is of another namespace: no type has such a property.",
        )
    if len(names) != 1 and not (len(names) == 2 and names[0] in {layer.name for layer in all_layers()}):
        raise unparsed(
            "ValueReference",
            f"“{(text or '')[:40]}” không phải tên thuộc tính. Tên thuộc tính: DescribeFeatureType.",
            f"“{(text or '')[:40]}” is no name of a property. Their names: DescribeFeatureType.",
        )
    return names[-1]


def is_inherited(text: str | None, namespaces: Mapping[str, str]) -> bool:
    """Whether a reference names a property that features have of GML itself."""
    found = _PATH.fullmatch((text or "").strip())
    prefix, _, name = (found["name"] if found else "").rpartition(":")
    # A name without a prefix is ours, whatever namespace a filter has by default.
    return bool(prefix) and namespaces.get(prefix) == GML and name in _INHERITED


def value_reference(text: str | None, namespaces: Mapping[str, str]) -> str | None:
    """The property whose values GetPropertyValue is asked for, or GML_ID; None where none is named.

    Raises Refusal for all that is no name of ours, and for an empty one (10.4).
    """
    if text is None:
        return None
    if not text.strip():
        raise invalid("valueReference", "valueReference trống.", "valueReference is empty.")
    found = _IDENTIFIER.fullmatch(text.strip())
    return GML_ID if found and namespaces.get(found["prefix"]) == GML else property_name(text, namespaces)


def _own(name: str, namespaces: Mapping[str, str]) -> str:
    """The name without its prefix; empty for one of a namespace that is not ours."""
    prefix, _, bare = name.rpartition(":")
    return bare if not prefix or namespaces.get(prefix) == FEATURES else ""


def _check_ids(element: NSElement) -> None:
    ids = [one.attrib[f"{{{GML}}}id"] for one in element.iter() if f"{{{GML}}}id" in one.attrib]
    if len(ids) != len(set(ids)):
        raise _bad("gml:id trùng nhau", "a gml:id occurs twice")


def _resource(element: NSElement) -> str:
    if set(element.attrib) != {"rid"} or len(element):
        raise not_offered("ResourceId", "ResourceId chỉ nhận rid.", "ResourceId takes rid only.")
    return element.attrib["rid"]


def _apart(element: NSElement) -> Asked:
    """A circle, alone or as one of the operands of the outermost And, is asked apart: the index serves it."""
    parts = list(element) if local(element.tag, FES) == "And" else [element]
    circles = [_circle(part) for part in parts if local(part.tag, FES) == NEAR]
    if len(circles) > 1:
        raise not_offered(NEAR, "Chỉ nhận một DWithin.", "One DWithin is taken.")
    if not circles:
        return Asked(tree=_test(element))
    others = [_test(part) for part in parts if local(part.tag, FES) != NEAR]
    return Asked(tree=_joined(ast.And, others) if others else None, circle=circles[0])


def _test(element: NSElement) -> Any:
    name = local(element.tag, FES)
    readers: Iterable[tuple[Iterable[str], Callable[[NSElement, str], Any]]] = (
        (COMPARISONS, _comparison),
        (SPATIAL, _spatial),
        (TEMPORAL, _temporal),
        (_LOGIC, _logic),
        (OTHERS, lambda one, known: _OTHER_READERS[known](one)),
        (("Not",), _negation),
    )
    for names, read in readers:
        if name in names:
            return read(element, name)
    if name == NEAR or name == "Beyond":
        raise not_offered(
            name,
            "DWithin chỉ dùng một mình hoặc ở And ngoài cùng; không có Beyond.",
            "DWithin is used alone or in the outermost And; there is no Beyond.",
        )
    raise _bad(
        f"không có phép toán {element.tag.rpartition('}')[2][:40]}",
        f"there is no operator {element.tag.rpartition('}')[2][:40]}",
    )


def _logic(element: NSElement, name: str) -> Any:
    if len(element) < 2:
        raise _bad(f"{name} cần ít nhất hai phép toán", f"{name} needs two operators at least")
    return _joined(_LOGIC[name], [_test(one) for one in element])


def _joined(kind: type[ast.Combination], tests: list[Any]) -> Any:
    return reduce(kind, tests)


def _negation(element: NSElement, name: str) -> ast.Not:
    (one,) = _operands(element, 1)
    return ast.Not(_test(one))


def _comparison(element: NSElement, name: str) -> ast.Comparison:
    if any(local(one.tag, FES) == "ValueReference" and is_inherited(one.text, one.ns_aliases) for one in element):
        raise Refusal(
            "OperationProcessingFailed",
            "filter",
            f"{name}: thuộc tính riêng của GML không so sánh được.",
            f"{name}: the properties that features have of GML itself cannot be compared.",
        )
    left, right = map(_operand, _operands(element, 2))
    if element.attrib.get("matchCase") in ("false", "0"):
        left, right = ast.Function("casei", [left]), ast.Function("casei", [right])
    return COMPARISONS[name](left, right)


def _like(element: NSElement) -> ast.Like:
    value, pattern = _operands(element, 2)
    marks = [element.attrib.get(name, "") for name in ("wildCard", "singleChar", "escapeChar")]
    if local(pattern.tag, FES) != "Literal" or any(len(mark) != 1 for mark in marks) or len(set(marks)) < 3:
        raise _bad(
            "PropertyIsLike cần wildCard, singleChar, escapeChar khác nhau, mỗi thứ một ký tự, và một Literal",
            "PropertyIsLike needs wildCard, singleChar and escapeChar, one different sign each, and a Literal",
        )
    nocase = element.attrib.get("matchCase") in ("false", "0")
    return ast.Like(_operand(value), _operand(pattern), nocase, *marks, not_=False)


def _null(element: NSElement) -> ast.IsNull:
    (one,) = _operands(element, 1)
    if local(one.tag, FES) == "ValueReference" and is_inherited(one.text, one.ns_aliases):
        # No feature has such an element, so it is null of every one and nil of none; every record has an id.
        return ast.IsNull(ast.Attribute("id"), not_=local(element.tag, FES) == "PropertyIsNull")
    return ast.IsNull(_operand(one), not_=False)


def _nil(element: NSElement) -> ast.IsNull:
    if "nilReason" in element.attrib:
        raise not_offered("nilReason", "Không có nilReason.", "There are no reasons of nil values.")
    return _null(element)


def _between(element: NSElement) -> ast.Between:
    value, low, high = _operands(element, 3)
    if [local(one.tag, FES) for one in (low, high)] != ["LowerBoundary", "UpperBoundary"]:
        raise _bad("PropertyIsBetween cần LowerBoundary, UpperBoundary", "PropertyIsBetween has two boundaries")
    ends = [_operand(_operands(end, 1)[0]) for end in (low, high)]
    return ast.Between(_operand(value), *ends, not_=False)


_OTHER_READERS: dict[str, Callable[[NSElement], Any]] = {
    "PropertyIsLike": _like,
    "PropertyIsNull": _null,
    "PropertyIsNil": _nil,
    "PropertyIsBetween": _between,
}


def _spatial(element: NSElement, name: str) -> ast.SpatialComparisonPredicate:
    """A relation; `BBOX` without a property asks the geometry."""
    parts = list(element) if name != "BBOX" or len(element) != 1 else [None, element[0]]
    if len(parts) != 2:
        raise _bad(f"{name} cần hai toán hạng", f"{name} has two operands")
    left, right = (ast.Attribute(_GEOMETRY) if one is None else _place(one) for one in parts)
    return SPATIAL[name](left, right)


def _place(element: NSElement) -> Any:
    if local(element.tag, FES) == "ValueReference":
        return _operand(element)
    return geometry(element)


def _temporal(element: NSElement, name: str) -> ast.TemporalPredicate:
    left, right = (time(one) if local(one.tag, GML) in TIMES else _operand(one) for one in _operands(element, 2))
    return TEMPORAL[name](left, right)


def _circle(element: NSElement) -> Circle:
    """The circle of a DWithin about a point."""
    reference, literal, distance = _operands(element, 3)
    if _operand(reference) not in (ast.Attribute(_GEOMETRY), ast.Attribute("geometry")):
        raise _bad("DWithin cần geom", "DWithin takes geom")
    place = geometry(literal).geometry
    if place["type"] != "Point" or local(distance.tag, FES) != "Distance" or len(distance):
        raise not_offered(NEAR, "DWithin chỉ đo từ một Point.", "DWithin measures from a Point.")
    unit = _METRES.get(distance.attrib.get("uom", ""))
    metres = _distance(distance.text or "") * (unit or 0)
    if not unit or not 0 <= metres <= MAX_RADIUS_M:
        raise _bad(f"Distance: uom m hoặc km, đến {MAX_RADIUS_M} m", f"Distance: uom m or km, up to {MAX_RADIUS_M} m")
    lon, lat = place["coordinates"]
    return Circle(lon, lat, metres)


def _distance(text: str) -> float:
    try:
        return read_number(text.strip(), NEAR)
    except BadParameter as error:
        raise _bad("Distance cần một số", "a Distance is a number") from error


def _operands(element: NSElement, count: int) -> list[NSElement]:
    if len(element) != count:
        raise _bad(
            f"{local(element.tag, FES)} cần {count} phần, có {len(element)}",
            f"{local(element.tag, FES)} has {count} parts, not {len(element)}",
        )
    return list(element)


def _operand(element: NSElement) -> Any:
    name = local(element.tag, FES)
    if name == "Function":
        return ast.Function(element.attrib.get("name", ""), [_operand(one) for one in element])
    if len(element):
        raise _bad(f"{name or element.tag[-40:]} chỉ chứa chữ", f"{name or element.tag[-40:]} holds text only")
    if name in ("ValueReference", "PropertyName"):  # the latter of FES 1.1: programs still write it
        return ast.Attribute(property_name(element.text, element.ns_aliases))
    if name == "Literal":
        return element.text or ""
    raise _bad(f"{element.tag[-40:]} không phải toán hạng", f"{element.tag[-40:]} is no operand")


def _bad(vi: str, en: str) -> Refusal:
    return unparsed("filter", f"Bộ lọc FES: {vi}.", f"The FES filter: {en}.")
