"""What tests of the PAF share: a question area with a lead, and its characteristics."""

from types import SimpleNamespace

from inspections.choices import LeadRole
from inspections.models import Characteristic, CoreQuestion, Framework, QuestionLead, TopicArea
from people.models import User
from tests.factories import day, make_framework, make_lead


def lead_for(question: CoreQuestion, name: str, holder: User | None = None) -> QuestionLead:
    """Who leads a question area for delivery, from the start of 2024."""
    return QuestionLead.objects.create(
        question=question,
        role=LeadRole.DELIVERY,
        lead=make_lead(name, holder),
        started_on=day("2024-01-01"),
    )


def an_area(holder: User) -> SimpleNamespace:
    """Question 1 with three characteristics in two topic areas, led by the Head of Crime."""
    framework = make_framework()
    question = framework.questions.select_related("framework").get(number=1)
    first = question.topics.get()
    Characteristic.objects.create(topic=first, number=2, text="The force knows why.")
    second = TopicArea.objects.create(question=question, number=2, text="Another topic")
    Characteristic.objects.create(topic=second, number=1, text="The force learns.")
    duty = lead_for(question, "Head of Crime", holder)
    return SimpleNamespace(
        framework=framework, question=question, lead=duty.lead, places=places(framework)
    )


def places(framework: Framework) -> dict[str, Characteristic]:
    """The characteristics of a framework by their codes."""
    every = Characteristic.objects.filter(topic__question__framework=framework)
    return {each.code: each for each in every.select_related("topic__question__framework")}
