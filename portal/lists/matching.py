"""Which action a row is about: by the portal's reference, by our own, or by report and text.

A row that only reads much like an action is never taken for it: a person says so first.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from core.markings import Marking
from portal.keys import reference_key, title_key
from portal.lists.start_list import ListRow
from tracker.models import Action

# How alike two texts are, of 100, before somebody is asked whether they are the same.
ALIKE = 85


def same_as(reference: str) -> str:
    """What is kept where somebody says that a row is of the action that it is like."""
    return f"is {reference}"


def other_than(reference: str) -> str:
    """What is kept where somebody says that it is another, new one. Of another likeness it says
    nothing.
    """
    return f"not {reference}"


@dataclass(frozen=True)
class Found:
    """What a row is about.

    Args:
        reference: of the action; "" where the row is of none that is here.
        resembles: {"reference": ..., "score": ...} where that is for a person to say.
        problem: field and sentence where it cannot be told.
    """

    reference: str = ""
    resembles: dict[str, Any] = field(default_factory=dict)
    problem: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """An action that has a text."""

    reference: str
    portal_reference: str
    sensitive: bool


class Texts:
    """The texts of the actions of some publications, read once each.

    Args:
        until: the last action that counts, by its primary key: none that an import itself has just
            recorded.
    """

    def __init__(self, until: int) -> None:
        self._until = until
        # Title key -> text key -> actions
        self._of: dict[str, dict[str, list[_Known]]] = {}

    def load(self, titles: dict[str, list[int]]) -> None:
        """Read the actions of publications that have not been read so far, in one query.

        Args:
            titles: title key -> primary keys of the publications of that title.
        """
        missing = {key: keys for key, keys in titles.items() if key not in self._of}
        if not missing:
            return
        of = {pk: key for key, keys in missing.items() for pk in keys}
        for key in missing:
            self._of[key] = defaultdict(list)
        actions = Action.objects.filter(
            publication__in=of, pk__lte=self._until, entered_in_error=False
        )
        for publication, reference, portal_reference, marking, text in actions.order_by(
            "reference"
        ).values_list("publication", "reference", "portal_reference", "marking", "text"):
            known = _Known(reference, portal_reference or "", marking == Marking.SENSITIVE)
            self._of[of[publication]][title_key(text)].append(known)

    def find(self, publication: str, text: str, portal_reference: str) -> Found:
        """The action of a publication that has this text, or one with much the same.

        An action that the portal knows by another reference is another. One that is marked
        sensitive is never suggested: whoever imports may not read it.
        """
        texts = self._of.get(title_key(publication), {})
        wanted = title_key(text)
        same = [each.reference for each in _fitting(texts.get(wanted, []), portal_reference)]
        if len(same) == 1:
            return Found(same[0])
        if same:
            return Found(
                problem=(
                    "text",
                    f"Several actions have this text: {', '.join(same[:5])}. Enter the reference "
                    "of the one that is meant.",
                )
            )
        open_to = {
            text: suggested[0].reference
            for text, known in texts.items()
            if (suggested := [k for k in _fitting(known, portal_reference) if not k.sensitive])
        }
        best = process.extractOne(wanted, open_to.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
        if best is None:
            return Found()
        alike, score, _ = best
        # Just short of the whole: 100 would say that the two are the same.
        return Found(resembles={"reference": open_to[alike], "score": min(99, round(score))})


def _fitting(known: list[_Known], portal_reference: str) -> list[_Known]:
    wanted = reference_key(portal_reference)
    return [
        each
        for each in known
        if not (wanted and each.portal_reference) or reference_key(each.portal_reference) == wanted
    ]


def find(
    row: ListRow, by_reference: dict[str, Any], by_portal: dict[str, str], texts: Texts
) -> Found:
    """Which action a row is about.

    Args:
        row: the row.
        by_reference: reference key -> action.
        by_portal: portal reference key -> reference of the action that has it.
        texts: of the publications that rows without a reference name.
    """
    owner = by_portal.get(reference_key(row.portal_reference or ""), "")
    if row.reference:
        if owner and reference_key(owner) != reference_key(row.reference):
            sentence = f"“{row.portal_reference}” belongs to {owner}. Correct one of the two."
            return Found(problem=("portal_reference", sentence))
        known = by_reference.get(reference_key(row.reference))
        return Found(known.reference if known else "")
    if owner:
        return Found(owner)
    if row.publication and row.text:
        return texts.find(row.publication, row.text, row.portal_reference or "")
    if row.portal_reference:
        return Found()
    sentence = "is empty. Enter the reference of the action, or its report and text."
    return Found(problem=("reference", sentence))
