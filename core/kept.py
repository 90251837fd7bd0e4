"""What somebody typed into a form that could not be taken, so that it can be sent again.

It is kept in the answer itself, in hidden fields, and nowhere else.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest

_NEVER_KEPT = ("csrfmiddlewaretoken", "login")


def kept_form(request: HttpRequest) -> dict[str, object]:
    """What `errors/kept.html` needs to send a form again: its fields, and where it was sent."""
    return {
        "kept": _fields(request),
        "had_files": bool(request.FILES),
        "address": request.get_full_path(),
    }


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Name and value of every field of a form, without passwords."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NEVER_KEPT and "password" not in name
        for value in values
    ]


def is_from_here(request: HttpRequest) -> bool:
    """That a form came from one of our own pages, by what the browser says of its origin."""
    origin = urlsplit(request.headers.get("origin", ""))
    return origin.netloc == request.get_host() and origin.scheme == request.scheme
