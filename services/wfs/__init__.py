"""WFS 2.0.0 (OGC 09-025r2) at `/wfs`: django-gisserver reads its requests, the waist gives the rows."""
