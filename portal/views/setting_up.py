"""Pages that set an import up: sheet and row of headers, columns, words."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.access import access
from core.forms import GovukForm
from core.numbers import key_in
from core.refused import told_on
from people.requests import SignedInRequest
from portal.imports.purposes import rules_of
from portal.imports.refused import ImportNotPossible
from portal.imports.setting_up import (
    LEADS,
    choose_columns,
    choose_place,
    choose_words,
    unasked_words,
)
from portal.models import SpreadsheetImport, State
from portal.setting_up_forms import ColumnsForm, PlaceForm, WordsForm
from portal.views.found import import_or_404, importers

_SEVERAL = 3
_OPEN = (State.SETTING_UP, State.PREVIEWED)


@access(importers)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    """Which sheet, and which of its rows holds the headers."""
    found = import_or_404(request.user, pk)
    if found.state not in _OPEN:
        return _finished(request, found)
    sent = request.method == "POST"
    form = PlaceForm(
        request.POST if sent else None,
        outline=found.outline,
        initial={"place": _place_of(found)},
    )
    if form.is_valid():
        title, row = form.chosen
        try:
            choose_place(
                found, sheet=title, header_row=row, actor=request.user, seen=_seen(request)
            )
        except ImportNotPossible as refusal:
            return _refused(request, found, form, refusal, "sheet")
        return redirect("portal:columns", pk)
    return _page(request, found, form, "sheet")


@access(importers)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: SignedInRequest, pk: int) -> HttpResponse:
    """What each column holds."""
    found = import_or_404(request.user, pk)
    if found.state not in _OPEN:
        return _finished(request, found)
    if not found.columns:
        return redirect("portal:sheet", pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, of=found)
    if form.is_valid():
        try:
            with told_on(form):
                found = choose_columns(
                    found,
                    fields=form.chosen,
                    keep_as=form.cleaned_data["keep_as"],
                    actor=request.user,
                    seen=_seen(request),
                )
        except ImportNotPossible as refusal:
            return _refused(request, found, form, refusal, "columns")
        if not form.errors:
            if form.cleaned_data["keep_as"] and form.has_changed():
                messages.success(request, f"The layout is remembered as “{found.profile}”.")
            return next_step(found)
    return _page(request, found, form, "columns")


@access(importers)
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: SignedInRequest, pk: int) -> HttpResponse:
    """What words mean that nobody knows here so far."""
    found = import_or_404(request.user, pk)
    if found.state not in _OPEN:
        return _finished(request, found)
    if found.state == State.SETTING_UP:
        return redirect("portal:columns", pk)
    form = WordsForm(request.POST if request.method == "POST" else None, of=found)
    if form.is_valid():
        try:
            with told_on(form):
                found = choose_words(found, meant=form.meant, actor=request.user)
        except ImportNotPossible as refusal:
            return _refused(request, found, form, refusal, "words")
        if not form.errors:
            if number := unasked_words(found):
                more = f"{number:,} more word{'s' if number > 1 else ''} to decide on."
                messages.info(request, more)
            return next_step(found)
    return _page(request, found, form, "words")


def next_step(found: SpreadsheetImport) -> HttpResponse:
    """On to what has to be said of an import next, or to its preview."""
    if found.state == State.PREVIEWED and unasked_words(found):
        return redirect("portal:words", found.pk)
    return redirect(found)


def words_to_ask(found: SpreadsheetImport) -> int:
    """How many words nobody has said the meaning of; new leads are no question."""
    return sum(len(said) for field, said in found.unknown_words.items() if field not in LEADS)


def steps_of(found: SpreadsheetImport, current: str) -> list[dict[str, Any]]:
    """The steps from a file to its preview, with the addresses of those that can be gone to.

    Args:
        current: "sheet", "columns", "words" or "import" for the preview.
    """
    previewed = found.state == State.PREVIEWED
    steps = (
        ("sheet", "Sheet", bool(found.outline)),
        ("columns", "Columns", bool(found.columns)),
        ("words", "Words", previewed),
        ("import", "Preview", previewed),
    )
    return [
        {
            "number": number,
            "text": text,
            "href": reverse(f"portal:{name}", args=[found.pk]) if reached else "",
            "current": name == current,
        }
        for number, (name, text, reached) in enumerate(steps, start=1)
    ]


def _place_of(found: SpreadsheetImport) -> str:
    """The value of the row that was chosen or guessed last, else of the first that names several
    columns.
    """
    for index, each in enumerate(found.outline):
        if each["title"][:100] == found.sheet:
            return f"{index}:{found.header_row}"
    for index, each in enumerate(found.outline):
        for number, texts in each["rows"]:
            if len({text for text in texts if text}) >= _SEVERAL:
                return f"{index}:{number}"
    return ""


def _seen(request: SignedInRequest) -> int:
    return key_in(request.POST.get("preview", "")) or 0


def _page(
    request: SignedInRequest, found: SpreadsheetImport, form: GovukForm, name: str
) -> HttpResponse:
    context: dict[str, Any] = {"import": found, "form": form, "steps": steps_of(found, name)}
    if name == "columns":
        columns = rules_of(found.purpose).columns.columns
        context["fields"] = [column for column in columns if not column.ours]
    return render(request, f"portal/setting_up/{name}.html", context)


def _finished(request: SignedInRequest, found: SpreadsheetImport) -> HttpResponse:
    if request.method == "POST":
        messages.error(request, "This import is finished; upload the spreadsheet again.")
    return redirect(found)


def _refused(
    request: SignedInRequest,
    found: SpreadsheetImport,
    form: GovukForm,
    refusal: ImportNotPossible,
    name: str,
) -> HttpResponse:
    """The form again with what was chosen, and the import as it is now."""
    found.refresh_from_db()
    if found.state not in _OPEN:
        messages.error(request, str(refusal))
        return redirect(found)
    form.add_error(None, str(refusal))
    return _page(request, found, form, name)
