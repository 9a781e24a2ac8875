"""Other tile servers over the same rows: each file installs one by its package's name and knows how it is run.

A peer serves what `source.py` shows: the published devices, every one, with the columns that our tiles carry. It is
measured as installed, with PostgreSQL's own default of `jit=on`, and tuned. None has buffers around its tiles, so that
contents can be compared; none keeps tiles, so that what is timed is the making.
"""
