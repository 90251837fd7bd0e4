"""The list of evidence: searched, filtered, sorted and exported within what its reader may read."""

from typing import Any, cast

from django.db.models import Count, Q, QuerySet
from django.http.response import HttpResponseBase

from core.access import access
from core.dates import today
from core.listing import ListPage, ListTable, Tab
from core.markings import Marking
from evidence.choices import Freshness, ReadAs
from evidence.filters import GROUPS, ME, YES, EvidenceFilterSet
from evidence.freshness import freshness_is
from evidence.models import Evidence
from evidence.queries import EvidenceQuerySet
from evidence.readings import note_all
from evidence.search import hits_in
from evidence.tables import EvidenceTable
from evidence.views.rules import readers
from evidence.words import terms_of

# Tab -> its words, and the parameters that choose it.
_TABS: dict[str, tuple[str, dict[str, str]]] = {
    "current": ("All current", {}),
    "due": ("Due for review", {"fresh": Freshness.DUE.value}),
    "stale": ("Stale", {"fresh": Freshness.STALE.value}),
    "withdrawn": ("Withdrawn", {"withdrawn": YES}),
    "mine": ("Mine", {"owner": ME}),
}
_KEPT_BY_TABS = ("sort", "rows", "columns")


@access(readers)
class EvidenceListPage(ListPage):
    """`/evidence/`: every piece of evidence this person may read."""

    key = "evidence:items"
    title = "Evidence"
    noun = ("piece of evidence", "pieces of evidence")
    file_name = "evidence"
    filterset_class = EvidenceFilterSet
    table_class = EvidenceTable
    template_name = "evidence/items.html"
    groups = GROUPS
    marked_by = "marking"
    default_sort = "-dated"

    def get_queryset(self) -> EvidenceQuerySet:
        return Evidence.objects.visible_to(self.user)

    def for_display(self, queryset: QuerySet[Any], columns: list[str]) -> QuerySet[Any]:
        found = cast(EvidenceQuerySet, queryset).with_characteristics()
        return found.select_related("owner", "meeting").prefetch_related("files")

    def page_table(self, rows: list[Any]) -> ListTable:
        """With the passages in which the words were found; of nothing but these rows."""
        table = super().page_table(rows)
        query = self.filterset.chosen.get("q", "")
        if query and isinstance(table, EvidenceTable):
            table.terms = terms_of(query)
            table.hits = hits_in(rows, query)
            shown = ((row, None) for row in rows if table.hits.get(row.pk))
            note_all(shown, self.user, ReadAs.SEARCH)
        return table

    def export(
        self, kind: str, filtered: QuerySet[Any], ordered: QuerySet[Any]
    ) -> HttpResponseBase:
        sensitive = filtered.filter(marking=Marking.SENSITIVE).order_by("pk")
        note_all(((row, None) for row in sensitive), self.user, ReadAs.EXPORT)
        return super().export(kind, filtered, ordered)

    # Counts ---------------------------------------------------------------------------------------

    @property
    def tab_counts(self) -> dict[str, int]:
        if not hasattr(self, "_tab_counts"):
            current = Q(withdrawn_at=None)
            states = {
                "due": freshness_is(Freshness.DUE, today()),
                "stale": freshness_is(Freshness.STALE, today()),
                "mine": Q(owner=self.user),
            }
            self._tab_counts: dict[str, int] = self.get_queryset().aggregate(
                current=Count("pk", filter=current),
                withdrawn=Count("pk", filter=~current),
                **{name: Count("pk", filter=current & state) for name, state in states.items()},
            )
        return self._tab_counts

    @property
    def current_tab(self) -> str | None:
        """The tab whose filters are exactly those chosen; None when there are others."""
        for name, (_, parameters) in _TABS.items():
            if self.filterset.chosen == {
                key: value if key == "withdrawn" else [value] for key, value in parameters.items()
            }:
                return name
        return None

    def count(self, filtered: QuerySet[Any]) -> int:
        tab = self.current_tab
        return self.tab_counts[tab] if tab else super().count(filtered)

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
        """ "41 of 123 pieces of evidence"."""
        total = self._total()
        words = self.noun[0] if total == 1 else self.noun[1]
        return f"{count:,} {words}" if count == total else f"{count:,} of {total:,} {words}"

    def _total(self) -> int:
        """Out of how many: those that are current, withdrawn, or both, as the list shows."""
        show = str(self.filterset.chosen.get("withdrawn", ""))
        counted = {"all": ("current", "withdrawn"), YES: ("withdrawn",)}.get(show, ("current",))
        return sum(self.tab_counts[name] for name in counted)

    def context(self, filtered: QuerySet[Any], ordered: QuerySet[Any]) -> dict[str, Any]:
        nothing_yet = not self.tab_counts["current"] and not self.tab_counts["withdrawn"]
        return {**super().context(filtered, ordered), "nothing_yet": nothing_yet}
