"""The list of actions, and the page of one action."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.access import access
from core.dates import long_date, parse_date, today
from core.listing import ListPage, Step, Tab
from core.listing.address import came_from
from people.requests import SignedInRequest
from tracker import position, workflow
from tracker.attaching import evidence_of_action, may_attach
from tracker.choices import COUNTED_REGISTERS, Stage, Status
from tracker.dossier import dossier_of
from tracker.filters import GROUPS, ActionFilterSet, state_of
from tracker.models import Action, Confidence
from tracker.next_steps import next_steps
from tracker.outside import panels_of
from tracker.queries import ActionQuerySet, Part
from tracker.tables import ActionTable
from tracker.views.found import action_or_404
from tracker.views.rules import readers

# Tab -> words for its rows, and the parameters that choose it.
_TABS: dict[str, tuple[str, dict[str, str]]] = {
    "live": ("Live", {}),
    "mine": ("Mine", {"lead": "me"}),
    "overdue": ("Overdue", {"overdue": "yes"}),
    "stale": ("Not updated", {"stale": "yes"}),
    "closed": ("Closed", {"show": "closed"}),
    "all": ("All", {"show": "all"}),
}
_KEPT_BY_TABS = ("as_at", "sort", "rows", "columns")
_CHANGED = {
    "opening": "live on {since}",
    "new": "received after {since}",
    "reopened": "closed on {since} and re-opened since",
    "closed": "closed after {since}",
    "closing": "live",
}
# What an order needs beside the columns of the action itself.
_PARTS_TO_SORT_BY: dict[str, tuple[Part, ...]] = {
    "level": (Part.PERIOD,),
    "stage": (Part.PERIOD,),
    "status": (Part.PERIOD,),
    "received": (Part.PERIOD,),
    "closed": (Part.PERIOD,),
    "leads": (Part.LEADS,),
    "executive": (Part.LEADS,),
    "delivery": (Part.LEADS,),
    "confidence": (Part.DATES,),
    "due": (Part.DATES,),
    "updated": (Part.DATES,),
}


@access(readers)
class ActionListPage(ListPage):
    """`/actions/`: every action this person may see, as at a date."""

    key = "tracker:actions"
    title = "Actions"
    file_name = "actions"
    filterset_class = ActionFilterSet
    table_class = ActionTable
    template_name = "tracker/action_list.html"
    groups = GROUPS
    marked_by = "marking"
    default_sort = "reference"
    filterset: ActionFilterSet

    def get_queryset(self) -> ActionQuerySet:
        return Action.objects.visible_to(self.user)

    def for_sorting(self, queryset: QuerySet[Any], sort: str) -> QuerySet[Any]:
        column = sort.removeprefix("-")
        actions: ActionQuerySet = queryset  # type: ignore[assignment]
        actions = actions.with_parts(self.as_at(), *_PARTS_TO_SORT_BY.get(column, ()))
        return actions.with_order_of_stages() if column in ("stage", "status") else actions

    def for_display(self, queryset: QuerySet[Any], columns: list[str]) -> QuerySet[Any]:
        actions: ActionQuerySet = queryset  # type: ignore[assignment]
        actions = actions.with_position(self.as_at()).select_related("publication", "question")
        if {"slipped", "expected"} & set(columns):
            actions = actions.with_forecast(self.as_at())
        return actions

    def table_options(self) -> dict[str, Any]:
        return {"as_at": self.as_at(), "scale": self.scale}

    def read_address(self) -> None:
        super().read_address()
        self.scale = {each.order: each for each in Confidence.objects.all()}

    def as_at(self) -> dt.date:
        return self.filterset.day

    # Counts -------------------------------------------------------------------------------------

    @property
    def tab_counts(self) -> dict[str, int]:
        if not hasattr(self, "_tab_counts"):
            self._tab_counts = position.list_tabs(self.get_queryset(), self.user, self.as_at())
        return self._tab_counts

    def count(self, filtered: QuerySet[Any]) -> int:
        tab = self.current_tab
        return self.tab_counts[tab] if tab else super().count(filtered)

    @property
    def current_tab(self) -> str | None:
        """The tab whose filters are exactly those chosen; None when there are others."""
        chosen = {name: value for name, value in self.filterset.chosen.items() if name != "as_at"}
        for name, (_, parameters) in _TABS.items():
            if chosen == {
                key: value if key == "show" else [value] for key, value in parameters.items()
            }:
                return name
        return None

    def steps(self) -> list[Step]:
        """Governance allocates and dates several actions at once, as they are today."""
        if not self.user.has_perm("tracker.govern_actions") or not self.filterset.as_at_is_today:
            return []
        return [
            Step("Allocate", reverse("tracker:allocate_several")),
            Step("Record a due date", reverse("tracker:due_dates")),
        ]

    def tabs(self) -> list[Tab]:
        return [
            Tab(
                text=text,
                href=self.address.keeping(_KEPT_BY_TABS, **parameters),
                count=self.tab_counts[name],
                current=name == self.current_tab,
            )
            for name, (text, parameters) in _TABS.items()
        ]

    def sentence(self, count: int) -> str:
        """ "41 of 123 live actions as at 20 November 2024"."""
        chosen = self.filterset.chosen
        day = long_date(self.as_at())
        if "change" in chosen:
            how = _CHANGED[chosen["change"]].format(since=long_date(chosen["since"]))
            return f"{_number_of(count, '')} {how}, as at {day}"
        state = self._state()
        total = None
        if set(chosen.get("register", COUNTED_REGISTERS)) <= set(COUNTED_REGISTERS):
            total = self.tab_counts[state or "all"]
        if total is None or count == total:
            return f"{_number_of(count, state)} as at {day}"
        return f"{count:,} of {_number_of(total, state)} as at {day}"

    def _state(self) -> str:
        """The state that every row has: "live", "closed", or "" where there may be both."""
        chosen = self.filterset.chosen
        state = state_of(chosen)
        if "show" in chosen or state == "closed":
            return "" if state == "all" else state
        named = [*chosen.get("stage", []), *chosen.get("status", [])]
        if Status.CLOSED not in named and Stage.CLOSED not in named:
            return "live"
        return "closed" if set(named) == {Status.CLOSED} else ""

    def elsewhere(self) -> int:
        """How many actions the same filters find when closed ones may be among them."""
        chosen = {**self.filterset.chosen, "show": "all"}
        return self.filterset.apply(self.get_queryset(), chosen).count()

    def context(self, filtered: QuerySet[Any], ordered: QuerySet[Any]) -> dict[str, Any]:
        context = super().context(filtered, ordered)
        return {
            **context,
            "as_at": self.as_at(),
            "as_at_is_today": self.filterset.as_at_is_today,
            # Only the past is shown with what is not known of it.
            "stages": None if self.filterset.as_at_is_today else position.stages(self.as_at()),
            "today_address": self.address.without("as_at"),
            "elsewhere": self.elsewhere() if not context["count"] else 0,
            "whole_address": self.address.with_value("show", "all"),
            "nothing_recorded": not self.tab_counts["all"] and self.filterset.as_at_is_today,
        }


def _number_of(count: int, state: str) -> str:
    words = " ".join(part for part in (state, "action" if count == 1 else "actions") if part)
    return f"{count:,} {words}"


@access(readers)
@require_safe
def action(request: SignedInRequest, reference: str) -> HttpResponse:
    """`/actions/<reference>/`: one action, as at a day (`?as_at=`)."""
    user = request.user
    found = action_or_404(request, reference)
    day, note = _asked_day(request)
    return render(
        request,
        "tracker/action.html",
        {
            **dossier_of(found, user, day),
            "as_at": day,
            "as_at_is_today": day == today(),
            "note": note,
            "error_claim": _error_claim(found),
            "evidence": evidence_of_action(found, user).latest_first(),
            "may_attach": not found.entered_in_error and may_attach(found, user),
            "next": next_steps(found, user),
            "panels": panels_of(found, user) if day == today() else [],
            "today_address": reverse("tracker:action", args=[found.reference]),
            "list_address": came_from(request, reverse("tracker:actions")),
        },
    )


def _error_claim(action: Action) -> str:
    """That somebody says it was entered in error and nobody has settled it; "" otherwise."""
    claim = workflow.open_claim(action)
    if claim is None:
        return ""
    return f"{claim.claimed_by}: {claim.reason} It counts until somebody else confirms that."


def _asked_day(request: HttpRequest) -> tuple[dt.date, str]:
    """The day in the address, else today; and a sentence when it cannot be used."""
    text = request.GET.get("as_at", "").strip()
    if not text:
        return today(), ""
    try:
        day = parse_date(text)
    except ValueError as error:
        return today(), f"As at: {error} Today is shown."
    if day > today():
        return today(), f"As at: {long_date(day)} has not come yet, so today is shown."
    return day, ""
