"""GeoDjango's PostGIS backend, with a cheaper look at connections that stay open (`base`)."""
