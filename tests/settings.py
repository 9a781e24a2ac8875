"""The application's settings in this clone (var/env), so that pytest finds the private database by itself."""

import os

from scripts import environment

os.environ.update(environment.application())

from mapapp.settings import *  # noqa: F403
