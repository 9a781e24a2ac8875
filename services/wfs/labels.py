"""Labels in a filter: they stand beside codes in an answer, so what is asked of them is asked of their codes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pygeofilter import ast

from layers.access import connection_for
from layers.cql2.limits import MAX_LENGTH, too_complex
from layers.cql2.measuring import measure
from layers.cql2.patterns import pattern_of
from layers.cql2.refusals import named
from layers.layer import Field
from services.wfs.types import FeatureType

_JOINED = (ast.And, ast.Or, ast.Not)


def by_codes(tree: Any, one: FeatureType) -> Any:
    """The tree with comparisons of labels (equal, like, null) put as the same of the codes that have such labels.

    Raises BadParameter for a tree, or a pattern, that is too complex.
    """
    with named("filter"):
        measure(tree)
    labels = _Labels(one)
    whole = ast.Not(tree)
    waiting: list[Any] = [whole]  # No recursion: a chain of operators may be long.
    while waiting:
        node = waiting.pop()
        for side in ("sub_node", "lhs", "rhs"):
            test = getattr(node, side, None)
            if isinstance(test, _JOINED):
                waiting.append(test)
            elif test is not None:
                setattr(node, side, _of_codes(test, labels))
    return whole.sub_node


@dataclass(frozen=True)
class _Labels:
    """The labels of a type's coded fields, each list read once."""

    one: FeatureType
    lists: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def coded(self, reference: Any) -> Field | None:
        """The coded field whose label is meant."""
        if not isinstance(reference, ast.Attribute) or not reference.name.endswith("_label"):
            return None
        item = self.one.layer.field(reference.name.removesuffix("_label"))
        return item if item and item.codes and reference.name in self.one.names else None

    def among(self, item: Field, holds: Callable[[str], bool]) -> ast.In:
        """That the code is one of those with such labels; of none, it is one that no record has."""
        if item.codes and item.name not in self.lists:
            codes = item.codes.read(connection_for(self.one.user))
            self.lists[item.name] = [(code.code, str(code.label)) for code in codes]
        found = [code for code, label in self.lists[item.name] if holds(label)]
        return ast.In(ast.Attribute(item.name), found or [""], not_=False)


def _of_codes(test: Any, labels: _Labels) -> Any:
    """One test; the same where it is none of a label."""
    if isinstance(test, ast.IsNull):
        item = labels.coded(test.lhs)
        return ast.IsNull(ast.Attribute(item.name), test.not_) if item else test
    if isinstance(test, ast.Like):
        item = labels.coded(test.lhs)
        return labels.among(item, _like(test)) if item and isinstance(test.pattern, str) else test
    if isinstance(test, ast.Equal | ast.NotEqual):
        sides = [_unfolded(side) for side in (test.lhs, test.rhs)]
        texts = [side for side in sides if isinstance(side, str)]
        item = next(filter(None, map(labels.coded, sides)), None)
        if item and texts:
            found = labels.among(item, _equal(texts[0], folded=sides != [test.lhs, test.rhs]))
            return ast.Not(found) if isinstance(test, ast.NotEqual) else found
    return test


def _unfolded(side: Any) -> Any:
    """What stands in `casei`, or the side itself."""
    folded = isinstance(side, ast.Function) and side.name == "casei" and len(side.arguments) == 1
    return side.arguments[0] if folded else side


def _equal(text: str, *, folded: bool) -> Callable[[str], bool]:
    return lambda label: label.casefold() == text.casefold() if folded else label == text


def _like(test: ast.Like) -> Callable[[str], bool]:
    """What PropertyIsLike says of a label, by the marks of its request."""
    with named("filter"):
        said = pattern_of(test.pattern, test)
        if len(said) > MAX_LENGTH:
            raise too_complex(f"nhiều nhất {MAX_LENGTH} ký tự", f"{MAX_LENGTH} characters at most")
    parts = [""]
    for letter in re.findall(r"\\.|.", said, re.DOTALL):
        if letter == "%":
            parts.append("")
        else:
            parts[-1] += "." if letter == "_" else re.escape(letter[-1])
    first, *middle = parts
    # Each part where it first occurs, for good (an atomic group): looking for it never takes longer than the label.
    found = first + "".join(f"(?>.*?{part})" for part in middle[:-1]) + "".join(f".*{part}" for part in middle[-1:])
    holds = re.compile(found, re.DOTALL | (re.IGNORECASE if test.nocase else 0))
    return lambda label: holds.fullmatch(label) is not None
