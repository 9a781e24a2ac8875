"""OGC API: Features parts 1 to 3 over the layers. The tiles below its addresses are made by `tiles`."""
