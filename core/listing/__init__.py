"""The list page: four declarations (queryset, filter set, table, template) make a whole list.

Filters in the address, removable chips, a count in words, sorting, pages, a choice of columns that
stays, saved views, and export of exactly what is shown come from here, written once.
"""

from core.listing.filters import Choices, Day, ListFilterSet, OneOf, Words
from core.listing.page import Export, ListPage, Step, Tab
from core.listing.table import ListTable

__all__ = [
    "Choices",
    "Day",
    "Export",
    "ListFilterSet",
    "ListPage",
    "ListTable",
    "OneOf",
    "Step",
    "Tab",
    "Words",
]
