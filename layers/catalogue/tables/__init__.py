"""What the registers hold beside the map: tables without geometry, one file per subject."""
