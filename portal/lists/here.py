"""What the database holds, as far as a list has to be compared with it.

Reference data is read once; actions a batch of rows at a time, so that memory does not grow with
the list.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from core.dates import today
from core.markings import Marking
from inspections.choices import DatePrecision
from inspections.models import CoreQuestion, Framework, Publication
from people.models import Lead
from portal.lists.start_list import ListRow
from tracker.models import Action, Confidence, ProgressUpdate

_ALIKE = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\xa0": " "})


def title_key(title: str) -> str:
    """A title without what people type differently: case, spaces, kinds of quotes and dashes."""
    return " ".join(title.translate(_ALIKE).split()).casefold()


def reference_key(reference: str) -> str:
    """A reference without letter case: “st-0001” is ST-0001."""
    return reference.casefold()


@dataclass(frozen=True)
class Update:
    """The latest progress update of an action."""

    made_on: dt.date
    text: str
    sensitive: bool


@dataclass
class Batch:
    """The actions that a batch of rows is about.

    Args:
        actions: reference key -> action with its position today.
        updates: primary key -> latest update.
        portal_references: portal reference key -> reference of the action that has it.
    """

    actions: dict[str, Action] = field(default_factory=dict)
    updates: dict[int, Update] = field(default_factory=dict)
    portal_references: dict[str, str] = field(default_factory=dict)


class Here:
    """The reference data of this installation."""

    @cached_property
    def publications(self) -> dict[str, list[Publication]]:
        """Title key -> the publications of that title."""
        found: dict[str, list[Publication]] = defaultdict(list)
        for publication in Publication.objects.all():
            found[title_key(publication.title)].append(publication)
        return found

    @cached_property
    def leads(self) -> dict[str, Lead]:
        """Lower-case name -> lead."""
        return {lead.name.casefold(): lead for lead in Lead.objects.all()}

    @cached_property
    def confidences(self) -> dict[str, Confidence]:
        """Lower-case word -> value of the delivery confidence scale, best first."""
        return {each.name.casefold(): each for each in Confidence.objects.order_by("order")}

    @cached_property
    def confidence_names(self) -> dict[int, str]:
        """Order on the scale -> word."""
        return {each.order: each.name for each in self.confidences.values()}

    @cached_property
    def framework(self) -> Framework | None:
        return Framework.objects.in_force()

    @cached_property
    def questions(self) -> dict[int, CoreQuestion]:
        """Number -> question area of the framework in force."""
        if self.framework is None:
            return {}
        return {question.number: question for question in self.framework.questions.all()}

    def publication(self, row: ListRow) -> Publication | None:
        """The publication a row names: by title, and by date where several have that title."""
        found = self.publications.get(title_key(row.publication), [])
        if len(found) > 1:
            found = [each for each in found if row.published and same_day(each, row.published)]
        return found[0] if found else None

    def batch(self, rows: Iterable[ListRow]) -> Batch:
        """The actions that these rows are about, in a fixed number of queries."""
        rows = list(rows)
        batch = Batch()
        actions = (
            Action.objects.by_references({row.reference for row in rows})
            .with_position(today())
            .select_related("publication", "question", "parent")
        )
        batch.actions = {reference_key(action.reference): action for action in actions}
        if batch.actions:
            keys = [action.pk for action in batch.actions.values()]
            updates = ProgressUpdate.objects.filter(action__in=keys).order_by("made_on", "id")
            batch.updates = {
                key: Update(made_on, text, marking == Marking.SENSITIVE)
                for key, made_on, text, marking in updates.values_list(
                    "action", "made_on", "text", "marking"
                )
            }
        portal_references = {row.portal_reference for row in rows if row.portal_reference}
        if portal_references:
            holders = Action.objects.by_portal_references(portal_references)
            batch.portal_references = {
                reference_key(str(portal_reference)): reference
                for portal_reference, reference in holders.values_list(
                    "portal_reference", "reference"
                )
            }
        return batch


def same_day(publication: Publication, day: dt.date) -> bool:
    """Whether a day is a publication's, or in its month where only that is known."""
    known = publication.published_on
    if publication.date_precision == DatePrecision.MONTH:
        return (known.year, known.month) == (day.year, day.month)
    return known == day
