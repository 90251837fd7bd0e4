"""One difference with everything around it: both sides, what was decided when, where to correct."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from core.dates import long_date, today
from inspections.models import Publication
from portal.keys import title_key
from portal.models import Answer, DifferenceKind, PortalDifference, PortalRecord
from portal.reconciliation.sides import due_words, level_words
from tracker.choices import Status
from tracker.editing import due_as_issued
from tracker.models import Action
from tracker.queries import Part

_NOT_HERE = "Not here"
_NOT_THERE = "Not on the portal"


def both_sides(difference: PortalDifference) -> list[dict[str, Any]]:
    """Each field of the action beside that of the record: key, ours, theirs, whether they are what
    the difference is about, and whether they differ though nobody compares them.

    Of a difference that is settled: what it is about, as it was found last.
    """
    if not difference.is_open:
        return _as_found(difference)
    ours = _ours(difference.action) if difference.action else {}
    theirs = _theirs(difference.record) if difference.record else {}
    about = _ABOUT.get(DifferenceKind(difference.kind), "")
    return [
        {
            "key": key,
            "ours": ours.get(key, "") if ours else (_NOT_HERE if key == "Reference" else ""),
            "theirs": theirs.get(key, "") if theirs else (_NOT_THERE if key == "Reference" else ""),
            "differs": key == about,
            "not_compared": key in _NOT_COMPARED
            and bool(ours and theirs)
            and title_key(ours.get(key, "")) != title_key(theirs.get(key, "")),
        }
        for key in _KEYS
    ]


def _as_found(difference: PortalDifference) -> list[dict[str, Any]]:
    action, record = difference.action, difference.record
    about = _ABOUT[DifferenceKind(difference.kind)]
    sides = [
        {
            "key": "Reference",
            "ours": str(action) if action else _NOT_HERE,
            "theirs": str(record) if record else _NOT_THERE,
        }
    ]
    if about != "Reference":
        sides.append(
            {"key": about, "ours": difference.ours_words, "theirs": difference.theirs_words}
        )
    return sides


def how_it_went(difference: PortalDifference) -> str:
    """Why a difference is settled, as a sentence; "" for one that is open."""
    if difference.closed_on is None:
        return ""
    day = long_date(difference.closed_on)
    if difference.closed_by is not None:
        return f"Settled on {day}: the export {difference.closed_by} no longer shows it."
    if difference.answer == Answer.ADOPTED and difference.answered_by is not None:
        return f"Settled on {day}, because {_ADOPTED[difference.kind]} by {difference.answered_by}."
    return f"Settled on {day}, because something changed here."


_VALUE_ADOPTED = "the portal’s value was adopted"
_NAMED = "the action and its portal reference were brought together"
_ADOPTED: dict[str, str] = {
    DifferenceKind.STATUS: _VALUE_ADOPTED,
    DifferenceKind.LEVEL: _VALUE_ADOPTED,
    DifferenceKind.DUE: _VALUE_ADOPTED,
    DifferenceKind.TEXT: _VALUE_ADOPTED,
    DifferenceKind.GONE: "that it is gone from the portal was recorded",
    DifferenceKind.ONLY_HERE: _NAMED,
    DifferenceKind.ONLY_THERE: _NAMED,
}


_KEYS = (
    "Reference",
    "Status",
    "Activity level",
    "Due date as issued",
    "Text",
    "Report",
    "Published",
    "Kind",
    "Cause of concern",
    "Applies to",
    "Seen on the portal",
)
# Shown for orientation; `portal.reconciliation.sides` says what is compared.
_NOT_COMPARED = ("Report", "Published", "Kind", "Cause of concern", "Applies to")
_ABOUT = {
    DifferenceKind.STATUS: "Status",
    DifferenceKind.LEVEL: "Activity level",
    DifferenceKind.DUE: "Due date as issued",
    DifferenceKind.TEXT: "Text",
    DifferenceKind.GONE: "Seen on the portal",
    DifferenceKind.ONLY_HERE: "Reference",
    DifferenceKind.ONLY_THERE: "Reference",
}


def _ours(action: Action) -> dict[str, str]:
    now: Any = (
        Action.objects.filter(pk=action.pk)
        .with_parts(today(), Part.PERIOD)
        .select_related("publication", "parent")
        .get()
    )
    named = f", on the portal {now.portal_reference}" if now.portal_reference else ""
    presence = now.portal_presences.order_by("started_on").last()
    return {
        "Reference": f"{now.reference}{named}",
        "Status": f"{Status(now.status_at).label} since {long_date(now.status_since)}",
        "Activity level": level_words(now.level_at),
        "Due date as issued": due_words(due_as_issued(now)),
        "Text": now.text,
        "Report": now.publication.title,
        "Published": now.publication.published_words,
        "Kind": now.get_kind_display(),
        "Cause of concern": str(now.parent or ""),
        "Applies to": now.get_scope_display(),
        "Seen on the portal": _presence_words(presence),
    }


def _presence_words(presence: Any) -> str:
    if presence is None:
        return "Never, as far as is known here"
    words = f"Since {long_date(presence.started_on)}"
    return f"{words}, gone since {long_date(presence.ended_on)}" if presence.ended_on else words


def _theirs(record: PortalRecord) -> dict[str, str]:
    since = f" since {long_date(record.status_on)}" if record.status_on else ""
    gone = f"; gone since {long_date(record.gone_since)}" if record.gone_since else ""
    return {
        "Reference": record.reference,
        "Status": f"{record.get_status_display()}{since}",
        "Activity level": level_words(record.level),
        "Due date as issued": due_words(record.due_on),
        "Text": record.text,
        "Report": record.publication,
        "Published": long_date(record.published_on) if record.published_on else "",
        "Kind": record.get_kind_display(),
        "Cause of concern": record.cause_reference,
        "Applies to": record.get_scope_display(),
        "Seen on the portal": (
            f"First {long_date(record.first_seen_on)}, last {long_date(record.last_seen_on)}{gone}"
        ),
    }


def changes_of(difference: PortalDifference) -> list[dict[str, Any]]:
    """What became of a difference, the latest first, for a timeline."""
    rows: Any = difference.history
    found = list(rows.select_related("owner", "closed_by").order_by("-pk"))
    return [
        {
            "heading": _heading(row, found[place + 1] if place + 1 < len(found) else None),
            "when": f"{timezone.localtime(row.history_date):%H:%M} on "
            f"{long_date(timezone.localtime(row.history_date).date())}",
            "at": row.history_date,
            "by": row.user_name,
            "text": _text(row, found[place + 1] if place + 1 < len(found) else None),
        }
        for place, row in enumerate(found)
    ]


def _heading(row: Any, before: Any) -> str:
    if before is None:
        return "Found"
    if row.closed_on and not before.closed_on:
        return "Settled"
    if row.answer != before.answer or row.accepted_until != before.accepted_until:
        return str(Answer(row.answer).label)
    if row.owner_id != before.owner_id:
        return f"Owner: {row.owner or 'nobody'}"
    if row.note != before.note:
        return "Note"
    return "Compared again"


def _text(row: Any, before: Any) -> str:
    parts = []
    if before is None or (row.ours, row.theirs) != (before.ours, before.theirs):
        parts.append(f"Ours: {row.ours or 'nothing'}. The portal’s: {row.theirs or 'nothing'}.")
    if row.closed_on and (before is None or not before.closed_on):
        parts.append(_closed_words(row))
    if row.accepted_until and (before is None or row.accepted_until != before.accepted_until):
        parts.append(f"Until {long_date(row.accepted_until)}.")
    if row.note and (before is None or row.note != before.note):
        parts.append(row.note)
    return "\n\n".join(parts)


def _closed_words(row: Any) -> str:
    day = long_date(row.closed_on)
    if row.closed_by:
        return f"The export {row.closed_by} no longer shows it, as of {day}."
    if row.answer == Answer.ADOPTED:
        return f"Because {_ADOPTED[row.kind]}, as of {day}."
    return f"Because something changed here, as of {day}."


def places_to_correct(difference: PortalDifference) -> list[dict[str, str]]:
    """Pages on which our side is put right, for the kind of the difference."""
    if difference.action is None:
        return _new_action_places(difference.record)
    reference = [difference.action.reference]
    action = ("The action’s page: its history, closure and days", "tracker:action")
    edit = ("Correct the record", "tracker:edit_action")
    pages = {
        DifferenceKind.STATUS: [action],
        DifferenceKind.LEVEL: [("Record an activity level", "tracker:level"), action],
        DifferenceKind.DUE: [edit],
        DifferenceKind.TEXT: [edit],
        DifferenceKind.ONLY_HERE: [edit, ("It was entered in error", "tracker:error")],
        DifferenceKind.GONE: [
            ("HMICFRS withdraws it", "tracker:withdraw"),
            ("It was superseded", "tracker:supersede"),
            action,
        ],
    }
    return [
        {"text": text, "href": reverse(name, args=reference)}
        for text, name in pages[DifferenceKind(difference.kind)]
    ]


def _new_action_places(record: PortalRecord | None) -> list[dict[str, str]]:
    if record is None:
        return []
    wanted = title_key(record.publication)
    query = urlencode({"portal_reference": record.reference})
    found = [
        each
        for each in Publication.objects.order_by("-published_on")
        if title_key(each.title) == wanted
    ]
    return [
        {
            "text": f"Record it as a new action of “{each.title}”",
            "href": f"{reverse('tracker:actions_add', args=[each.slug])}?{query}",
        }
        for each in found
    ] or [
        {
            "text": "Record its publication first, then the action",
            "href": f"{reverse('tracker:publication_add')}?{query}",
        }
    ]
