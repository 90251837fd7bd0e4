"""What the database holds, as far as a list has to be compared with it.

Reference data is read once; actions a batch of rows at a time, so that memory does not grow with
the list.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Max

from core.dates import today
from core.markings import Marking
from inspections.choices import DatePrecision
from inspections.models import CoreQuestion, Framework, Publication
from people.models import Lead
from portal.keys import reference_key, title_key
from portal.lists.matching import Texts
from portal.lists.start_list import ListRow
from tracker.models import Action, Confidence, ProgressUpdate


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
    """The reference data of this installation, as it was when this was made."""

    def __init__(self) -> None:
        self._last: int = Action.objects.aggregate(last=Max("pk"))["last"] or 0
        # Recorded by the import itself since.
        self.recorded: set[int] = set()

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
        found = self.publications.get(title_key(row.publication or ""), [])
        if len(found) > 1:
            found = [each for each in found if row.published and same_day(each, row.published)]
        return found[0] if found else None

    @cached_property
    def texts(self) -> Texts:
        """The texts of actions, for rows that have no reference."""
        return Texts(self._last)

    def batch(self, rows: Iterable[ListRow], said: Iterable[str] = ()) -> Batch:
        """The actions that these rows are about, in a fixed number of queries.

        Args:
            rows: of a list.
            said: further references that are wanted: those that somebody has said.
        """
        rows = list(rows)
        batch = Batch()
        batch.portal_references = self._portal_references(rows)
        self._load_texts(rows)
        wanted = {row.reference for row in rows if row.reference} | set(said)
        wanted |= set(batch.portal_references.values())
        wanted |= {found for row in rows if (found := self._by_text(row))}
        actions = (
            Action.objects.by_references(wanted)
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
        return batch

    def _portal_references(self, rows: list[ListRow]) -> dict[str, str]:
        wanted = {row.portal_reference for row in rows if row.portal_reference}
        if not wanted:
            return {}
        holders = Action.objects.by_portal_references(wanted)
        return {
            reference_key(str(portal_reference)): reference
            for portal_reference, reference in holders.values_list("portal_reference", "reference")
        }

    def _load_texts(self, rows: list[ListRow]) -> None:
        titles = {
            key: [each.pk for each in self.publications[key]]
            for row in rows
            if not row.reference and row.publication and row.text
            if (key := title_key(row.publication)) in self.publications
        }
        self.texts.load(titles)

    def _by_text(self, row: ListRow) -> str:
        if row.reference or not (row.publication and row.text):
            return ""
        return self.texts.find(row.publication, row.text, row.portal_reference or "").reference


def same_day(publication: Publication, day: dt.date) -> bool:
    """Whether a day is a publication's, or in its month where only that is known."""
    known = publication.published_on
    if publication.date_precision == DatePrecision.MONTH:
        return (known.year, known.month) == (day.year, day.month)
    return known == day
