"""What the document of a Board says of a closure: its grounds, who decides, what was decided."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Prefetch
from django.urls import reverse

from board.document.withheld import Document, withheld
from board.models import AgendaItem, Decision, Meeting, Nomination
from board.nominations import named_on
from core.dates import long_date
from core.markings import Marking
from evidence.models import Evidence
from people.models import User
from tracker import workflow
from tracker.choices import ClosureEventKind, ClosureStep
from tracker.models import Action, Closure, ClosureEvent
from tracker.queries import Part
from tracker.routes import ROUTES, level_of
from tracker.workflow.facts import chairs

# What a Board decides. A closure is returned by others too: see `by_the_board`.
DECISIONS = (ClosureEventKind.APPROVED, ClosureEventKind.RETURNED, ClosureEventKind.DEFERRED)
_FINGERPRINT_SHOWN = 12


@dataclass(frozen=True)
class Grounds:
    """What is read once for all closures of an agenda.

    Args:
        since: the day of the Board before; None where there was none.
        readable: keys of the actions that the reader may read.
        evidence: what closures rest on, by key, with its files.
        readable_evidence: keys of the pieces that the reader may read.
        actions: those of the closures with their leads as at today, by key.
        changed: keys of closures whose evidence is not what was assured.
        conflicts: why the chair may not decide, by closure, in the words of `workflow.conflicts`.
        deciders: keys of the people who decide for the Board.
        chair: who takes the meeting; None where nobody is known.
        chairs: everybody who chairs Boards, each with the closures they may not decide.
        deputies: who is nominated for it, each with the closures they may not decide.
    """

    since: dt.date | None
    readable: Collection[int]
    evidence: dict[int, Evidence]
    readable_evidence: Collection[int]
    actions: dict[int, Any]
    changed: Collection[int]
    conflicts: dict[int, str]
    deciders: Collection[int]
    chair: User | None
    chairs: Sequence[tuple[User, Collection[int]]]
    deputies: Sequence[tuple[Nomination, Collection[int]]]


def with_closures() -> list[Prefetch]:
    """What agenda items need at hand for `closure_part`."""
    events = ClosureEvent.objects.select_related("recorded_by").order_by("pk")
    decisions = Decision.objects.select_related("event__recorded_by").order_by("pk")
    closures = Closure.objects.select_related(
        "action__publication", "proposed_by", "assured_by"
    ).prefetch_related(Prefetch("events", events), "evidence_links")
    return [Prefetch("closure", closures), Prefetch("decisions", decisions)]


def grounds_of(
    meeting: Meeting, items: Iterable[AgendaItem], since: dt.date | None, reader: User
) -> Grounds:
    """Read what `closure_part` needs; the number of questions does not depend on the closures.

    Args:
        meeting: with its nominations at hand.
        items: of its agenda, as `with_closures` prefetches them.
        since: the day of the Board before.
        reader: who reads.
    """
    closures = [item.closure for item in items if item.closure is not None]
    actions = {closure.action_id for closure in closures}
    shown = {key for closure in closures for key in _evidence_keys(closure)}
    able = chairs()
    chair = meeting.chair if meeting.chair in able else next(iter(able), None)
    named = named_on(meeting.held_on)
    found: Any = Action.objects.filter(pk__in=actions)
    return Grounds(
        since=since,
        readable=_keys(Action.objects.visible_to(reader).filter(pk__in=actions)),
        evidence=Evidence.objects.prefetch_related("files").in_bulk(shown),
        readable_evidence=_keys(Evidence.objects.visible_to(reader).filter(pk__in=shown)),
        actions=found.with_parts(meeting.as_at, Part.PERIOD, Part.LEADS).in_bulk(),
        changed=workflow.with_changed_evidence(closures),
        conflicts=workflow.conflicts(chair, closures) if chair else {},
        deciders=deciders(),
        chair=chair,
        chairs=[(each, set(workflow.conflicts(each, closures))) for each in able],
        deputies=[
            (each, set(workflow.conflicts(each.deputy, closures)))
            for each in meeting.nominations.select_related("deputy").made()
            if each.started_on <= meeting.held_on < each.ended_on and each.deputy_id in named
        ],
    )


def _keys(found: Any) -> set[int]:
    return set(found.values_list("pk", flat=True))


def deciders() -> set[int]:
    """Keys of the people whose roles let them decide for the Board."""
    held = Permission.objects.filter(
        content_type__app_label="tracker", codename__in=("decide_closure", "deputise_closure")
    )
    return set(User.objects.filter(groups__permissions__in=held).values_list("pk", flat=True))


def by_the_board(event: ClosureEvent, deciders: Collection[int]) -> bool:
    """Whether a step of a closure is a decision of the Board; Review and Assurance, and
    governance, return closures too.
    """
    if event.kind == ClosureEventKind.RETURNED:
        return event.recorded_by_id in deciders
    return event.kind in DECISIONS


def decision_on(item: AgendaItem, grounds: Grounds) -> ClosureEvent | None:
    """What the Board decided last on an item: on its agenda page, or since the Board before on the
    page of the closure.
    """
    recorded = [decision.event for decision in item.decisions.all()]
    assert item.closure is not None  # callers ask for closures only
    elsewhere = [
        event
        for event in item.closure.events.all()
        if event.kind != ClosureEventKind.DEFERRED
        and by_the_board(event, grounds.deciders)
        and (grounds.since is None or event.happened_on > grounds.since)
    ]
    return max([*recorded, *elsewhere], key=lambda event: event.pk, default=None)


def is_open(item: AgendaItem, grounds: Grounds) -> bool:
    """Whether an item is a closure that still waits for the Board, and was not put off by it."""
    closure = item.closure
    if closure is None or closure.step != ClosureStep.FOR_BOARD:
        return False
    if closure.action.entered_in_error:
        return False
    return decision_on(item, grounds) is None


def closure_part(item: AgendaItem, grounds: Grounds) -> Document:
    """What the document says of the closure of an item."""
    closure = item.closure
    assert closure is not None  # callers ask for closures only
    action, event = closure.action, decision_on(item, grounds)
    return {
        **_names(action),
        "href": closure.get_absolute_url(),
        "level": _level(closure),
        "route": ROUTES[closure.route].title,
        "leads": _leads(grounds.actions.get(action.pk)),
        "asked": closure.asked or action.text,
        "done": closure.did,
        "impact": closure.impact,
        "proposed": _proposed(closure),
        "assured": _assured(closure),
        "evidence": _evidence(closure, event, grounds),
        "evidence_changed": closure.pk in grounds.changed,
        "deferred": _deferred(closure, event),
        "conflict": _conflict(closure, grounds, event),
        "decides": _who_decides(closure, grounds),
        "decision": decision_words(event) if event else None,
        "open": is_open(item, grounds),
        "stands": "" if event else _where_it_stands(closure),
    }


def _where_it_stands(closure: Closure) -> str:
    """What became of a closure that nobody decided for the Board; "" while it waits for it."""
    if closure.action.entered_in_error:
        return "The action was entered in error"
    if closure.step == ClosureStep.FOR_BOARD:
        return ""
    if closure.step == ClosureStep.ENDED:
        ended = long_date(closure.ended_on) if closure.ended_on else ""
        return f"{closure.get_outcome_display()} on {ended}"
    return str(closure.get_step_display())


def _names(action: Action) -> Document:
    publication = action.publication
    return {
        "reference": action.reference,
        "portal_reference": action.portal_reference or "",
        "kind": action.get_kind_display(),
        "scope": action.get_scope_display(),
        "publication": publication.title,
        "published": publication.published_month,
    }


def _level(closure: Closure) -> str:
    level = level_of(ROUTES[closure.route])
    return f"activity level {level}" if level else "no activity level"


def _leads(action: Any) -> list[str]:
    if action is None:
        return []
    led = (("executive", action.executive_lead_at), ("delivery", action.delivery_lead_at))
    return [f"{name} ({role})" for role, name in led if name]


def _step(by: User | None, on: dt.date) -> Document:
    return {"by": str(by) if by else "", "on": long_date(on)}


def _proposed(closure: Closure) -> Document:
    """Who proposed it and when; what came with the force's first list was completed later."""
    kinds = (ClosureEventKind.PROPOSED, ClosureEventKind.COMPLETED)
    days = [each.happened_on for each in closure.events.all() if each.kind in kinds]
    return _step(closure.proposed_by, days[-1] if days else closure.proposed_on)


def _assured(closure: Closure) -> Document | None:
    """Who assured it last, when, and what they said."""
    events = [each for each in closure.events.all() if each.kind == ClosureEventKind.ASSURED]
    if not events:
        return None
    return {**_step(events[-1].recorded_by, events[-1].happened_on), "text": events[-1].text}


def _evidence_keys(closure: Closure) -> set[int]:
    """What a closure rests on, and what it rested on at any of its steps."""
    then = {each["id"] for event in closure.events.all() for each in event.evidence}
    return then | {link.evidence_id for link in closure.evidence_links.all()}


def _rests_on(closure: Closure, event: ClosureEvent | None = None) -> list[Document]:
    """The evidence it was decided on; as it is now where nothing was decided."""
    if event is not None and event.evidence:
        return list(event.evidence)
    return [{"id": link.evidence_id} for link in closure.evidence_links.all()]


def _evidence(closure: Closure, event: ClosureEvent | None, grounds: Grounds) -> list[Document]:
    shown = []
    for each in _rests_on(closure, event):
        piece = grounds.evidence[each["id"]]
        part = _piece(piece, each)
        shown.append(part if piece.pk in grounds.readable_evidence else withheld(part))
    return shown


def _piece(piece: Evidence, kept: Document) -> Document:
    """A piece of evidence, in the version that was decided on or else the newest."""
    files = {file.version: file for file in piece.files.all()}
    version = kept.get("version") or max(files, default=None)
    file = files.get(version) if version else None
    return {
        "title": kept.get("title") or piece.title,
        "dated": long_date(piece.dated_on),
        "kind": file.kind if file else "Link" if piece.link else "No file",
        "version": str(file.version) if file else "",
        "sha256": file.sha256[:_FINGERPRINT_SHOWN] if file else "",
        "href": reverse("evidence:item", args=[piece.pk]),
        "sensitive": piece.is_sensitive,
    }


def _deferred(closure: Closure, event: ClosureEvent | None) -> str:
    """That the Board put it off earlier: when and why."""
    earlier = [
        each
        for each in closure.events.all()
        if each.kind == ClosureEventKind.DEFERRED and each != event
    ]
    if not earlier:
        return ""
    return f"Deferred on {long_date(earlier[-1].happened_on)}: {earlier[-1].text}"


def _conflict(closure: Closure, grounds: Grounds, event: ClosureEvent | None) -> str:
    """Why the chair may not decide, as others read it: "DCC Fuller leads this action"; "" where the
    chair has decided.
    """
    words = grounds.conflicts.get(closure.pk, "")
    if not words or (event and grounds.chair and event.recorded_by_id == grounds.chair.pk):
        return ""
    said = words.removeprefix("You ").replace("lead this", "leads this")
    return f"{grounds.chair} {said}"


def _who_decides(closure: Closure, grounds: Grounds) -> str:
    able = [nomination for nomination, conflicts in grounds.deputies if closure.pk not in conflicts]
    away = next((each for each in able if each.whole_meeting), None)
    if away is not None:
        return f"{away.deputy}, nominated deputy (the chair is away)"
    if grounds.chair and closure.pk not in grounds.conflicts:
        return f"{grounds.chair}, chair"
    other = next((chair for chair, led in grounds.chairs if closure.pk not in led), None)
    if other is not None:
        return str(other)
    if able:
        return f"{able[0].deputy}, nominated deputy"
    return "A deputy who has to be nominated for this meeting"


def decision_words(event: ClosureEvent) -> Document:
    """A decision in words."""
    return {
        "event": event.pk,
        "said": event.get_kind_display(),
        "kind": event.kind,
        "by": str(event.recorded_by or ""),
        "on": long_date(event.happened_on),
        "text": event.text,
    }


def decided_part(event: ClosureEvent) -> Document:
    """A decision on a closure that is not on the agenda."""
    closure = event.closure
    return {
        **_names(closure.action),
        "event": event.pk,
        "title": closure.action.reference,
        "href": closure.get_absolute_url(),
        "level": _level(closure),
        "decision": decision_words(event),
        "sensitive": closure.action.marking == Marking.SENSITIVE,
    }
