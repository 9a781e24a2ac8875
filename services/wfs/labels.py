"""Labels in a filter: they stand beside codes in an answer, so what is asked of a code's label is asked of the code.

Asked for is the label of one code as the lists of codes have it, in the language of the request: not what an answer
makes of several, nor the words that it adds.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from pygeofilter import ast

from layers.access import connection_for
from layers.cql2.limits import MAX_LENGTH, too_complex
from layers.cql2.measuring import measure
from layers.cql2.patterns import pattern_of
from layers.cql2.refusals import named
from layers.layer import Field
from services.wfs.refusals import invalid
from services.wfs.types import FeatureType

MAX_PATTERNS = 20
"""Patterns of labels in a filter: each is held against a whole list, of thousands of communes for one."""
_JOINED = (ast.And, ast.Or, ast.Not)


def by_codes(tree: Any, one: FeatureType) -> Any:
    """The tree with comparisons of labels (equal, like, null) put as the same of the codes that have such labels.

    Raises BadParameter for a tree, or patterns, that are too complex, Refusal for what cannot be asked of labels.
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


@dataclass
class _Labels:
    """The labels of a type's coded fields, each list read once."""

    one: FeatureType
    patterns: int = 0
    lists: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    found: dict[tuple[str, bool], dict[str, list[str]]] = field(default_factory=dict)

    def is_label(self, reference: Any) -> bool:
        """Whether words beside a code or a flag are meant."""
        if not isinstance(reference, ast.Attribute):
            return False
        return reference.name.endswith("_label") and reference.name in self.one.names

    def coded(self, reference: Any) -> Field | None:
        """The coded field whose label is meant."""
        item = self.one.layer.field(reference.name.removesuffix("_label")) if self.is_label(reference) else None
        return item if item and item.codes else None

    def equal(self, item: Field, text: str, *, folded: bool) -> list[str]:
        """The codes with that label."""
        key = (item.name, folded)
        if key not in self.found:
            self.found[key] = {}
            for code, label in self._list(item):
                self.found[key].setdefault(label.casefold() if folded else label, []).append(code)
        return self.found[key].get(text.casefold() if folded else text, [])

    def like(self, item: Field, test: ast.Like) -> list[str]:
        """The codes whose labels are so. Raises BadParameter for too many patterns, or one too long."""
        self.patterns += 1
        if self.patterns > MAX_PATTERNS:
            with named("filter"):
                raise too_complex(
                    f"nhiều nhất {MAX_PATTERNS} mẫu cho nhãn", f"{MAX_PATTERNS} patterns of labels at most"
                )
        holds = _like(test)
        return [code for code, label in self._list(item) if holds(label)]

    def _list(self, item: Field) -> list[tuple[str, str]]:
        if item.codes and item.name not in self.lists:
            codes = item.codes.read(connection_for(self.one.user))
            self.lists[item.name] = [(code.code, str(code.label)) for code in codes]
        return self.lists[item.name]


def _of_codes(test: Any, labels: _Labels) -> Any:
    """One test; the same where it is none of a label. Raises Refusal for a test that labels do not take."""
    if isinstance(test, ast.IsNull) and (item := labels.coded(test.lhs)):
        return ast.IsNull(ast.Attribute(item.name), test.not_)
    if isinstance(test, ast.Like) and isinstance(test.pattern, str) and (item := labels.coded(test.lhs)):
        return _one_of(item, labels.like(item, test))
    if isinstance(test, ast.Equal | ast.NotEqual):
        sides = [_unfolded(side) for side in (test.lhs, test.rhs)]
        texts = [side for side in sides if isinstance(side, str)]
        item = next(filter(None, map(labels.coded, sides)), None)
        if item and texts:
            text = unicodedata.normalize("NFC", texts[0])
            found = labels.equal(item, text, folded=sides != [test.lhs, test.rhs])
            return _one_of(item, found) if isinstance(test, ast.Equal) else _none_of(item, found)
    refused = next((one.name for one in _attributes(test) if labels.is_label(one)), None)
    if refused:
        raise invalid(
            "filter",
            f"{refused}: nhãn của mã chỉ hỏi được bằng, khác, LIKE, null; chữ cạnh giá trị có/không thì không.",
            f"{refused}: a code's label takes equal, not equal, LIKE and null; the words beside a flag take nothing.",
        )
    return test


def _one_of(item: Field, codes: list[str]) -> ast.In:
    """That the code is one of these; of none, it is one that no record has."""
    return ast.In(ast.Attribute(item.name), codes or [""], not_=False)


def _none_of(item: Field, codes: list[str]) -> Any:
    """That there is a code and it is none of these: where scope lines have it, a test of one and the same line."""
    return reduce(ast.And, [ast.NotEqual(ast.Attribute(item.name), code) for code in codes or [""]])


def _attributes(test: Any) -> Iterator[ast.Attribute]:
    """The properties that stand in a test, also inside functions."""
    waiting = [test]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Attribute):
            yield node
        elif isinstance(node, ast.Node):
            waiting += node.get_sub_nodes()


def _unfolded(side: Any) -> Any:
    """What stands in `casei`, or the side itself."""
    folded = isinstance(side, ast.Function) and side.name == "casei" and len(side.arguments) == 1
    return side.arguments[0] if folded else side


def _like(test: ast.Like) -> Callable[[str], bool]:
    """What PropertyIsLike says of a label, by the marks of its request."""
    with named("filter"):
        said = unicodedata.normalize("NFC", pattern_of(test.pattern, test))
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
