"""Template filters that the components need ({% load look %})."""

from collections.abc import Iterator

from django import template
from django.core.paginator import Page
from django_tables2.columns import BoundColumn

register = template.Library()


@register.filter
def page_numbers(page: Page) -> Iterator[int | None]:
    """Numbers of the pages to offer around the current one; None stands for those left out."""
    paginator = page.paginator
    for number in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        yield None if number == paginator.ELLIPSIS else int(number)


@register.filter
def sort_direction(column: BoundColumn) -> str:
    """How a table is sorted by this column, as `aria-sort` says it; "" when it is not."""
    if not column.is_ordered:
        return ""
    return "descending" if column.order_by_alias.is_descending else "ascending"
