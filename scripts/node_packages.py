"""The front end's packages in node_modules, installed again only when package-lock.json changed."""

import hashlib

from scripts.console import run_quietly, step
from scripts.places import NODE_MODULES, ROOT

LOCK = ROOT / "package-lock.json"
MARK = NODE_MODULES / ".installed"


def install() -> None:
    """Run `npm ci` where node_modules does not hold what the lock names."""
    fingerprint = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if MARK.exists() and MARK.read_text() == fingerprint:
        return
    with step("Installing the front-end packages into node_modules"):
        run_quietly(["npm", "ci", "--no-audit", "--no-fund"], log="npm", cwd=ROOT)
        MARK.write_text(fingerprint)


if __name__ == "__main__":
    install()
