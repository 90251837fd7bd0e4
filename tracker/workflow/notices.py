"""What people are told when somebody else moves their action."""

from collections.abc import Iterable

from django.urls import reverse

from core.dates import today
from people.models import User
from people.notices import tell
from tracker.duties import people_leading
from tracker.models import Action, Closure, Letter


def tell_of_return(closure: Closure, *, actor: User | None, reason: str) -> None:
    """The proposer, or else those who lead the action, learn that a closure came back."""
    people = (
        [closure.proposed_by] if closure.proposed_by else people_leading(closure.action, today())
    )
    tell(
        _others(people, actor),
        f"The closure of {closure.action} was returned: {reason}",
        closure.action.get_absolute_url(),
    )


def tell_of_leaving(closure: Closure, letter: Letter, *, actor: User | None, why: str) -> None:
    """Who drafted a letter learns that a closure has left it, so that no old copy is signed."""
    tell(
        _others([letter.drafted_by], actor),
        f"{closure.action} is no longer in {letter}: do not have a copy signed that was printed "
        f"before. {why}".strip(),
        letter.get_absolute_url(),
    )


def tell_leads(action: Action, text: str, *, actor: User | None) -> None:
    """Those who lead an action learn something about it."""
    tell(_others(people_leading(action, today()), actor), text, action.get_absolute_url())


def tell_of_several(actions: Iterable[Action], what: str, *, actor: User | None) -> None:
    """Those who lead some of these actions learn once what happened to all of theirs.

    Args:
        actions: what it happened to.
        what: the rest of a sentence that begins "3 of your actions are": "allocated: ...".
    """
    led: dict[User, list[Action]] = {}
    for action in actions:
        for person in _others(people_leading(action, today()), actor):
            led.setdefault(person, []).append(action)
    for person, theirs in led.items():
        if len(theirs) == 1:
            tell([person], f"{theirs[0]} is {what}", theirs[0].get_absolute_url())
        else:
            address = f"{reverse('tracker:actions')}?lead=me"
            tell([person], f"{len(theirs)} of your actions are {what}", address)


def _others(people: Iterable[User], actor: User | None) -> list[User]:
    """Nobody is told what they did themselves."""
    return [each for each in people if each != actor]
