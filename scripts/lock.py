"""`make lock`: requirements.txt made anew from requirements.in, for every Python from 3.11 on."""

from scripts.console import run
from scripts.places import ROOT, venv_program

OPTIONS = (
    "--universal",
    "--python-version",
    "3.11",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
)

if __name__ == "__main__":
    files = ("requirements.in", "--output-file", "requirements.txt")
    run([venv_program("uv"), "pip", "compile", "--quiet", "--upgrade", *OPTIONS, *files], cwd=ROOT)
