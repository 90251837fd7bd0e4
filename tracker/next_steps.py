"""What a reader may do next with an action: the buttons and links of its page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from people.models import User
from tracker import workflow
from tracker.attaching import may_attach
from tracker.choices import ClosureStep, Status
from tracker.due_dates import agrees_dates, refusal_to_ask
from tracker.models import Action
from tracker.updates import refusal_to_post
from tracker.workflow import Case, Person, Verb


@dataclass(frozen=True)
class Moment:
    """An action before a reader, as it stands now."""

    action: Action
    user: User
    case: Case
    person: Person

    def allows(self, verb: Verb) -> bool:
        return not workflow.verdict(verb, self.case, self.person)


@dataclass(frozen=True)
class NextStep:
    """Something that may be done on a page of its own.

    Args:
        text: what the button says; asked of the moment.
        address: URL name of the page, which takes the action's reference.
        may: whether this reader may do it now.
        often: daily work, so a button; what is rare is a link below.
        for_any: the page is not of the action: it is told the reference by `?action=`.
    """

    text: Callable[[Moment], str]
    address: str
    may: Callable[[Moment], bool]
    often: bool = False
    for_any: bool = False

    def address_for(self, action: Action) -> str:
        """Where the page is opened for an action."""
        if self.for_any:
            return f"{reverse(self.address)}?{urlencode({'action': action.reference})}"
        return reverse(self.address, args=[action.reference])


def _always(text: str) -> Callable[[Moment], str]:
    return lambda moment: text


def _by(verb: Verb) -> Callable[[Moment], bool]:
    return lambda moment: moment.allows(verb)


def _propose_words(moment: Moment) -> str:
    return (
        "Complete the closure" if moment.case.step == ClosureStep.TO_COMPLETE else "Propose closure"
    )


def _error_words(moment: Moment) -> str:
    if moment.person.claimed_error:
        return "Take back that it was entered in error"
    return (
        "Settle whether it was entered in error"
        if moment.case.error_claimed
        else "It was entered in error"
    )


def _may_settle_error(moment: Moment) -> bool:
    if moment.person.claimed_error or moment.allows(Verb.CONFIRM_ERROR):
        return True
    return moment.allows(Verb.CLAIM_ERROR)


def _due_date_words(moment: Moment) -> str:
    if agrees_dates(moment.user, moment.action):
        return "Change the due date"
    return "Ask for another due date"


def _to_allocate(moment: Moment) -> bool:
    return moment.case.status == Status.AWAITING_ALLOCATION and moment.allows(Verb.ALLOCATE)


# In the order of the page.
STEPS: tuple[NextStep, ...] = (
    NextStep(
        _always("Record what HMICFRS found"),
        "tracker:verification",
        _by(Verb.RECORD_VERIFICATION),
        often=True,
    ),
    NextStep(_always("Allocate"), "tracker:allocate", _to_allocate, often=True),
    NextStep(
        _always("Post an update"),
        "tracker:update",
        lambda moment: not refusal_to_post(moment.user, moment.action),
        often=True,
    ),
    NextStep(_propose_words, "tracker:propose_closure", _by(Verb.PROPOSE), often=True),
    NextStep(
        _always("Attach evidence"),
        "evidence:add",
        lambda moment: may_attach(moment.action, moment.user),
        often=True,
        for_any=True,
    ),
    NextStep(
        _due_date_words,
        "tracker:due_date",
        lambda moment: not refusal_to_ask(moment.user, moment.action),
    ),
    NextStep(
        _always("Change its leads or question area"),
        "tracker:allocate",
        lambda moment: moment.allows(Verb.ALLOCATE) and not _to_allocate(moment),
    ),
    NextStep(
        _always("Record a due date that was agreed"),
        "tracker:agreed_date",
        _by(Verb.ALLOCATE),
    ),
    NextStep(
        _always("Correct the record"),
        "tracker:edit_action",
        lambda moment: moment.person.may("govern_actions"),
    ),
    NextStep(_always("Record what HMICFRS decided"), "tracker:outcome", _by(Verb.RECORD_OUTCOME)),
    NextStep(_always("Record an activity level"), "tracker:level", _by(Verb.CHANGE_LEVEL)),
    NextStep(_always("It was superseded"), "tracker:supersede", _by(Verb.SUPERSEDE)),
    NextStep(_always("HMICFRS withdraws it"), "tracker:withdraw", _by(Verb.WITHDRAW)),
    NextStep(_always("Do not accept it"), "tracker:not_accept", _by(Verb.NOT_ACCEPT)),
    NextStep(_always("Re-open it"), "tracker:reopen", _by(Verb.REOPEN)),
    NextStep(_error_words, "tracker:error", _may_settle_error),
)


def next_steps(action: Action, user: User) -> dict[str, list[dict[str, str]]]:
    """What this reader may do with an action now.

    Returns:
        `buttons` for daily work and `links` for what is rare, each with `text` and `href`; the
        second button and those after it have a quieter `style`.
    """
    if action.entered_in_error:
        return {"buttons": [], "links": []}
    moment = Moment(action, user, workflow.case_of(action), workflow.person_of(user, action))
    found = [(step, step.text(moment)) for step in STEPS if step.may(moment)]
    buttons, links = (
        [
            {"text": text, "href": step.address_for(action)}
            for step, text in found
            if step.often == often
        ]
        for often in (True, False)
    )
    for quieter in buttons[1:]:
        quieter["style"] = "secondary"
    return {"buttons": buttons, "links": links}
