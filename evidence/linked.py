"""What a piece of evidence stands for, as its page shows it to a reader."""

from dataclasses import dataclass, field

from evidence.keeping import may_keep
from evidence.linking import areas_led
from evidence.models import CharacteristicEvidence, Evidence
from inspections.models import CoreQuestion, Framework
from people.models import User


@dataclass
class StandsFor:
    """What evidence stands for within a question area.

    Args:
        question: with its framework.
        links: with their characteristics, in the order of the framework.
        in_force: whether it is of the framework in force today.
        may_change: whether the reader may confirm these and take them off.
    """

    question: CoreQuestion
    in_force: bool
    may_change: bool
    links: list[CharacteristicEvidence] = field(default_factory=list)


@dataclass(frozen=True)
class Standing:
    """What a piece of evidence stands for.

    Args:
        areas: those with something, the framework in force first.
        may_choose: whether the reader may link it to characteristics.
    """

    areas: tuple[StandsFor, ...]
    may_choose: bool


def standing_of(evidence: Evidence, user: User) -> Standing:
    """What a piece of evidence stands for, by question area."""
    framework = Framework.objects.in_force()
    withdrawn = evidence.withdrawn_at is not None
    mine = linkable_areas(evidence, user)
    links = evidence.characteristic_links.filter(removed_at=None)
    places = ("characteristic__topic__question", "characteristic__topic", "characteristic")
    in_order = [f"{place}__number" for place in places]
    areas: dict[int, StandsFor] = {}
    for link in links.select_related(f"{places[0]}__framework").order_by(*in_order):
        question = link.characteristic.topic.question
        if question.pk not in areas:
            areas[question.pk] = StandsFor(
                question,
                in_force=question.framework == framework,
                may_change=not withdrawn and (mine is None or question.pk in mine),
            )
        areas[question.pk].links.append(link)
    return Standing(
        areas=tuple(sorted(areas.values(), key=lambda area: not area.in_force)),
        may_choose=not withdrawn and (mine is None or bool(mine)),
    )


def linkable_areas(evidence: Evidence, user: User) -> set[int] | None:
    """Primary keys of the question areas that somebody may link a piece of evidence to; None where
    they may link it to every one.
    """
    if may_keep(evidence, user):
        return None
    return set(areas_led(user).values_list("question", flat=True))
