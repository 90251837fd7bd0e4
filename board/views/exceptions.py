"""Everything a Board has before it by exception, ranked."""

import datetime as dt
import logging
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from board.exceptions import SHOWN, as_rows, exceptions_of, ranking_words
from board.models import Meeting
from board.views.found import meeting_or_404
from board.views.rules import readers
from core import exports
from core.access import access
from core.dates import long_date, today
from core.listing.address import ListAddress
from core.listing.filters import shortened
from core.markings import Marking
from people.models import User
from people.requests import SignedInRequest
from tracker.exceptions import Reason
from tracker.models import Action
from tracker.queries import ActionQuerySet

logger = logging.getLogger("portal.board")
ROWS_A_PAGE = 50
FORMATS = {"csv": "CSV", "xlsx": "Excel", "pdf": "PDF"}
_HEADINGS = ("Place", "Exception", "What is required", "Why", "New", "Executive lead", "Points")
Row = dict[str, Any]
# What a document may not have kept of a row.
_NOT_KEPT: Row = {"sensitive": False, "points": None, "kinds": [], "new_kinds": []}


@access(readers)
@require_safe
def exceptions(request: SignedInRequest, day: dt.date) -> HttpResponseBase:
    """`/board/<day>/exceptions/`: all of them; by reason, and the new ones only, through the
    address.
    """
    meeting = meeting_or_404(request, day)
    rows, hidden = _rows(meeting, request.user)
    since = _since(meeting)
    reason, notes = _asked_reason(request)
    new_only = request.GET.get("new") == "yes" and bool(since)
    address = ListAddress(request.path, request.GET)
    shown = _chosen(rows, reason, new_only)
    sentence = _sentence(len(shown), len(rows), reason, since if new_only else "")
    asked = request.GET.get("export")
    if asked in FORMATS:
        return _export(asked, request.user, meeting, sentence, shown)
    page = Paginator(shown, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "meeting": meeting,
        "since": since,
        "page": page,
        "rows": [{**row, "told": _told(row)} for row in page.object_list],
        "hidden": hidden,
        "sentence": sentence,
        "notes": notes,
        "reasons": _reasons(rows, reason, new_only, address),
        "new_link": _new_link(rows, reason, new_only, address) if since else None,
        "kept": meeting.document is not None,
        "still_to_come": not meeting.closed and day > today(),
        "ranking": _frozen(meeting).get("ranking") or ranking_words(),
        "first": SHOWN,
        "exports": [(words, address.with_value("export", kind)) for kind, words in FORMATS.items()],
        "whole": request.path,
        "filtered": reason is not None or new_only,
    }
    return render(request, "board/exceptions.html", context)


def _frozen(meeting: Meeting) -> dict[str, Any]:
    """What a closed meeting has kept of its exceptions; {} before it is closed."""
    kept: dict[str, Any] = (meeting.document or {}).get("exceptions", {})
    return kept


def _since(meeting: Meeting) -> str:
    """The day of the Board before, in words, since which what is new is told; "" for none."""
    kept: str | None = _frozen(meeting).get("since")
    if kept is not None:
        return kept
    before = Meeting.objects.last_before(meeting.held_on)
    return long_date(before.held_on) if before else ""


def _rows(meeting: Meeting, user: User) -> tuple[list[Row], int]:
    """The rows of a Board with their places, and how many are kept from this reader.

    A closed meeting tells what was frozen; what this person may not read of it is left out.
    """
    if meeting.document is None:
        every = as_rows(exceptions_of(meeting, user))
        readable = every
    else:
        every = [{**_NOT_KEPT, **row} for row in _frozen(meeting).get("all", [])]
        readable = _readable(every, user)
    rows = [{**row, "place": place} for place, row in enumerate(readable, start=1)]
    return rows, len(every) - len(readable)


def _readable(frozen: list[Row], user: User) -> list[Row]:
    """The frozen rows whose actions this person may read today.

    There may be more rows than a question to the database can name, so it is asked what is hidden.
    """
    visible = Action.objects.visible_to(user)
    hidden = _references(Action.objects.exclude(pk__in=visible.values("pk")))
    if not user.has_perm("tracker.view_sensitive_action"):
        # A sensitive row whose action has another name by now stays hidden.
        sensitive = {row["title"] for row in frozen if row["sensitive"]}
        hidden |= sensitive - _references(visible) if sensitive else set()
    return [row for row in frozen if row["title"] not in hidden]


def _references(actions: ActionQuerySet) -> set[str]:
    return set(actions.values_list("reference", flat=True))


def _told(row: Row) -> list[tuple[str, bool]]:
    """Each reason's sentence, and whether it is new."""
    kinds = [*row["kinds"], *[""] * len(row["reasons"])]
    return [
        (sentence, kind in row["new_kinds"])
        for sentence, kind in zip(row["reasons"], kinds, strict=False)
    ]


def _asked_reason(request: SignedInRequest) -> tuple[Reason | None, list[str]]:
    """The reason in the address, and a sentence when it is none."""
    text = request.GET.get("reason", "").strip()
    if not text:
        return None, []
    reason = next((each for each in Reason if each == text), None)
    if reason is not None:
        return reason, []
    return None, [f"“{shortened(text)}” is not one of the reasons, so all of them are shown."]


def _chosen(rows: list[Row], reason: Reason | None, new_only: bool) -> list[Row]:
    """The rows with a reason, or of which it is new since the Board before."""
    if reason is None:
        return [row for row in rows if row["is_new"] or not new_only]
    return [row for row in rows if reason in row["new_kinds" if new_only else "kinds"]]


def _reasons(
    rows: list[Row], chosen: Reason | None, new_only: bool, address: ListAddress
) -> list[dict[str, Any]]:
    """Links by reason, each with how many it leaves."""
    links = [
        {
            "text": "All",
            "href": address.without("reason"),
            "count": len(_chosen(rows, None, new_only)),
            "current": chosen is None,
        }
    ]
    counts = Counter(kind for row in rows for kind in row["new_kinds" if new_only else "kinds"])
    for reason in Reason:
        links.append(
            {
                "text": reason.label,
                "href": address.with_value("reason", reason.value),
                "count": counts[reason],
                "current": chosen is reason,
            }
        )
    return links


def _new_link(
    rows: list[Row], reason: Reason | None, new_only: bool, address: ListAddress
) -> dict[str, str]:
    """The link to what is new since the Board before, or back to all of it."""
    if new_only:
        return {"text": "New or not", "href": address.without("new")}
    count = len(_chosen(rows, reason, True))
    return {"text": f"Only the {count} new", "href": address.with_value("new", "yes")}


def _sentence(count: int, total: int, reason: Reason | None, since: str) -> str:
    """ "3 of 85 exceptions: overdue, new since the Board of 16 October 2024".

    Args:
        since: the day of that Board where only what is new is shown, else "".
    """
    noun = "exception" if total == 1 else "exceptions"
    filters = [reason.label] if reason else []
    if since:
        filters.append(f"new since the Board of {since}")
    if not filters:
        return f"{total} {noun}"
    return f"{count} of {total} {noun}: {', '.join(filters)}"


def _cells(row: Row) -> list[Any]:
    """A row under `_HEADINGS`."""
    reasons = "; ".join(row["reasons"])
    first = [row["place"], row["title"], row["text"], reasons]
    return [*first, row["is_new"], row["lead"], row["points"]]


def _export(
    kind: str, user: User, meeting: Meeting, sentence: str, rows: list[Row]
) -> HttpResponseBase:
    sensitive = any(row["sensitive"] for row in rows)
    marking = str(Marking.SENSITIVE if sensitive else settings.DEFAULT_MARKING)
    sheet = exports.Sheet(
        title=f"Exceptions of the {settings.BOARD_NAME}",
        file_name="board-exceptions",
        day=meeting.held_on,
        marking=marking,
        sentence=sentence,
        filters=(),
        made_by=str(user),
        headings=_HEADINGS,
        rows=map(_cells, rows),
    )
    logger.info(
        "export list=board:exceptions format=%s rows=%d marking=%s user=%s",
        kind,
        len(rows),
        marking,
        user.get_username(),
    )
    return exports.respond(kind, sheet)
