"""The list of inspections: one source at a time, by how far they are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet

from inspections.choices import InspectionStatus, PublicationType, Source
from inspections.models import Inspection

if TYPE_CHECKING:
    from people.models import User

# What is going on comes first; what is over, last.
_ORDER = (
    InspectionStatus.FIELDWORK,
    InspectionStatus.SCHEDULED,
    InspectionStatus.AWAITING_REPORT,
    InspectionStatus.PROPOSED,
    InspectionStatus.PUBLISHED,
    InspectionStatus.WITHDRAWN,
)


@dataclass(frozen=True)
class Group:
    """Inspections that are equally far.

    Args:
        title: how far they are.
        inspections: in the order of their titles, with their phases.
    """

    title: str
    inspections: list[Inspection]


def counts(user: "User") -> dict[str, int]:
    """How many inspections of each source this person may know of; each is counted apart."""
    kinds = Inspection.objects.visible_to(user).values("kind").annotate(number=Count("pk"))
    found = dict.fromkeys(Source.values, 0)
    for each in kinds.order_by("kind"):
        found[Inspection(kind=each["kind"]).source] += each["number"]
    return found


def grouped(user: "User", source: str, kind: str = "") -> list[Group]:
    """The inspections of a source, by how far they are. A fixed number of queries.

    Args:
        user: the reader.
        source: a value of `Source`.
        kind: only those of this kind; "" = of all.
    """
    found: QuerySet[Inspection] = Inspection.objects.visible_to(user).of_source(source)
    if kind:
        found = found.filter(kind=kind)
    found = found.select_related("report", "lead").prefetch_related("phases").order_by("title")
    by_status: dict[str, list[Inspection]] = {}
    for each in found:
        by_status.setdefault(each.status, []).append(each)
    return [Group(str(status.label), by_status[status]) for status in _ORDER if status in by_status]


def kinds_of(user: "User", source: str) -> list[tuple[str, str]]:
    """The kinds there are among the inspections of a source, with their names."""
    found = Inspection.objects.visible_to(user).of_source(source)
    there = set(found.values_list("kind", flat=True))
    return [(each.value, str(each.label)) for each in PublicationType if each in there]
