"""The WSGI application that granian serves."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapapp.settings")
_django = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402  these once Django is set up

from layers.competence.thesaurus import abbreviations, meaningful  # noqa: E402
from mapapp.kept_answers import KeptAnswers  # noqa: E402
from services.search.warming import warm  # noqa: E402

application = KeptAnswers(_django)

# What the first visitor would wait more than a second for: every page's module, and the words that the search knows.
get_resolver().url_patterns  # noqa: B018  read for what reading it does
meaningful()
abbreviations()
Thread(target=warm, name="search memory", daemon=True).start()
