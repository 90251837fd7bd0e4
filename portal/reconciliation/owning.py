"""Whose a difference is: who may be asked, and what waits for them."""

from collections.abc import Sequence
from itertools import chain

from django.db.models import QuerySet
from django.urls import reverse

from core.dates import today
from core.markings import Marking
from core.numbers import capitalised, mid_sentence
from people.models import User
from portal.models import PortalDifference
from portal.reconciliation.telling import found_on, in_short
from tracker.duties import people_leading_each
from tracker.work import SHOWN, Item, Pile
from tracker.workflow import Refused

_MAY_READ_ALL = "tracker.view_sensitive_action"


def possible_owners(differences: Sequence[PortalDifference]) -> "QuerySet[User]":
    """Who may be asked to see to differences: active people who may read every one of them, by
    their role or because they lead the action. A fixed number of queries.
    """
    people = User.objects.filter(is_active=True)
    sensitive = {
        each.action
        for each in differences
        if each.action and each.action.marking == Marking.SENSITIVE
    }
    if sensitive:
        leading = [set(led) for _, led in people_leading_each(sensitive, today())]
        readers = User.objects.with_perm(
            _MAY_READ_ALL, backend="django.contrib.auth.backends.ModelBackend"
        )
        keys = [each.pk for each in chain(readers, set.intersection(*leading))]
        people = people.filter(pk__in=keys)
    return people.order_by("name", "username")


def check_owner(owner: User | None, differences: Sequence[PortalDifference]) -> None:
    """That somebody may read what they shall see to.

    Raises:
        Refused: they may not.
    """
    if owner is None:
        return
    keys = {each.pk for each in differences}
    readable = PortalDifference.objects.visible_to(owner).filter(pk__in=keys).count()
    if not owner.is_active or readable < len(keys):
        raise Refused(f"{owner} may not read this. Choose somebody who may.", "owner")


def owned_by(user: User) -> Pile:
    """The open differences that somebody owns, for the page of their work; the oldest first."""
    mine = PortalDifference.objects.visible_to(user).open().filter(owner=user)
    first = mine.with_all().order_by("opened_on", "pk")[:SHOWN]
    items = [
        Item(
            action=None,
            about=str(each.action or each.record),
            text=capitalised(in_short(each)),
            note=f"found {found_on(each)}; {mid_sentence(each.answer_words)}",
            cure="Look at it",
            href=each.get_absolute_url(),
            key=f"portal:{each.pk}:{each.answer}",
        )
        for each in first
    ]
    return Pile(
        "portal",
        "Differences with HMICFRS’s portal that you own",
        mine.count(),
        items,
        f"{reverse('portal:reconciliation')}?mine=me",
    )
