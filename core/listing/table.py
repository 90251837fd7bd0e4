"""Tables of a list page: columns on offer, those shown at first, and how they sort."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import django_tables2 as tables
from django.db.models import F
from django.db.models.expressions import OrderBy
from django_tables2.data import TableListData


class PageData(TableListData):
    """Rows that the database has put into order already."""

    def order_by(self, aliases: Any) -> None:
        """Nothing to do: the page was cut out of an ordered queryset."""


class ListTable(tables.Table):
    """A table whose declared columns are all on offer.

    Attributes:
        default_columns: those shown to somebody who has chosen none.
        row_header: the column that names a row; always shown.
        tie_breaker: orders rows that are otherwise equal, so that pages never overlap.
        ticks: rows can be ticked, which sends `chosen` with what `ticked` makes of each.
        always_filled: paths that are never empty: ordered plainly, which lets an index serve.
    """

    base_columns: ClassVar[dict[str, Any]]
    default_columns: ClassVar[tuple[str, ...]] = ()
    row_header: ClassVar[str] = ""
    tie_breaker: ClassVar[tuple[str, ...]] = ("pk",)
    caption = ""
    ticks = False
    always_filled: ClassVar[tuple[str, ...]] = ("pk",)

    @classmethod
    def offered(cls) -> dict[str, str]:
        """Name of every column on offer -> its heading."""
        return {name: str(column.verbose_name) for name, column in cls.base_columns.items()}

    @classmethod
    def sortable(cls) -> dict[str, str]:
        """Name of every column that the list can be sorted by -> its heading."""
        return {
            name: str(column.verbose_name)
            for name, column in cls.base_columns.items()
            if column.orderable is not False
        }

    @classmethod
    def ordering(cls, sort: str) -> list[OrderBy]:
        """The order of a queryset for a column ("due") or its reverse ("-due"); nothing comes last.

        Raises:
            KeyError: no such column.
        """
        backwards = sort.startswith("-")
        name = sort.removeprefix("-")
        column = cls.base_columns[name]
        paths = [str(path) for path in (column.order_by or (column.accessor or name,))]
        orders = []
        for path in paths:
            reverse = path.startswith("-") != backwards
            field = F(path.lstrip("-"))
            last = None if path.lstrip("-") in cls.always_filled else True
            orders.append(field.desc(nulls_last=last) if reverse else field.asc(nulls_last=last))
        return [*orders, *(F(path).asc() for path in cls.tie_breaker if path not in paths)]

    @classmethod
    def showing(cls, rows: list[Any], columns: Iterable[str], **options: Any) -> "ListTable":
        """A table of these rows with these columns, in the order of the declaration."""
        shown = set(columns)
        hidden = [name for name in cls.base_columns if name not in shown]
        return cls(PageData(rows), exclude=hidden, **options)

    def ticked(self, record: Any) -> object:
        """What a row that is ticked sends: the words that name its record, unless a table says
        otherwise.
        """
        return str(record)

    def values(self) -> Iterator[list[Any]]:
        """The rows as an export writes them: text, numbers and dates."""
        names = [column.name for column in self.columns]
        for row in self.rows:
            yield [row.get_cell_value(name) for name in names]

    def headings(self) -> list[str]:
        return [str(column.header) for column in self.columns]
