"""Leads by name: found whatever the letter case, made when there is none."""

from types import SimpleNamespace

import pytest

from people.leads import lead_named
from people.models import Lead

pytestmark = pytest.mark.django_db


def test_a_lead_that_is_not_there_is_made(cast: SimpleNamespace) -> None:
    lead = lead_named(" Head  of Crime ", actor=cast.admin, source="Named in a list")
    assert (lead.name, lead.slug, lead.chief_officer) == ("Head of Crime", "head-of-crime", False)
    trail = lead.history.get()
    assert (trail.history_user, trail.history_change_reason) == (cast.admin, "Named in a list")


def test_a_lead_is_found_whatever_the_letter_case() -> None:
    assert lead_named("Head of Crime", actor=None) == lead_named("HEAD OF CRIME", actor=None)
    assert Lead.objects.count() == 1


def test_a_lead_may_rise_to_chief_officer_level_and_stays_there() -> None:
    lead_named("ACC Baker", actor=None)
    assert lead_named("ACC Baker", actor=None, chief_officer=True).chief_officer
    assert lead_named("ACC Baker", actor=None).chief_officer


def test_names_that_look_alike_in_an_address_get_addresses_of_their_own() -> None:
    names = ["Head of Crime", "Head of Crime!", "Head of (Crime)", "???"]
    assert [lead_named(name, actor=None).slug for name in names] == [
        "head-of-crime",
        "head-of-crime-2",
        "head-of-crime-3",
        "lead",
    ]


def test_a_lead_needs_a_name() -> None:
    with pytest.raises(ValueError, match="needs a name"):
        lead_named("  ", actor=None)
