"""Roles are groups laid after every migrate, with exactly the permissions the rooms granted."""

import pytest
from django.contrib.auth.models import Group

from people import roles

pytestmark = pytest.mark.django_db


def test_every_role_of_the_glossary_is_a_group() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(roles.ROLES)


def test_a_grant_to_an_unknown_role_is_refused() -> None:
    with pytest.raises(ValueError, match="No such role: sergeant"):
        roles.grant("tracker.view_action", "sergeant")
