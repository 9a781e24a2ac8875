"""Rows of any number on their way out: read as text of the database, sent while they are read."""
