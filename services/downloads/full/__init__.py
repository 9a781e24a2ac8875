"""Every layer and table whole, in every form, as files made at night: `manage.py export_data`, `/data/full/`.

They lie at `{MAP_FULL_FILES}/{name}/{run}/{name}.{form}` and are those that `manifest.json` beside the run
names. A file tells the day it was made for; an address without `full` is always of this moment.
"""
