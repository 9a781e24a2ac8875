"""Figures of the product, measured on the data that is loaded: `make bench`."""
