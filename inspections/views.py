from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.access import access, signed_in


@access(signed_in)
def publications(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render(request, "home.html")


@access(signed_in)
def publication(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render(request, "home.html")


@access(signed_in)
def frameworks(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render(request, "home.html")


@access(signed_in)
def question(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render(request, "home.html")
