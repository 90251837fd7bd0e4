"""What the document of a Board says beside its closures: exceptions, publications and actions
arising.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from board.document.withheld import Document, withheld
from board.exceptions import SHOWN, as_rows, ranked, ranking_words
from board.models import ActionArising, AgendaItem, Meeting
from core.dates import long_date
from core.markings import Marking
from core.numbers import counted, listed
from inspections.models import Publication
from people.models import User
from tracker.choices import Kind
from tracker.models import Action
from tracker.queries import Part

# Exceptions ---------------------------------------------------------------------------------------


def exceptions_part(meeting: Meeting, since: dt.date | None, reader: User) -> Document:
    """The exceptions a Board has before it that the reader may read, the gravest first: the first
    of them, all of them, and how many there are.
    """
    every = as_rows(ranked(reader, meeting.as_at, since))
    return {
        "as_at": long_date(meeting.as_at),
        "since": long_date(since) if since else "",
        "shown": every[:SHOWN],
        "all": every,
        "counts": {"all": len(every), "new": sum(each["is_new"] for each in every)},
        "ranking": ranking_words(),
    }


# Publications -------------------------------------------------------------------------------------


def publications_part(
    meeting: Meeting, items: Iterable[AgendaItem], reader: User
) -> dict[int, Document]:
    """What the document says of the publications on an agenda: key -> facts."""
    publications = [item.publication for item in items if item.publication is not None]
    keys = [publication.pk for publication in publications]
    brought: dict[int, Counter[tuple[str, int | None]]] = {key: Counter() for key in keys}
    actions: Any = Action.objects.filter(publication__in=keys, entered_in_error=False)
    found = actions.visible_to(reader).with_parts(meeting.as_at, Part.PERIOD)
    for key, kind, level in found.values_list("publication", "kind", "level_at"):
        brought[key][kind, level] += 1
    return {each.pk: _publication(each, brought[each.pk], meeting.as_at) for each in publications}


def _publication(
    found: Publication, brought: Counter[tuple[str, int | None]], as_at: dt.date
) -> Document:
    missing = [
        words
        for words, known in (
            ("an executive lead", found.executive_lead),
            ("the PAF area it is aligned to", found.question),
            ("its plenary session", found.plenary_on),
        )
        if known is None
    ]
    return {
        "title": found.title,
        "href": reverse("tracker:publication", args=[found.slug]),
        "published": found.published_words,
        "type": found.described_as or found.get_type_display(),
        "area": f"{found.question}: {found.question.text}" if found.question else "",
        "lead": str(found.executive_lead or ""),
        "brought": _brought_words(brought),
        "response": _response_words(found, as_at),
        "plenary": long_date(found.plenary_on) if found.plenary_on else "",
        "to_settle": listed(missing),
    }


_NOUNS = {
    Kind.CAUSE_OF_CONCERN: ("cause of concern", "causes of concern"),
    Kind.RECOMMENDATION: ("recommendation", "recommendations"),
    Kind.AFI: ("AFI", "AFIs"),
}


def _brought_words(brought: Counter[tuple[str, int | None]]) -> str:
    """Four level 2 recommendations and one AFI."""
    parts = []
    for kind, (one, several) in _NOUNS.items():
        for level in sorted({lev for k, lev in brought if k == kind}, key=lambda each: each or 0):
            before = f"level {level} " if level else ""
            number = brought[kind, level]
            parts.append(counted(number, f"{before}{one}", f"{before}{several}"))
    return listed(parts) if parts else "no actions recorded yet"


def _response_words(found: Publication, as_at: dt.date) -> str:
    if found.response_published_on and found.response_published_on <= as_at:
        return f"Published on {long_date(found.response_published_on)}"
    if found.response_due_on is None:
        return "No duty to respond"
    because = found.response_because
    return f"Due on {long_date(found.response_due_on)}{f' ({because})' if because else ''}"


# Actions arising ----------------------------------------------------------------------------------


def carried_part(meeting: Meeting, reader: User) -> list[Document]:
    """What earlier Boards asked for and this one has before it."""
    found = ActionArising.objects.carried_to(meeting)
    actions = found.exclude(item__closure=None).values("item__closure__action")
    visible = Action.objects.visible_to(reader).filter(pk__in=actions.order_by())
    readable = set(visible.values_list("pk", flat=True))
    parts = []
    for each in found.select_related("owner", "item__meeting", "item__closure__action"):
        part, closure = arising_part(each, meeting), each.item.closure
        hidden = closure is not None and closure.action_id not in readable
        parts.append(withheld(part) if hidden else part)
    return parts


def arising_part(arising: ActionArising, meeting: Meeting) -> Document:
    """Something a Board asked for, as another or the same has it before it."""
    closure = arising.item.closure
    done: dt.date | None = arising.done_on
    if done is not None and done > meeting.held_on:
        done = None  # a later Board is told
    return {
        "title": arising.text,
        "reference": closure.action.reference if closure else "",
        "owner": str(arising.owner),
        "due": long_date(arising.due_on),
        "done": long_date(done) if done else "",
        "outcome": arising.outcome if done else "",
        "overdue": done is None and arising.due_on < meeting.as_at,
        "about": str(arising.item),
        "asked": long_date(arising.item.meeting.held_on),
        "sensitive": closure is not None and closure.action.marking == Marking.SENSITIVE,
    }
