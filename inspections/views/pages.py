"""What the pages of inspections share: who may open them, their tabs, how a form is answered."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from core.access import holders_of
from core.collisions import Overtaken, VersionedForm
from core.forms import GovukForm
from core.refused import told_on
from inspections.models import Inspection
from people.requests import SignedInRequest

GOVERN, SCHEMES = "inspections.change_inspection", "inspections.change_monitoringscheme"
readers = holders_of("inspections.view_inspection")
governance = holders_of(GOVERN)
scheme_keepers = holders_of(SCHEMES)
FORM_METHODS = ["GET", "HEAD", "POST"]
_TABS = (
    ("inspections", "Inspections"),
    ("calendar", "Calendar"),
    ("programme", "Planned programme"),
    ("grades", "Grades"),
    ("monitoring", "Monitoring"),
)
Result = TypeVar("Result")


def tabs(current: str) -> list[dict[str, object]]:
    """The pages of this room, as components/tabs.html takes them; `current`: name of an address."""
    return [
        {
            "text": text,
            "href": reverse(f"inspections:{name}"),
            "count": None,
            "current": name == current,
        }
        for name, text in _TABS
    ]


def inspection_or_404(request: SignedInRequest, pk: int) -> Inspection:
    """An inspection this person may know of.

    Raises:
        Http404: there is none.
    """
    found: Inspection = get_object_or_404(Inspection.objects.visible_to(request.user), pk=pk)
    return found


def saved(form: GovukForm, write: Callable[[], Result]) -> Result | None:
    """What was written; None where the form is not valid or is refused, which it then says."""
    if not form.is_valid():
        return None
    try:
        with told_on(form):
            return write()
    except Overtaken as overtaken:
        assert isinstance(form, VersionedForm)
        form.tell_overtaken(overtaken)
    return None


def form_page(
    request: SignedInRequest, form: Any, heading: str, back: str, back_text: str, **more: Any
) -> HttpResponse:
    """The page of a form.

    Args:
        form, heading: of the page.
        back, back_text: address and words of the page it comes from.
        more: further variables of components/form_page.html, and `lead_text`.
    """
    context = {
        "form": form,
        "heading": heading,
        "cancel": back,
        "back_text": back_text,
        **more,
    }
    return render(request, "inspections/form.html", context)
