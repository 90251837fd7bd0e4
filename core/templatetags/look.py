"""Template filters that the components need ({% load look %})."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.columns import BoundColumn
from django_tables2.tables import Table

register = template.Library()


@register.filter
def page_numbers(page: Page) -> Iterator[int | None]:
    """Numbers of the pages to offer around the current one; None stands for those left out."""
    paginator = page.paginator
    for number in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        yield None if number == paginator.ELLIPSIS else int(number)


@dataclass(frozen=True)
class Cell:
    """A cell as it is laid out: whether it names its row, its attributes, and what stands in it."""

    heads: bool
    attributes: SafeString
    text: Any


@register.filter
def body_rows(table: Table) -> Iterator[list[Cell]]:
    """The cells of a table's page, row by row.

    What is the same for a whole column (attributes, label, way of writing numbers) is worked out
    once: a list shows hundreds of cells.
    """
    header = getattr(table, "row_header", "")
    columns = []
    for place, column in enumerate(table.columns):
        attributes = format_html('data-label="{}" {}', column.header, column.attrs["td"].as_html())
        heads = column.name == header if header else place == 0
        write = _WRITERS[column.localize]
        columns.append((column.name, heads, attributes, write))
    for row in table.paginated_rows:
        cells = [
            Cell(heads, attributes, write(row.get_cell(name)))
            for name, heads, attributes, write in columns
        ]
        yield [_tick(table, row.record), *cells] if getattr(table, "ticks", False) else cells


@register.simple_tag
def tick_box(name: str, value: object, key: int, words: str, *, seen: str = "") -> SafeString:
    """The box with which a row of a list is ticked.

    Args:
        name, value: what it sends.
        key: of the row's record, for its id.
        words: of its label, for those who do not see the row.
        seen: words of its label that are shown, before the others.
    """
    return format_html(
        '<div class="govuk-checkboxes govuk-checkboxes--small"><div class="govuk-checkboxes__item">'
        '<input class="govuk-checkboxes__input" type="checkbox" name="{0}" value="{1}" '
        'id="tick-{2}"><label class="govuk-label govuk-checkboxes__label" for="tick-{2}">{3}'
        '<span class="govuk-visually-hidden">{4}</span></label></div></div>',
        name,
        value,
        key,
        seen,
        words,
    )


def _tick(table: Any, record: Any) -> Cell:
    """The cell in which a row is ticked."""
    box = tick_box("chosen", table.ticked(record), record.pk, str(record))
    return Cell(False, format_html('data-label="{}" class="app-table__tick"', "Choose"), box)


# By what a column says of `localize`: nothing, yes, no.
_WRITERS: dict[bool | None, Callable[[Any], Any]] = {
    None: lambda value: value,
    True: lambda value: localize(value, use_l10n=True),
    False: lambda value: localize(value, use_l10n=False),
}


@register.filter
def sort_direction(column: BoundColumn) -> str:
    """How a table is sorted by this column, as `aria-sort` says it; "" when it is not."""
    if not column.is_ordered:
        return ""
    return "descending" if column.order_by_alias.is_descending else "ascending"
