#!/usr/bin/env python3
"""Django's commands, with the settings of this clone (var/env) under those of the environment."""

import os
import sys

from scripts import environment

if __name__ == "__main__":
    os.environ.update(environment.application())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapapp.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
