"""The description of the API for programs (OpenAPI 3)."""

from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from layers.filters import single_values


class Schema(SpectacularJSONAPIView):
    """drf-spectacular's view, which would ignore parameters that it does not know."""

    custom_settings = {"POSTPROCESSING_HOOKS": ["services.api.operations.complete"]}

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        single_values(request.GET, known={"lang"})

    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        response = super().get(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        return response
