"""What people are told when somebody else moves their action.

Everything told about an action goes through `tell_about`, which keeps what an action says from
people who may no longer read it.
"""

from collections.abc import Collection, Iterable

from django.urls import reverse

from core.dates import today
from core.numbers import listed
from people.models import User
from people.notices import tell
from tracker.duties import people_leading, people_leading_each
from tracker.models import Action, Closure, Letter


def tell_about(
    actions: Collection[Action],
    people: Iterable[User],
    text: str,
    *,
    otherwise: str,
    address: str = "",
) -> None:
    """Tell people something about actions, once each.

    Args:
        actions: at least one.
        people: who.
        text: what those are told who may read every one of these actions now.
        otherwise: what the others are told, without a link: the bare fact, nothing that is said of
            the action.
        address: where to see it; the page of the action unless told.
    """
    keys = {action.pk for action in actions}
    address = address or next(iter(actions)).get_absolute_url()
    for person in dict.fromkeys(people):
        if Action.objects.visible_to(person).filter(pk__in=keys).count() == len(keys):
            tell([person], text, address)
        else:
            tell([person], otherwise)


def tell_of_return(closure: Closure, *, actor: User | None, reason: str) -> None:
    """The proposer, or else those who lead the action, learn that a closure came back."""
    people = (
        [closure.proposed_by] if closure.proposed_by else people_leading(closure.action, today())
    )
    returned = f"The closure of {closure.action} was returned"
    tell_about(
        [closure.action], _others(people, actor), f"{returned}: {reason}", otherwise=f"{returned}."
    )


def tell_of_leaving(closure: Closure, letter: Letter, *, actor: User | None, why: str) -> None:
    """Who drafted a letter learns that a closure has left it, so that no old copy is signed."""
    fact = (
        f"{closure.action} is no longer in {letter}: do not have a copy signed that was printed "
        "before."
    )
    people = _others([letter.drafted_by], actor)
    address = letter.get_absolute_url()
    tell_about([closure.action], people, f"{fact} {why}".strip(), otherwise=fact, address=address)


def tell_leads(action: Action, text: str, *, actor: User | None) -> None:
    """Those who lead an action, and so may read it, learn something about it."""
    people = _others(people_leading(action, today()), actor)
    tell_about([action], people, text, otherwise=f"Something about {action} has changed.")


def tell_of_several(actions: Iterable[Action], what: str, *, actor: User | None) -> None:
    """Those who lead some of these actions learn once what happened to all of theirs.

    Args:
        actions: what it happened to.
        what: the rest of a sentence that begins "3 of your actions are": "allocated: ...".
    """
    led: dict[User, list[Action]] = {}
    for action, people in people_leading_each(actions, today()):
        for person in _others(people, actor):
            led.setdefault(person, []).append(action)
    for person, theirs in led.items():
        if len(theirs) == 1:
            names, are, address = str(theirs[0]), "is", ""
        else:
            names, are = f"{len(theirs)} of your actions", "are"
            address = f"{reverse('tracker:actions')}?lead=me"
        tell_about(
            theirs,
            [person],
            f"{names} {are} {what}",
            otherwise=f"Something about {names} has changed.",
            address=address,
        )


def tell_who_left(before: Iterable[tuple[Action, Iterable[User]]], *, actor: User | None) -> None:
    """Who led an action and leads it no more learns so, once for all of theirs.

    Args:
        before: actions with who led each, before it was given to others.
    """
    led = [(action, list(people)) for action, people in before]
    now = {
        action.pk: set(people)
        for action, people in people_leading_each([action for action, _ in led], today())
    }
    left: dict[User, list[Action]] = {}
    for action, people in led:
        for person in _others(people, actor):
            if person not in now.get(action.pk, set()):
                left.setdefault(person, []).append(action)
    for person, actions in left.items():
        tell([person], f"You no longer lead {listed([str(each) for each in actions])}.")


def _others(people: Iterable[User], actor: User | None) -> list[User]:
    """Nobody is told what they did themselves."""
    return [each for each in people if each != actor]
