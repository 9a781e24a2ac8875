"""The map as a project of QGIS: our tiles with native styles, the rows behind them, the filters of an address.

`project` puts it together out of `ground` (the base map, from the same style as the web map), `tile_layers` (drawn
data) and `row_layers` (all rows by WFS); `conditions` says filters in the expressions of QGIS.
"""
