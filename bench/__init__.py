"""Figures of the product over ten million devices, beside bare SQL, a static file and its peers: `make bench`."""
