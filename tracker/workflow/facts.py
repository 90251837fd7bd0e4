"""What the rules ask of an action and of a person, read from the database."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import Permission

from core.dates import long_date, today
from people.models import Lead, User
from tracker.choices import ClosureEventKind, ClosureStep, Status
from tracker.deputies import Nominated, nominated_on
from tracker.duties import delegated_to, duties_of, leads_today
from tracker.models import (
    Action,
    Closure,
    ClosureEvent,
    ClosureEvidence,
    ErrorClaim,
    StatusPeriod,
)
from tracker.workflow.cases import Case, Person

_ASKED = (
    "govern_actions",
    "confirm_error",
    "propose_closure",
    "assure_closure",
    "decide_closure",
    "deputise_closure",
)


def open_period(action: Action) -> StatusPeriod:
    """The status period an action is in now."""
    return action.periods.get(ended_on=None)


def latest_closure(action: Action) -> Closure | None:
    """The closure under way, else the last one there was."""
    found: Closure | None = action.closures.order_by("-pk").first()
    return found


def evidence_of(closure: Closure) -> list[dict[str, Any]]:
    """What a closure rests on at this moment, as its events keep it.

    Returns:
        For each piece of evidence, in the order they were added: `id`, `title`, `link`, whether
        it is `withdrawn` and, of its newest file, `version` and `sha256` (None and "" for a link).
    """
    return _evidence_by_closure([closure.pk])[closure.pk]


def _evidence_by_closure(keys: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The same for several closures at once: key -> what it rests on."""
    links = (
        ClosureEvidence.objects.filter(closure__in=keys)
        .select_related("evidence")
        .prefetch_related("evidence__files")
    )
    shown: dict[int, list[dict[str, Any]]] = {key: [] for key in keys}
    for link in links:
        newest = link.evidence.latest
        shown[link.closure_id].append(
            {
                "id": link.evidence_id,
                "title": link.evidence.title,
                "link": link.evidence.link,
                "version": newest.version if newest else None,
                "sha256": newest.sha256 if newest else "",
                "withdrawn": link.evidence.withdrawn_at is not None,
            }
        )
    return shown


def _fingerprints(shown: Sequence[dict[str, Any]]) -> set[tuple[Any, ...]]:
    # Steps that were recorded before evidence could be withdrawn do not say whether it was.
    return {
        (each["id"], each["version"], each["sha256"], each["link"], each.get("withdrawn", False))
        for each in shown
    }


def evidence_changed(closure: Closure) -> bool:
    """Whether what the closure rests on differs from what was assured."""
    return closure.pk in with_changed_evidence([closure])


def with_changed_evidence(closures: Iterable[Closure]) -> set[int]:
    """Of some closures, the keys of those whose evidence differs from what was assured.

    The number of questions to the database does not depend on how many there are.
    """
    keys = [each.pk for each in closures if each.step == ClosureStep.FOR_BOARD]
    if not keys:
        return set()
    events = ClosureEvent.objects.filter(closure__in=keys, kind=ClosureEventKind.ASSURED)
    # The last of each closure stays.
    assured = dict(events.order_by("pk").values_list("closure", "evidence"))
    shown = _evidence_by_closure(keys)
    return {
        key
        for key, evidence in assured.items()
        if _fingerprints(evidence) != _fingerprints(shown[key])
    }


def seen_mark(closure: Closure) -> str:
    """What a reader has before them, as one mark: the last step and the evidence as it is.

    Somebody who assures or decides sends it back, so that they never do so on grounds they have
    not seen.
    """
    return seen_marks([closure])[closure.pk]


def seen_marks(closures: Iterable[Closure]) -> dict[int, str]:
    """The same for several closures: key -> mark. The number of questions does not depend on how
    many there are.
    """
    keys = [closure.pk for closure in closures]
    events = ClosureEvent.objects.filter(closure__in=keys).order_by("pk")
    last = dict(events.values_list("closure", "pk"))
    shown = _evidence_by_closure(keys)
    return {key: _mark([last.get(key), shown[key]]) for key in keys}


def _mark(seen: list[Any]) -> str:
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def told(event: ClosureEvent) -> str:
    """ "Approved by DCC Fuller on 25 November 2024." """
    return (
        f"{event.get_kind_display()} by {event.recorded_by or 'a command'} "
        f"on {long_date(event.happened_on)}."
    )


def _latest_words(period: StatusPeriod, closure: Closure | None) -> str:
    event = closure.events.select_related("recorded_by").last() if closure else None
    if event is not None and event.recorded_at >= period.recorded_at:
        return told(event)
    if period.status == Status.CLOSED:
        by = f" by {period.recorded_by}" if period.recorded_by else ""
        return f"It closed on {long_date(period.started_on)}, recorded{by}."
    return ""


def open_claim(action: Action) -> ErrorClaim | None:
    """That somebody says an action was entered in error, as long as nobody has settled it."""
    found: ErrorClaim | None = (
        action.error_claims.filter(confirmed=None).select_related("claimed_by").first()
    )
    return found


def case_of(action: Action, closure: Closure | None = None) -> Case:
    """An action as it stands now.

    Args:
        action: the action.
        closure: its latest closure, where the caller has it.
    """
    period = open_period(action)
    closure = closure or latest_closure(action)
    children = action.children.filter(entered_in_error=False)
    live = StatusPeriod.objects.filter(action__in=children, ended_on=None).exclude(
        status=Status.CLOSED
    )
    return Case(
        kind=action.kind,
        register=action.register,
        level=period.level,
        status=period.status,
        step=closure.step if closure else "",
        children=children.count(),
        live_children=live.count(),
        evidence_changed=closure is not None and evidence_changed(closure),
        closed_with_letter=closure is not None and closure.closed_with_letter,
        upload_due=closure is not None and closure.uploaded_on is None,
        error_claimed=open_claim(action) is not None,
        erroneous=action.entered_in_error,
        latest=_latest_words(period, closure),
    )


def person_of(
    user: User, action: Action, closure: Closure | None = None, day: dt.date | None = None
) -> Person:
    """Somebody before an action, today.

    Args:
        user: the person.
        action: the action.
        closure: its latest closure, where the caller has it.
        day: on which the Board decides, for who is nominated; None = today.
    """
    closure = closure or latest_closure(action)
    under_way = closure if closure and closure.step != ClosureStep.ENDED else None
    permissions = frozenset(name for name in _ASKED if user.has_perm(f"tracker.{name}"))
    deputy = "deputise_closure" in permissions
    nominated = nominated_on(day or today()) if deputy else Nominated()
    return Person(
        permissions=permissions,
        leads=leads_today(user, action),
        posts_for_lead=delegated_to(user, today()).filter(action=action).exists(),
        chief_officer=Lead.objects.held_by(user, today()).filter(chief_officer=True).exists(),
        proposed=under_way is not None and under_way.proposed_by_id == user.pk,
        assured=under_way is not None and bool(_assured_by(user, [under_way])),
        claimed_error=action.error_claims.filter(confirmed=None, claimed_by=user).exists(),
        chair_stands_back=chair_stands_back(action, under_way),
        stands_in=nominated.stands_in(user),
        another_nominated=nominated.another_than(user),
    )


def deferrals(closures: Iterable[Closure]) -> dict[int, dt.date]:
    """When the Board last put off its decision on closures: key -> day, for those it did."""
    events = ClosureEvent.objects.filter(
        closure__in=[closure.pk for closure in closures], kind=ClosureEventKind.DEFERRED
    )
    return dict(events.order_by("pk").values_list("closure", "happened_on"))


def _assured_by(user: User, closures: Iterable[Closure]) -> set[int]:
    """Which of these closures somebody has assured, the last time or an earlier one."""
    events = ClosureEvent.objects.filter(
        closure__in=[closure.pk for closure in closures],
        kind=ClosureEventKind.ASSURED,
        recorded_by=user,
    )
    return set(events.values_list("closure", flat=True))


def chairs() -> list[User]:
    """Those who chair the Board: active, with the permission of the chair's role."""
    permission = Permission.objects.get(
        content_type__app_label="tracker", codename="decide_closure"
    )
    return list(User.objects.filter(is_active=True, groups__permissions=permission).distinct())


def conflicts(user: User, closures: Iterable[Closure]) -> dict[int, str]:
    """Which closures this person may not decide, whoever they are: key -> why, in words.

    Args:
        user: the person.
        closures: under way, of whatever actions.
    """
    under_way = list(closures)
    actions = [closure.action_id for closure in under_way]
    led = set(duties_of(user, today()).filter(action__in=actions).values_list("action", flat=True))
    assured = _assured_by(user, under_way)
    found = {}
    for closure in under_way:
        if closure.action_id in led:
            found[closure.pk] = "You lead this action"
        elif closure.proposed_by_id == user.pk:
            found[closure.pk] = "You proposed it"
        elif closure.pk in assured:
            found[closure.pk] = "You assured it"
    return found


def chair_stands_back(action: Action, closure: Closure | None) -> bool:
    """Whether no chair may decide this closure, so that a deputy does."""
    if closure is None:
        return all(leads_today(chair, action) for chair in chairs())
    return all(conflicts(chair, [closure]) for chair in chairs())
