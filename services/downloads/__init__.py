"""Exactly what is filtered, as a file of any size."""
