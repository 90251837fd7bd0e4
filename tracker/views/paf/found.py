"""What an address of the PAF names, and who may write there."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from core.access import holders_of
from inspections.assessing import may_assess
from inspections.models import Characteristic, CoreQuestion, ImprovementItem
from people.requests import SignedInRequest

readers = holders_of("inspections.view_framework")


def question_or_404(version: str, number: int) -> CoreQuestion:
    """A question area, with its framework.

    Raises:
        Http404: there is none.
    """
    every = CoreQuestion.objects.select_related("framework")
    return get_object_or_404(every, framework__version=version, number=number)


def question_to_assess(request: SignedInRequest, version: str, number: int) -> CoreQuestion:
    """A question area that the reader may assess.

    Raises:
        Http404: there is none.
        PermissionDenied: they may not.
    """
    found = question_or_404(version, number)
    if not may_assess(found, request.user):
        raise PermissionDenied(f"Those who lead {found} today assess it and keep its plan.")
    return found


def characteristic_or_404(question: CoreQuestion, topic: int, number: int) -> Characteristic:
    """A characteristic of a question area, with its topic area.

    Raises:
        Http404: there is none.
    """
    found = Characteristic.objects.select_related("topic__question__framework").filter(
        topic__question=question, topic__number=topic, number=number
    )
    if (one := found.first()) is None:
        raise Http404
    return one


def item_or_404(version: str, number: int, pk: int) -> ImprovementItem:
    """An item of the plan of a question area.

    Raises:
        Http404: there is none.
    """
    every = ImprovementItem.objects.select_related("question__framework", "owner")
    return get_object_or_404(
        every, pk=pk, question__framework__version=version, question__number=number
    )
