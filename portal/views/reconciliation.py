"""`/portal/`: what HMICFRS's portal and this force say differently, as a working list."""

import logging
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import exports
from core.access import access
from core.charts import inline
from core.dates import long_date, today
from core.listing import ListPage, Step, Tab
from core.listing.filters import Group
from core.numbers import counted, keys_in
from people.requests import SignedInRequest
from portal.difference_queries import PortalDifferenceQuerySet, to_look_at
from portal.models import Answer, DifferenceKind, PortalDifference, PortalRecord
from portal.reconciliation.answers import MOST_AT_ONCE, give_several, wait_several
from portal.reconciliation.comparing import compare
from portal.reconciliation.exports_taken import (
    at_each_export,
    last_export,
    trend_svg,
    trend_words,
)
from portal.reconciliation.for_hmicfrs import left_out_words, list_for_hmicfrs
from portal.reconciliation.forms import SeveralOwnerForm
from portal.reconciliation.listing import CLOSED, LOOK, DifferenceFilterSet, DifferenceTable
from portal.views.differences import FORM_METHODS, governance, readers
from tracker import position
from tracker.refusals import refusals_on
from tracker.workflow import Refused

logger = logging.getLogger("portal.reconciliation")


@access(readers)
class ReconciliationPage(ListPage):
    """The differences that this person may read, the oldest first."""

    key = "portal:reconciliation"
    title = "HMICFRS portal"
    noun = ("difference", "differences")
    file_name = "differences-with-the-portal"
    filterset_class = DifferenceFilterSet
    table_class = DifferenceTable
    template_name = "portal/reconciliation/list.html"
    default_sort = "-age"
    marked_by = "action__marking"
    groups = (Group("", ("q", "show", "kind", "answer", "age", "mine", "owner")),)

    def get_queryset(self) -> PortalDifferenceQuerySet:
        return PortalDifference.objects.visible_to(self.user)

    def for_display(self, queryset: QuerySet[Any], columns: list[str]) -> QuerySet[Any]:
        differences: PortalDifferenceQuerySet = queryset  # type: ignore[assignment]
        return differences.with_all()

    def sentence(self, count: int) -> str:
        state = {"": "open ", CLOSED: "settled "}.get(self.filterset.chosen.get("show", ""), "")
        return f"{count:,} {state}{self.noun[0] if count == 1 else self.noun[1]}"

    def tabs(self) -> list[Tab]:
        closed = self.get_queryset().exclude(closed_on=None).count()
        shows_closed = self.filterset.chosen.get("show") == CLOSED
        kept = ("sort", "rows", "columns")
        return [
            Tab("Open", self.address.keeping(kept), sum(self.by_kind.values()), not self._shows),
            Tab("Settled", self.address.keeping(kept, show=CLOSED), closed, shows_closed),
        ]

    @property
    def _shows(self) -> str:
        return str(self.filterset.chosen.get("show", ""))

    def steps(self) -> list[Step]:
        """Governance gives several an owner, or lets them wait for the portal."""
        if not self.user.has_perm("portal.reconcile") or self._shows:
            return []
        return [
            Step("Give an owner", reverse("portal:own_several")),
            Step("Wait for the portal", reverse("portal:wait_several")),
        ]

    def read_address(self) -> None:
        super().read_address()
        if self._shows and "closed" not in self.columns:
            self.columns = [*self.columns, "closed"]
        self.by_kind = position.grouped(self.get_queryset().open(), "kind")

    def _figures(self) -> list[dict[str, Any]]:
        """What is not looked at yet, then how many are open of each kind."""
        if not self.by_kind:
            return []
        new = self.get_queryset().open().filter(to_look_at(today())).count()
        kinds = [
            _figure(self.by_kind[kind], str(kind.label), f"kind={kind}")
            for kind in DifferenceKind
            if self.by_kind.get(kind)
        ]
        return [_figure(new, str(Answer.NONE.label), f"answer={LOOK}"), *kinds]

    def context(self, filtered: QuerySet[Any], ordered: QuerySet[Any]) -> dict[str, Any]:
        points = at_each_export(self.user)
        export = last_export()
        return {
            **super().context(filtered, ordered),
            "last_export": export,
            "last_facts": _facts_of(export) if export else "",
            "figures": self._figures(),
            "left_out": left_out_words(self.user),
            "points": points,
            "chart": inline(trend_svg(points)) if len(points) > 1 else "",
            "chart_words": trend_words(points) if points else "",
            "may_reconcile": self.user.has_perm("portal.reconcile"),
            "may_import": self.user.has_perm("portal.import_spreadsheet")
            or self.user.has_perm("portal.reconcile"),
            "nothing_open": not self.by_kind,
        }


def _figure(number: int, label: str, query: str) -> dict[str, Any]:
    address = f"{reverse('portal:reconciliation')}?{query}"
    return {"number": number, "label": label, "href": address}


def _facts_of(export: Any) -> str:
    """Whose export was taken last, and how many records it had."""
    records = PortalRecord.objects.there().count()
    taken = long_date(timezone.localtime(export.applied_at).date())
    by = f" by {export.applied_by}" if export.applied_by else ""
    number = f"{records:,} record{'' if records == 1 else 's'}"
    return f"The last export is of {long_date(export.as_at)}, with {number}; taken {taken}{by}."


@access(governance)
@require_POST
def compare_again(request: SignedInRequest) -> HttpResponse:
    """`/portal/compare/`: the records are compared with what is held here now."""
    found = compare(actor=request.user)
    if found is None:
        messages.info(
            request, "No export of the portal was taken yet: there is nothing to compare."
        )
    elif found.opened or found.closed:
        new = counted(found.opened, "new difference was", "new differences were")
        messages.success(
            request,
            f"Compared again: {new} found, {counted(found.closed, 'was', 'were')} settled, "
            f"{found.open} are open.",
        )
    else:
        messages.success(request, f"Compared again: nothing has changed, {found.open} are open.")
    return redirect("portal:reconciliation")


@access(governance)
@require_safe
def for_hmicfrs(request: SignedInRequest) -> HttpResponseBase:
    """`/portal/for-hmicfrs/`: the list to send, as a workbook."""
    sheet = list_for_hmicfrs(request.user)
    logger.info("list for HMICFRS marking=%s user=%s", sheet.marking, request.user.get_username())
    return exports.respond("xlsx", sheet)


@access(governance)
@require_http_methods(FORM_METHODS)
def own_several(request: SignedInRequest) -> HttpResponse:
    """`/portal/differences/owner/`: one owner for those that were ticked."""
    chosen = _chosen(request)
    if isinstance(chosen, HttpResponse):
        return chosen
    form = SeveralOwnerForm(request.POST or None, differences=chosen)
    if form.is_valid():
        with refusals_on(form):
            done = give_several(chosen, actor=request.user, owner=form.cleaned_data["owner"])
        if not form.errors:
            messages.success(request, f"{_number(done)} changed.")
            return HttpResponseRedirect(_list_address(request))
    context = {
        "rows": chosen,
        "form": form,
        "query": _sent(request).get("query", ""),
        "heading": f"Owner of {_number(len(chosen))}",
        "cancel": _list_address(request),
    }
    return render(request, "portal/reconciliation/several.html", context)


@access(governance)
@require_http_methods(FORM_METHODS)
def wait_for_portal(request: SignedInRequest) -> HttpResponse:
    """`/portal/differences/wait/`: those that were ticked wait for the portal."""
    chosen = _chosen(request)
    if isinstance(chosen, HttpResponse):
        return chosen
    refusal = ""
    if request.method == "POST":
        try:
            done = wait_several(chosen, actor=request.user)
        except Refused as error:
            refusal = str(error)
        else:
            messages.success(request, f"{_number(done)} changed: waiting for the portal.")
            return HttpResponseRedirect(_list_address(request))
    context = {
        "rows": chosen,
        "refusal": refusal,
        "query": _sent(request).get("query", ""),
        "heading": f"Wait for the portal with {_number(len(chosen))}",
        "button": "They wait for the portal",
        "cancel": _list_address(request),
    }
    return render(request, "portal/reconciliation/several.html", context)


def _number(number: int) -> str:
    return f"{number} difference{'' if number == 1 else 's'}"


def _sent(request: SignedInRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def _chosen(request: SignedInRequest) -> list[PortalDifference] | HttpResponse:
    """The differences that were ticked, or all of the list; else the way back to the list.

    Raises:
        Http404: one of them is not there for this person.
    """
    sent = _sent(request)
    readable = PortalDifference.objects.visible_to(request.user)
    keys: set[int] = set()
    if sent.get("all") == "yes" and request.method != "POST":
        listed: Any = DifferenceFilterSet(
            QueryDict(sent.get("query", "")), readable, request=request
        ).qs
    else:
        keys = set(keys_in(sent.getlist("chosen")))
        listed = readable.filter(pk__in=keys)
    found = list(listed.with_all().order_by("opened_on", "pk")[: MOST_AT_ONCE + 1])
    words = "Tick at least one difference first."
    if len(found) > MOST_AT_ONCE:
        words = f"At most {MOST_AT_ONCE} differences at once. Filter the list first."
    elif len(found) < len(keys):
        raise Http404
    elif found:
        return found
    messages.error(request, words)
    return HttpResponseRedirect(_list_address(request))


def _list_address(request: SignedInRequest) -> str:
    """The list as it was when its rows were ticked."""
    query = QueryDict(_sent(request).get("query", "")).urlencode(safe=",:")
    address = reverse("portal:reconciliation")
    return f"{address}?{query}" if query else address
