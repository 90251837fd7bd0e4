"""Which of our actions a record of the portal may be, and the other way round: most alike first."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from portal.keys import title_key
from portal.models import DifferenceKind, PortalDifference, PortalRecord
from tracker.choices import Register
from tracker.models import Action
from tracker.queries import ActionQuerySet

OFFERED = 6
# So much alike must two texts be, of 100, before one is offered.
LEAST = 85


@dataclass(frozen=True)
class Alike:
    """Something that may be meant.

    Args:
        key: its primary key.
        text: what it asks for.
        score: how much alike the texts are, 0 to 100.
    """

    key: int
    text: str
    score: int


def without_reference(actions: ActionQuerySet) -> ActionQuerySet:
    """HMICFRS's actions of which it is not known what the portal calls them."""
    return actions.filter(register=Register.HMICFRS, entered_in_error=False, portal_reference=None)


def records_only_there() -> list[PortalRecord]:
    """The records that are known to be of no action here."""
    open_now = PortalDifference.objects.open().filter(kind=DifferenceKind.ONLY_THERE)
    return list(PortalRecord.objects.filter(pk__in=open_now.values("record")))


def actions_like(record: PortalRecord, actions: ActionQuerySet) -> list[Alike]:
    """The actions without a portal reference whose text is nearly that of a record."""
    found = without_reference(actions).values_list("pk", "text")
    return _most_alike(record.text, found)


def records_like(action: Action) -> list[Alike]:
    """The records only on the portal whose text is nearly that of an action."""
    return _most_alike(action.text, [(each.pk, each.text) for each in records_only_there()])


def _most_alike(text: str, candidates: Iterable[tuple[int, str]]) -> list[Alike]:
    texts = dict(candidates)
    ranked = process.extract(
        title_key(text),
        {key: title_key(each) for key, each in texts.items()},
        scorer=fuzz.token_sort_ratio,
        limit=OFFERED,
        score_cutoff=LEAST,
    )
    return [Alike(key, texts[key], round(score)) for _, score, key in ranked]
