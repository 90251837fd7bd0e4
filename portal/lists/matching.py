"""Which action a row is about: by the portal's reference, by our own, or by report and text.

A row that only reads much like an action is never taken for it: a person says so first.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from portal.keys import reference_key, title_key
from portal.lists.start_list import ListRow
from tracker.models import Action

# How alike two texts are, of 100, before somebody is asked whether they are the same.
ALIKE = 85
NOT_OURS = "new"


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


class Texts:
    """The texts of the actions of some publications, read once each."""

    def __init__(self) -> None:
        # Title key -> text key -> references
        self._of: dict[str, dict[str, list[str]]] = {}

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
        actions = Action.objects.filter(publication__in=of).order_by("reference")
        for publication, reference, text in actions.values_list("publication", "reference", "text"):
            self._of[of[publication]][title_key(text)].append(reference)

    def find(self, publication: str, text: str) -> Found:
        """The action of a publication that has this text, or one with much the same."""
        texts = self._of.get(title_key(publication), {})
        wanted = title_key(text)
        same = texts.get(wanted, [])
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
        best = process.extractOne(wanted, texts.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
        if best is None:
            return Found()
        alike, score, _ = best
        # Just short of the whole: 100 would say that the two are the same.
        return Found(resembles={"reference": texts[alike][0], "score": min(99, round(score))})


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
        return texts.find(row.publication, row.text)
    if row.portal_reference:
        return Found()
    sentence = "is empty. Enter the reference of the action, or its report and text."
    return Found(problem=("reference", sentence))
