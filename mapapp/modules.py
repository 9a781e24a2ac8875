"""Which modules a module of the front end needs before it runs, read from their import lines."""

import posixpath
import re
from functools import cache

from mapapp.static_edition import own_files

_IMPORT = re.compile(r'^(?:import|export|\})[^"\';=]*"(\.[^"]+)";', re.MULTILINE)


@cache
def needed_by(name: str) -> tuple[str, ...]:
    """The module of that name (`js/main.js`) and all that it imports, the nearest first; not what it loads later."""
    found = [name]
    for module in found:  # It grows while it is read.
        found += [one for one in dict.fromkeys(_imports(module)) if one not in found]
    return tuple(found)


def _imports(name: str) -> list[str]:
    folder = posixpath.dirname(name)
    text = own_files()[name].read_text(encoding="utf-8")
    return [posixpath.normpath(f"{folder}/{target}") for target in _IMPORT.findall(text)]
