"""The parts of the suite, each runnable by itself: a module with a TITLE and a function that measures.

`measure(small=…)` gives the figures; a small run tries the suite, its figures mean little.
"""
