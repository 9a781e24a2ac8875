"""The product's application with room for 10,000 features in a tile: it then draws what generic servers draw.

The product itself makes clusters of them, which are smaller and sooner there; times are compared of like with like.
"""

from bench.bare import SINGLE_FEATURES
from mapapp.wsgi import application
from tiles.mvt import points

points.BUDGET = SINGLE_FEATURES

__all__ = ["application"]
