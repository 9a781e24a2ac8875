"""Everything that a clone needs before its first start, in order; what is there already is left alone."""

import sys

from scripts import node_packages, ogc_schemas, packages, python_packages, settings_check, vendor


def prepare(*, for_tests: bool = False) -> None:
    """Install what is missing: the system's packages, Python's, the front end's, and the browser's files.

    Ends the program where a setting makes no sense, as soon as there is a Python that can tell.
    """
    packages.install_missing(for_tests=for_tests)
    python_packages.install()
    settings_check.require_sound()
    node_packages.install()
    vendor.copy_packages()
    if for_tests:
        ogc_schemas.install()


if __name__ == "__main__":
    prepare(for_tests="--for-tests" in sys.argv[1:])
