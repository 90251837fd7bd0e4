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
    the difference is about.
    """
    ours = _ours(difference.action) if difference.action else {}
    theirs = _theirs(difference.record) if difference.record else {}
    about = _ABOUT.get(DifferenceKind(difference.kind), "")
    return [
        {
            "key": key,
            "ours": ours.get(key, "") if ours else (_NOT_HERE if key == "Reference" else ""),
            "theirs": theirs.get(key, "") if theirs else (_NOT_THERE if key == "Reference" else ""),
            "differs": key == about,
        }
        for key in _KEYS
    ]


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
        return "Gone"
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
        by = f"With {row.closed_by}" if row.closed_by else "Because something changed here"
        parts.append(f"{by}, as of {long_date(row.closed_on)}.")
    if row.accepted_until and (before is None or row.accepted_until != before.accepted_until):
        parts.append(f"Until {long_date(row.accepted_until)}.")
    if row.note and (before is None or row.note != before.note):
        parts.append(row.note)
    return "\n\n".join(parts)


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
    found = [
        each
        for each in Publication.objects.order_by("-published_on")
        if title_key(each.title) == wanted
    ]
    return [
        {
            "text": f"Record it as a new action of “{each.title}”",
            "href": f"{reverse('tracker:actions_add', args=[each.slug])}?"
            f"{urlencode({'portal_reference': record.reference})}",
        }
        for each in found
    ] or [{"text": "Record its publication first", "href": reverse("tracker:publication_add")}]
