"""The record an address asks for, as its reader may read it."""

from django.shortcuts import get_object_or_404

from evidence.models import Evidence
from people.requests import SignedInRequest


def evidence_or_404(request: SignedInRequest, pk: int) -> Evidence:
    """A piece of evidence that this person may read.

    Raises:
        Http404: there is none.
    """
    found: Evidence = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
    return found
