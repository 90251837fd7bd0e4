"""What people are told on their own page."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from people.models import Notice
from people.notices import tell
from tests.factories import day

pytestmark = pytest.mark.django_db


def test_a_notice_is_of_the_day_that_is_called_today(cast: SimpleNamespace, settings: Any) -> None:
    settings.TODAY = day("2024-11-25")
    tell([cast.staff], "The Board asks something of you.")
    assert timezone.localdate(Notice.objects.get().made_at) == day("2024-11-25")
