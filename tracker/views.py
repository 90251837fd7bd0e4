from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.access import access, signed_in


@access(signed_in)
def actions(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render(request, "home.html")


@access(signed_in)
def action(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render(request, "home.html")
