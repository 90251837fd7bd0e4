"""The view behind every list page."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views import View

from core import exports
from core.dates import today
from core.listing.address import ListAddress
from core.listing.filters import Group, ListFilterSet, shortened
from core.listing.panel import chips, panel
from core.listing.table import ListTable
from core.markings import Marking
from core.models import ListPreference, SavedView

logger = logging.getLogger("portal.listing")
ROWS = (25, 50, 100)
DEFAULT_ROWS = 25
MAX_PDF_ROWS = 1000
# Rows fetched at a time while a file is written: few enough for memory, many enough for speed.
CHUNK = 1000
FORMATS = {"csv": "CSV", "xlsx": "Excel", "pdf": "PDF"}


@dataclass(frozen=True)
class Tab:
    """A ready-made choice of filters above the list, and how many rows it holds."""

    text: str
    href: str
    count: int
    current: bool


@dataclass(frozen=True)
class Step:
    """Something that may be done with rows that are ticked: words of a button, and its page.

    The page is asked with `chosen` (one a row), or with `all` and the list's `query`.
    """

    text: str
    href: str


@dataclass(frozen=True)
class Export:
    """Another way to take a list away, which an upper room knows.

    Args:
        kind: its name in the address (`?export=`).
        text: the words of its link.
        offered: whether this list, as somebody reads it now, can be taken away so.
        respond: the download; it is given the list, the primary keys of its rows in their order,
            and what is known of it (heading, day, marking, filters; no rows).
    """

    kind: str
    text: str
    offered: Callable[["ListPage"], bool]
    respond: Callable[["ListPage", list[Any], exports.Sheet], HttpResponseBase]


class KnownCountPaginator(Paginator):
    """A paginator that was told its count, because the page shows it anyway."""

    def __init__(self, object_list: Any, per_page: int, count: int) -> None:
        super().__init__(object_list, per_page)
        self.__dict__["count"] = count  # the cached property's own place


class ListPage(View):
    """A list page.

    Subclasses declare:
        key: the name of the list's address; saved views and column choices are kept under it.
        title: heading.
        get_queryset: every row this person may see, with nothing that only display needs.
        filterset_class, table_class, template_name.
        groups: what stands where in the filter panel.
    and may say more: `for_display`, `for_sorting`, `sentence`, `tabs`, `marked_by`, `notes`,
    `steps`.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    noun: ClassVar[tuple[str, str]] = ("row", "rows")
    file_name: ClassVar[str]
    filterset_class: ClassVar[type[ListFilterSet]]
    table_class: ClassVar[type[ListTable]]
    template_name: ClassVar[str]
    groups: ClassVar[tuple[Group, ...]] = ()
    default_sort: ClassVar[str]
    # Where a row's protective marking stands, such as "action__marking"; "" where rows have none.
    marked_by: ClassVar[str] = ""
    http_method_names = ["get", "head", "options"]
    known: ClassVar[dict[str, type["ListPage"]]] = {}
    # What upper rooms have announced, by the key of the list.
    _more_exports: ClassVar[dict[str, dict[str, Export]]] = {}

    @classmethod
    def announce_export(cls, key: str, export: Export) -> None:
        """Let an upper room offer an export of a list (called from an app's `ready`)."""
        cls._more_exports.setdefault(key, {})[export.kind] = export

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "key" in cls.__dict__:
            ListPage.known[cls.key] = cls

    @property
    def user(self) -> Any:
        """Who reads; the access rule has let in nobody who is not signed in."""
        return self.request.user

    # What a list may say about itself ---------------------------------------------------------

    def get_queryset(self) -> QuerySet[Any]:
        """Every row this person may see."""
        raise NotImplementedError

    def for_display(self, queryset: QuerySet[Any], columns: list[str]) -> QuerySet[Any]:
        """The rows of one page with all that the visible columns show."""
        return queryset

    def for_sorting(self, queryset: QuerySet[Any], sort: str) -> QuerySet[Any]:
        """The rows with what the order needs, and no more."""
        return queryset

    def sentence(self, count: int) -> str:
        """How many rows of what, e.g. "41 of 123 live actions as at 20 November 2024"."""
        return f"{count:,} {self.noun[0] if count == 1 else self.noun[1]}"

    def count(self, filtered: QuerySet[Any]) -> int:
        """How many rows the list has; a list that knows already need not ask again."""
        return filtered.count()

    def tabs(self) -> list[Tab]:
        """Ready-made choices above the list."""
        return []

    def marking(self, queryset: QuerySet[Any]) -> str:
        """The protective marking of these rows taken together: OFFICIAL-SENSITIVE as soon as one
        is.
        """
        if self.marked_by and queryset.filter(**{self.marked_by: Marking.SENSITIVE}).exists():
            return str(Marking.SENSITIVE)
        return str(settings.DEFAULT_MARKING)

    def steps(self) -> list[Step]:
        """What this reader may do with rows they tick; rows can be ticked where there is any."""
        return []

    def as_at(self) -> Any:
        """The day the list is of."""
        return today()

    def table_options(self) -> dict[str, Any]:
        """More arguments for the table."""
        return {}

    def more_exports(self) -> dict[str, Export]:
        """What upper rooms offer of this list, as this person reads it now."""
        announced = self._more_exports.get(self.key, {})
        return {kind: each for kind, each in announced.items() if each.offered(self)}

    # How it answers ----------------------------------------------------------------------------

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if any(not value.strip() for values in dict(request.GET).values() for value in values):
            # A form sends its empty fields too; addresses that people keep should not hold them.
            return HttpResponseRedirect(ListAddress(request.path, request.GET).without_blanks())
        self.read_address()
        filtered = self.filterset.qs
        ordered = self.for_sorting(filtered, self.sort).order_by(
            *self.table_class.ordering(self.sort)
        )
        wanted = request.GET.get("export", "")
        if wanted in FORMATS or wanted in self.more_exports():
            return self.export(wanted, filtered, ordered)
        if wanted:
            self.notes.append(f"A list can be exported as {', '.join(FORMATS.values())} only.")
        return render(request, self.template_name, self.context(filtered, ordered))

    def read_address(self) -> None:
        """Filters, order, columns and rows a page; what cannot be used is noted, never an error."""
        request = self.request
        self.address = ListAddress(request.path, request.GET)
        self.filterset = self.filterset_class(request.GET, self.get_queryset(), request=request)
        self.notes = self.filterset.notes
        self.preference = ListPreference.objects.filter(user=self.user, list_key=self.key).first()
        self.sort = self._sort()
        self.columns = self._columns()
        self.rows = self._rows()

    def _sort(self) -> str:
        asked = self.request.GET.get("sort", "")
        if not asked:
            return self.default_sort
        if asked.removeprefix("-") not in self.table_class.sortable():
            self.notes.append(f"This list cannot be sorted by “{shortened(asked)}”.")
            return self.default_sort
        return asked

    def _columns(self) -> list[str]:
        offered = self.table_class.offered()
        given = self.request.GET.getlist("columns")
        asked = [name for value in given for name in value.split(",") if name]
        unknown = [name for name in asked if name not in offered]
        if unknown:
            self.notes.append(f"There is no column “{shortened(unknown[0])}” in this list.")
        chosen = [name for name in asked if name in offered]
        if not chosen and self.preference:
            chosen = [name for name in self.preference.columns if name in offered]
        if not chosen:
            chosen = list(self.table_class.default_columns)
        chosen.append(self.table_class.row_header)
        return [name for name in offered if name in chosen]

    def _rows(self) -> int:
        asked = self.request.GET.get("rows", "")
        if asked.isascii() and asked.isdigit() and int(asked[:6]) in ROWS:
            return int(asked)
        if asked:
            self.notes.append("A page can show 25, 50 or 100 rows.")
        if self.preference and self.preference.rows in ROWS:
            return self.preference.rows
        return DEFAULT_ROWS

    def context(self, filtered: QuerySet[Any], ordered: QuerySet[Any]) -> dict[str, Any]:
        """Everything the template shows."""
        count = self.count(filtered)
        paginator = KnownCountPaginator(ordered.values_list("pk", flat=True), self.rows, count)
        page = paginator.get_page(self.request.GET.get("page"))
        counted = self.request.GET.get("counts") == "yes"
        return {
            "list": self,
            "title": self.title,
            "sentence": self.sentence(count),
            "count": count,
            "notes": self.notes,
            "tabs": self.tabs(),
            "chips": chips(self.filterset, self.address),
            "panel": panel(self.filterset, self.groups, self.address, counted=counted),
            "table": self.page_table(self.fetch(list(page.object_list))),
            "steps": self.steps(),
            "page": page,
            "links": self.links(),
            "column_choices": self.column_choices(),
            "views": SavedView.objects.offered(self.user, self.key),
            "current_view": self.request.GET.get("view", ""),
        }

    def fetch(self, keys: list[Any]) -> list[Any]:
        """The rows of these primary keys, in that order, with all that is shown of them."""
        rows = self.for_display(self.get_queryset().filter(pk__in=keys), self.columns)
        found = {row.pk: row for row in rows} if keys else {}
        return [found[key] for key in keys if key in found]

    def table(self, rows: list[Any], columns: list[str] | None = None) -> ListTable:
        """The table of these rows; the columns shown on the page unless told."""
        table = self.table_class.showing(
            rows,
            columns or self.columns,
            order_by=(self.sort,),
            order_by_field="sort",
            **self.table_options(),
        )
        table.caption = self.title
        return table

    def page_table(self, rows: list[Any]) -> ListTable:
        """The table of the page, with rows to tick where something may be done with them."""
        table = self.table(rows)
        table.ticks = bool(self.steps())
        return table

    def links(self) -> dict[str, Any]:
        """Addresses of what may be done with the list as it is shown."""
        return {
            "clear": self.address.keeping(("sort", "rows", "columns")),
            "counts": self.address.with_value("counts", "yes"),
            "without_counts": self.address.without("counts"),
            "rows": [
                (rows, self.address.with_value("rows", rows), rows == self.rows) for rows in ROWS
            ],
            "exports": self._export_links(FORMATS),
            "more_exports": self._export_links(
                {kind: each.text for kind, each in self.more_exports().items()}
            ),
            "query": self.address.query_string,
        }

    def _export_links(self, offered: Mapping[str, str]) -> list[tuple[str, str]]:
        return [(words, self.address.with_value("export", kind)) for kind, words in offered.items()]

    def column_choices(self) -> list[tuple[str, str, bool, bool]]:
        """Name, heading, shown now, cannot be hidden: of every column on offer."""
        return [
            (name, heading, name in self.columns, name == self.table_class.row_header)
            for name, heading in self.table_class.offered().items()
        ]

    # Files ---------------------------------------------------------------------------------------

    def export(
        self, kind: str, filtered: QuerySet[Any], ordered: QuerySet[Any]
    ) -> HttpResponseBase:
        """The whole list as a file: same filters, order and columns, every page of it."""
        keys = list(ordered.values_list("pk", flat=True))
        if kind == "pdf" and len(keys) > MAX_PDF_ROWS:
            messages.error(
                self.request,
                f"A PDF can hold {MAX_PDF_ROWS:,} rows and this list has {len(keys):,}. "
                "Choose fewer with the filters, or export it for Excel.",
            )
            return HttpResponseRedirect(self.address.without("export"))
        marking = self.marking(filtered)
        columns = list(self.columns)
        if marking != settings.DEFAULT_MARKING and "marking" in self.table_class.base_columns:
            # Each row says for itself whether it is the one that must be kept close.
            columns = [name for name in self.table_class.offered() if name in {*columns, "marking"}]
        sheet = exports.Sheet(
            title=self.title,
            file_name=self.file_name,
            day=self.as_at(),
            marking=marking,
            sentence=self.sentence(len(keys)),
            filters=tuple(self.filterset.in_words()),
            made_by=str(self.user),
            headings=tuple(self.table([], columns).headings()),
            rows=self._exported_rows(keys, columns) if kind in FORMATS else (),
        )
        logger.info(
            "export list=%s format=%s rows=%d marking=%s user=%s",
            self.key,
            kind,
            len(keys),
            marking,
            self.user.get_username(),
        )
        if kind in FORMATS:
            return exports.respond(kind, sheet)
        return self.more_exports()[kind].respond(self, keys, sheet)

    def _exported_rows(self, keys: list[Any], columns: list[str]) -> Iterator[list[Any]]:
        for start in range(0, len(keys), CHUNK):
            yield from self.table(self.fetch(keys[start : start + CHUNK]), columns).values()
