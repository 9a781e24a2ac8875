"""Patterns of LIKE, whichever marks their writer chose, in the wildcards of CQL2."""

from pygeofilter import ast

from layers.cql2.limits import MAX_WILDCARDS, too_complex
from layers.cql2.refusals import refused


def pattern_of(said: str, node: ast.Like) -> str:
    """The pattern with the wildcards of CQL2. Raises BadParameter for one too costly or cut off."""
    marks = (node.wildcard, node.singlechar, node.escapechar)
    if len({*marks}) < 3 or not all(isinstance(mark, str) and len(mark) == 1 for mark in marks):
        raise refused("filter.like", "LIKE cần ba dấu khác nhau.", "LIKE needs three different marks.")
    written, wildcards, letters = [], 0, iter(said)
    for letter in letters:
        if letter == node.escapechar:
            following = next(letters, None)
            if following is None:
                raise refused("filter.like", "Mẫu LIKE kết thúc bằng dấu \\.", "The LIKE pattern ends with \\.")
            written.append(_escaped(following))
        elif letter in (node.wildcard, node.singlechar):
            wildcards += 1
            written.append("%" if letter == node.wildcard else "_")
        else:
            written.append(_escaped(letter))
    if wildcards > MAX_WILDCARDS:
        raise too_complex(f"nhiều nhất {MAX_WILDCARDS} dấu % _", f"{MAX_WILDCARDS} wildcards in a LIKE at most")
    return "".join(written)


def _escaped(letter: str) -> str:
    return f"\\{letter}" if letter in "%_\\" else letter
