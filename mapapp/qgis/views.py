"""`/qgis/map.qgs`: the state of the map as a project of QGIS."""

from django.http import HttpRequest, HttpResponse

from layers.public_address import absolute
from layers.query import reading
from layers.scope import read_only
from mapapp.qgis.contents import project_of
from mapapp.qgis.elements import written
from mapapp.qgis.project import document
from mapapp.sharing.state import read_state

MEDIA_TYPE = "application/x-qgis-project"


@read_only
def map_project(request: HttpRequest) -> HttpResponse:
    """The project. Raises BadParameter for whatever the map's address does not know, and for values of filters."""
    with reading(None, "page"):
        state = read_state(request.GET)
        body = written(document(project_of(state, absolute(request, "/").rstrip("/"))))
    response = HttpResponse(body, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = 'attachment; filename="map.qgs"'
    response["Cache-Control"], response["Access-Control-Allow-Origin"] = "no-cache", "*"
    response["X-Robots-Tag"] = "noindex"
    return response
