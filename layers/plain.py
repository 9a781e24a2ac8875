"""What a condition says that the bare filters of the grammar say as well: such questions are counted at any size."""

from dataclasses import replace

from geodata.keys import is_code
from layers.codes import FixedCodes
from layers.cql2.conditions import Among, AnyOf, Comparison, Condition, Literal, Operand, Property, Test, all_of
from layers.cql2.properties import UNITS
from layers.layer import Layer
from layers.query import FeatureQuery

Codes = tuple[str, ...]


def plainly(layer: Layer, query: FeatureQuery) -> FeatureQuery:
    """A question of the same rows: of what its condition joins by AND, codes and units are bare filters, where it has
    none of that name. Not for facets, which leave a bare filter out to say what other values of it would give.
    """
    if query.condition is None:
        return query
    bare: dict[str, Codes] = {}
    rest: list[Test] = []
    for part in query.condition.conjuncts:
        name, codes = _codes(part)
        if name not in bare and _is_free(name, layer, query) and _are_sound(name, codes, layer):
            bare[name] = tuple(sorted(set(codes)))
        else:
            rest.append(part)
    return replace(
        query,
        provinces=bare.pop("province", query.provinces),
        communes=bare.pop("commune", query.communes),
        values={**query.values, **bare},
        condition=Condition(all_of(*rest), query.condition.text) if rest else None,
    )


def _is_free(name: str, layer: Layer, query: FeatureQuery) -> bool:
    """Whether the layer has such a filter by codes, and the question does not name it."""
    if name in UNITS:
        return layer.units.by == "key" and not (query.provinces if name == "province" else query.communes)
    item = layer.field(name)
    return item is not None and item.filter == "code" and name not in query.values


def _are_sound(name: str, codes: Codes, layer: Layer) -> bool:
    """Whether the codes are of the list, or of the form that codes of units have: others have no rows."""
    if name in UNITS:
        return all(is_code(name, code) for code in codes)
    item = layer.field(name)
    known = item.choices.codes() if item and isinstance(item.choices, FixedCodes) else None
    return known is None or set(codes) <= set(known)


def _codes(test: Test) -> tuple[str, Codes]:
    """The property and the codes of which it has one, where that is all that is asked; else no name."""
    match test:
        case Comparison(left=Property() as asked, sign="=", right=right):
            return _literals(asked, (right,))
        case Among(left=Property() as asked, choices=choices):
            return _literals(asked, choices)
        case AnyOf(parts=parts):
            found = [_codes(part) for part in parts]
            names = {name for name, _ in found}
            return (names.pop(), tuple(code for _, codes in found for code in codes)) if len(names) == 1 else ("", ())
        case _:
            return "", ()


def _literals(asked: Property, choices: tuple[Operand, ...]) -> tuple[str, Codes]:
    plain = [one for one in (asked, *choices) if not (one.casei or one.accenti)]
    codes = [one.value for one in plain if isinstance(one, Literal) and isinstance(one.value, str)]
    return (asked.name, tuple(codes)) if len(codes) == len(choices) and len(plain) == len(choices) + 1 else ("", ())
