"""A layer's public tiles in one PMTiles file: `manage.py export_tiles` makes it, `/data/{layer}.pmtiles` gives it.

It lies at `{MAP_TILE_ARCHIVES}/{layer}/{version}/{last zoom}.pmtiles`, the version being that of the layer's tile 0/0/0
(`tiles.versions`): one word for the state of the data and of this program that all of its tiles show.
"""
