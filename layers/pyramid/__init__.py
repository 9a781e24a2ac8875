"""The pyramid: how many rows of a large layer stand in each cell of the grid, kept by the database itself.

A tile, a count or a facet of ten million devices is read from a few thousand sums instead of the rows, exactly, under
any combination of the filters that have codes. See docs/decisions/pyramid.md.
"""
