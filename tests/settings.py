"""The application's settings in this clone (var/env), so that pytest finds the private database by itself."""

import os
import tempfile

from scripts import environment

os.environ.update(environment.application())
# Tiles of the tests lie apart from those that the clone serves.
os.environ["MAP_TILE_CACHE"] = tempfile.mkdtemp(prefix="map-tiles-")
os.environ["MAP_TILE_ARCHIVES"] = tempfile.mkdtemp(prefix="map-archives-")
os.environ["MAP_FULL_FILES"] = tempfile.mkdtemp(prefix="map-full-")
os.environ["MAP_UPLOADS"] = tempfile.mkdtemp(prefix="map-uploads-")

from mapapp.settings import *  # noqa: F403

# Two runs side by side each have a database of their own; both may be copies of one.
asked = {"NAME": os.environ.get("MAP_TEST_DATABASE"), "TEMPLATE": os.environ.get("MAP_TEST_WORLD")}
for one in DATABASES.values():  # noqa: F405
    one["TEST"] = {key: value for key, value in asked.items() if value}

# A busy machine takes its time: a test that is about a limit sets it.
QUERY_LIMITS_MS = {name: 10 * most for name, most in QUERY_LIMITS_MS.items()}  # noqa: F405
