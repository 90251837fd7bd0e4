"""What may be chosen in a column of the list, as this installation has it."""

from dataclasses import dataclass

from inspections.choices import OUTSIDE_TYPES, Scope
from inspections.models import Framework, Publication
from people.models import Lead
from portal.lists.as_listed import stage_word
from tracker.choices import Kind, Level, Stage
from tracker.models import Confidence


@dataclass(frozen=True)
class Choice:
    """The drop-down list of a column.

    Args:
        values: what is in it.
        others: whether something else may be entered.
        meanings: what a value stands for, where it does not say so itself.
    """

    values: tuple[str | int, ...]
    others: bool = False
    meanings: tuple[str, ...] = ()


def choices() -> dict[str, Choice]:
    """Field of `START_LIST` -> what may be chosen in it."""
    framework = Framework.objects.in_force()
    questions = list(framework.questions.order_by("number")) if framework else []
    leads = tuple(Lead.objects.values_list("name", flat=True))
    chief_officers = Lead.objects.filter(chief_officer=True).values_list("name", flat=True)
    titles = Publication.objects.order_by("title").values_list("title", flat=True)
    found = {
        "on_portal": Choice(("Yes", "No")),
        "publication": Choice(tuple(dict.fromkeys(titles)), others=True),
        "source_type": Choice(tuple(str(each.label) for each in OUTSIDE_TYPES)),
        "kind": Choice(tuple(str(each.label) for each in Kind)),
        "level": Choice(tuple(each.value for each in Level)),
        "scope": Choice(tuple(str(each.label) for each in Scope)),
        "question": Choice(
            tuple(question.number for question in questions),
            meanings=tuple(f"{question.number}: {question.text}" for question in questions),
        ),
        "executive": Choice(tuple(chief_officers) or leads, others=True),
        "delivery": Choice(leads, others=True),
        "stage": Choice(tuple(stage_word(stage) for stage in Stage)),
        "confidence": Choice(tuple(Confidence.objects.values_list("name", flat=True))),
    }
    return {field: choice for field, choice in found.items() if choice.values}
