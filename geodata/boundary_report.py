"""A map of what is loaded."""

from pathlib import Path


def write_report(path: Path) -> None: ...
