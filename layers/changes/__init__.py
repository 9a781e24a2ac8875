"""What each commit changed in what the public sees of a layer, block by block: what versions of tiles are counted from.

A block is a cell of the grid at level BLOCKS; cell 0 stands for the whole layer. Triggers append a row for each block
that a statement touched to `tile_changes`; `fold` moves the rows into `tile_versions`, one for the block and one for
each of its ancestors. Nothing here is ever updated by a writer, so writers never wait for one another, and the number
of rows that a reader sees only grows, in whatever order transactions commit.

What belongs to a layer's rows by a path that the layer declares (`Layer.related`) touches their blocks. A row of the
layer written by another transaction at the same time is not seen then; so such a change is noted in `tile_rechecks`
too, and the next fold, which sees both, adds the blocks that were missed.
"""
