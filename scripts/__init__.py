"""Set-up of a clone, each file one step; run from the root as `python3 -m scripts.<step>`.

Everything here but `fonts` runs on the system's Python alone: the project's packages may not be there yet.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said here before newer syntax fails elsewhere
    sys.exit("Python 3.11 or newer is needed.")
