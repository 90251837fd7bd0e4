"""Words of a list's rows that can be read as cells and yet mean nothing here: PAF questions that
the framework does not have, confidences, leads that are not recorded.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.lists.here import Here
from tracker.models import Action


def unknown_words(
    values: Mapping[str, Any], action: Action | None, here: Here
) -> Iterator[tuple[str, str]]:
    """Field and word of everything that a row says and nobody knows here.

    Args:
        values: field of `START_LIST` -> what its cell means, as far as that can be read.
        action: that the row is about; None for a new one.
        here: the reference data.
    """
    number = values.get("question")
    if here.framework is not None and number is not None and not knows(number, action, here):
        yield "question", str(number)
    confidence = values.get("confidence")
    if confidence and confidence.casefold() not in here.confidences:
        yield "confidence", confidence
    for role in ("executive", "delivery"):
        name = values.get(role)
        if name and name.casefold() not in here.leads:
            yield role, name


def knows(number: int, action: Action | None, here: Here) -> bool:
    """Whether there is a PAF question of this number: an action may stand beside one of an earlier
    framework.
    """
    own = action.question if action else None
    return number in here.questions or (own is not None and own.number == number)
