"""Workbooks to take away, and the page that says what a list must look like."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.access import access, holders_of
from core.dates import today
from core.exports import Sheet
from core.listing import Export, ListPage
from people.requests import SignedInRequest
from portal.out import empty_list as empty_lists
from portal.out import for_editing as editing
from portal.out.guide import CHANGEABLE, KEY, RULES, list_columns, needed_words

PERMISSION = "portal.import_spreadsheet"
_importers = holders_of(PERMISSION)


@access(_importers)
@require_safe
def guide(request: SignedInRequest) -> HttpResponse:
    """What a list may look like, what it changes, and what to start from."""
    columns = [
        {
            "header": column.headers[0],
            "others": column.headers[1:],
            "hint": column.hint,
            "needed": "Needed" if column.required else needed_words(column),
            "key": column.field == KEY,
            "changes": column.field in CHANGEABLE,
        }
        for column in list_columns()
    ]
    return render(request, "portal/guide.html", {"columns": columns, "rules": RULES})


@access(_importers)
@require_safe
def empty(request: SignedInRequest) -> FileResponse:
    """An empty list to fill in."""
    return empty_lists.empty_list()


@access(_importers)
@require_safe
def empty_updates(request: SignedInRequest) -> FileResponse:
    """An empty list of updates to fill in."""
    return empty_lists.empty_updates()


def _offered(page: ListPage) -> bool:
    """To those who can bring it back; of today only, since nobody edits a past day."""
    return bool(page.user.has_perm(PERMISSION)) and page.as_at() == today()


def _respond(page: ListPage, keys: list[int], about: Sheet) -> FileResponse:
    return editing.for_editing(keys, about, page.user)


FOR_EDITING = Export(editing.KIND, "Excel, to edit and bring back", _offered, _respond)
