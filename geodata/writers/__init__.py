"""Files of features, one module per format, written forward only: the first byte leaves before the last is known.

Each module has `row_sql`, the SQL expression that makes one row's text inside PostGIS, and `write`, which frames the
rows that come back. Neither knows what the columns mean.
"""
