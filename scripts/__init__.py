"""Set-up of a clone, each file one step; run from the root as `python3 -m scripts.<step>`.

Everything here but `fonts` runs on the system's Python alone: the project's packages may not be there yet.
"""
