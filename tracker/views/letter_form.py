"""The page on which something is done with a letter."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from core.forms import GovukForm
from people.requests import SignedInRequest
from tracker.models import Letter


def letter_form(
    request: SignedInRequest, template: str, letter: Letter, form: GovukForm, **more: Any
) -> HttpResponse:
    """A page with a form about a letter; where nothing can come of it, it says why instead."""
    context = {"letter": letter, "form": form, "cancel": letter.get_absolute_url(), **more}
    return render(request, f"tracker/letters/{template}.html", context)
