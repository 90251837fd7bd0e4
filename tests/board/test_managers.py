"""What is read of a Board with everything that belongs to it."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from board.arising import asked_by_boards
from board.models import Meeting
from tests.factories import day, make_arising, make_item, make_meeting

pytestmark = pytest.mark.django_db


def test_what_a_closed_board_said_is_not_read_with_every_board(cast: SimpleNamespace) -> None:
    make_arising(make_item(make_meeting("2024-11-27")), cast.delivery)
    with CaptureQueriesContext(connection) as caught:
        assert asked_by_boards(cast.delivery).items
        meeting = Meeting.objects.next_after(day("2024-11-25"))
        assert meeting is not None
        assert meeting.items.select_related("meeting").get().meeting == meeting
    assert len(caught) == 3
    assert not [query for query in caught.captured_queries if '"document"' in query["sql"]]


def test_it_is_read_where_it_is_asked_for() -> None:
    make_meeting("2024-10-16", document={"title": "As it was"})
    assert Meeting.objects.get().document == {"title": "As it was"}
