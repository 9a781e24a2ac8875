"""CQL2 (OGC 21-065r2): text and JSON read into one tree, checked against a layer, and asked of its rows."""
