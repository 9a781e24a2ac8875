"""Everything that a clone needs before its first start, in order; what is there already is left alone."""

import sys

from scripts import node_packages, packages, python_packages, vendor


def prepare(*, for_tests: bool = False) -> None:
    """Install what is missing: the system's packages, Python's, the front end's, and the browser's files."""
    packages.install_missing(for_tests=for_tests)
    python_packages.install()
    node_packages.install()
    vendor.copy_packages()


if __name__ == "__main__":
    prepare(for_tests="--for-tests" in sys.argv[1:])
