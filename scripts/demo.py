"""`make demo`: from a fresh clone to a running map; a second run finds all done and only starts it."""

from scripts.load import load
from scripts.prepare import prepare
from scripts.serve import as_supervisor, database, serve

if __name__ == "__main__":
    with as_supervisor():
        prepare()
        with database():
            load()
            serve()
