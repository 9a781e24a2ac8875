"""`make lock`: requirements.txt made anew from requirements.in, for every Python from 3.11 on."""

from scripts.console import run
from scripts.places import ROOT, venv_program

PYTHONS = ("--universal", "--python-version", "3.11")
# Where packages come from is each machine's own affair and stays out of the lock.
SILENCE = ("--quiet", "--no-header", "--no-emit-index-url", "--no-emit-find-links")

if __name__ == "__main__":
    files = ("requirements.in", "--output-file", "requirements.txt")
    run([venv_program("uv"), "pip", "compile", "--upgrade", *PYTHONS, *SILENCE, *files], cwd=ROOT)
