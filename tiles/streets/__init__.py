"""Streets from a file of the operator's: filtered tile by tile, so that what no map of ours may say never leaves us."""
