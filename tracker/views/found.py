"""The record an address names, for the reader who asked for it."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from people.requests import SignedInRequest
from tracker.models import Action, Closure, DueDateRequest, Letter


def action_or_404(request: SignedInRequest, reference: str) -> Action:
    """The action of a reference, in capitals or not.

    Raises:
        Http404: there is none that this person may read.
    """
    found = Action.objects.visible_to(request.user).by_references([reference]).first()
    if found is None:
        raise Http404
    return found


def closure_or_404(request: SignedInRequest, pk: int) -> Closure:
    """The closure of a key, with its action.

    Raises:
        Http404: there is none that this person may read.
    """
    visible = Closure.objects.visible_to(request.user).select_related("action__publication")
    found: Closure = get_object_or_404(visible, pk=pk)
    return found


def letter_or_404(request: SignedInRequest, pk: int) -> Letter:
    """A letter with its closures and scans.

    Raises:
        Http404: it was put away, or this person may not read all of its actions.
    """
    visible = Letter.objects.visible_to(request.user).with_contents()
    found: Letter = get_object_or_404(visible, pk=pk)
    return found


def due_request_or_404(request: SignedInRequest, pk: int) -> DueDateRequest:
    """A request for another due date, with its action and people.

    Raises:
        Http404: there is none of an action that this person may read.
    """
    readable = Action.objects.visible_to(request.user).filter(entered_in_error=False)
    asked = DueDateRequest.objects.filter(action__in=readable)
    found: DueDateRequest = get_object_or_404(
        asked.select_related("action", "asked_by", "answered_by"), pk=pk
    )
    return found
