"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapapp.settings")
_django = get_wsgi_application()

from mapapp.kept_answers import KeptAnswers  # noqa: E402  once Django is set up

application = KeptAnswers(_django)
