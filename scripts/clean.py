"""`make clean`: back to a fresh clone. The private database and its data go too."""

import shutil

from scripts import cluster
from scripts.console import say
from scripts.places import NODE_MODULES, VAR, VENDOR, VENV
from scripts.stop import stop

if __name__ == "__main__":
    stop()
    cluster.remove()
    for folder in (VAR, VENV, NODE_MODULES, VENDOR):
        shutil.rmtree(folder, ignore_errors=True)
    say("Removed var/ with the private database, .venv, node_modules and static/vendor.")
