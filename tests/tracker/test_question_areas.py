"""Which question areas may be chosen for publications and actions: one rule on every form."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from inspections.forms import PublicationForm
from tests.factories import day, make_action, make_framework, make_publication
from tracker.allocation_forms import AllocationForm
from tracker.editing_forms import RecordForm
from tracker.models import Action
from tracker.new_action_forms import SharedForm, action_forms

pytestmark = pytest.mark.django_db

FORMS: dict[str, Callable[[Action], Any]] = {
    "publication": lambda action: PublicationForm(instance=action.publication),
    "allocation": lambda action: AllocationForm(action=action),
    "correction": lambda action: RecordForm(instance=action),
    "new actions": lambda action: SharedForm(publication=action.publication),
    "a new action": lambda action: action_forms(None, action.publication).forms[0],
}


@pytest.mark.parametrize("name", FORMS)
def test_the_framework_in_force_is_offered_and_what_is_chosen_now(name: str) -> None:
    before, now = make_framework("2021-22", questions=2), make_framework(questions=1)
    type(before).objects.filter(pk=before.pk).update(in_force_from=day("2021-04-01"))
    chosen, other = before.questions.order_by("number")
    publication = make_publication(question=chosen)
    action = make_action(publication=publication, question=chosen)
    in_force = now.questions.get()

    field = FORMS[name](action).fields["question"]

    assert [str(key) for key, _ in field.choices] == ["", str(chosen.pk), str(in_force.pk)]
    assert field.label == "Question area"
    assert {label for _, label in field.choices[1:]} == {
        f"{each}: {each.text}" for each in (chosen, in_force)
    }
    assert field.clean(str(in_force.pk)) == in_force
    assert field.clean(str(chosen.pk)) == chosen
    with pytest.raises(ValidationError, match="from the list"):
        field.clean(str(other.pk))
