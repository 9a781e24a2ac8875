"""A view of the map as one SVG, drawn by the server from the same tiles and outlines as the map itself.

`View` is what is looked at, `ground` gives sea, land and names, `marks` the points of the tiles' own clusters,
`merging` and `separating` make of them rings that do not touch (as static/js/merge.js and separate.js do on a screen),
`drawing` puts all of it together. Every picture of the whole country shows both archipelagos with their labels; a
picture of a part carries a locator inset of the whole country, unless it stands where a map says that itself.
"""

from tiles.picture.drawing import draw
from tiles.picture.palette import style_sheet
from tiles.picture.picture import Asked, Drawn, Frame, Picture
from tiles.picture.view import View, area_view, country_view

__all__ = ["Asked", "Drawn", "Frame", "Picture", "View", "area_view", "country_view", "draw", "style_sheet"]
