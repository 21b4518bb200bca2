"""Addresses of the HSDS API, below hsds/. What is none of them is answered in JSON too."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path, re_path

from .api import api, nothing_there


def nothing(request: HttpRequest) -> HttpResponseBase:
    return nothing_there(request)


urlpatterns = [
    path("", api.urls),
    re_path("", nothing),
]
