"""What a Board lacks still, on the page of somebody's work, and where its closures are named."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client

from board.agenda import compile_agenda
from board.choices import AttendanceState
from board.models import Attendance
from people import roles
from people.models import User
from tests.board.boards import a_meeting, for_decision
from tests.board.pages import shown
from tests.factories import make_meeting, make_user
from tests.tracker.closures import a_cast, assured, led_action, take_over

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(media: Path) -> SimpleNamespace:
    cast = a_cast()
    cast.support = make_user("support", roles.EXECUTIVE_SUPPORT)
    cast.member = make_user("member", roles.BOARD_MEMBER)
    cast.staff = make_user("staff")
    return cast


def test_support_is_told_what_boards_lack(
    people: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    held = make_meeting("2024-11-20")
    coming = make_meeting("2024-11-27")
    make_meeting("2024-12-18")
    client = sign_in(people.support)
    page = shown(client, "/work/")
    assert 'Boards to complete <span class="app-secondary">(2)</span>' in page
    assert "Its agenda is not compiled, attendance is not recorded and it is not closed" in page
    assert "18 December 2024" not in page
    for meeting in (held, coming):
        compile_agenda(meeting, actor=people.support)
    page = shown(client, "/work/")
    assert "Attendance is not recorded and it is not closed" in page
    assert 'href="/board/2024-11-20/attendance/"' in page
    assert "27 November 2024" not in page
    Attendance.objects.create(meeting=held, name="Lead", state=AttendanceState.APOLOGIES)
    assert "Attendance is not recorded" in shown(client, "/work/")
    Attendance.objects.create(meeting=held, name="DCC Fuller", state=AttendanceState.PRESENT)
    assert 'href="/board/2024-11-20/close/"' in shown(client, "/work/")


def test_nobody_else_is_asked_to_complete_boards(
    people: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    make_meeting("2024-11-20")
    for person in (people.member, people.chair, people.delivery):
        assert "Boards to complete" not in shown(sign_in(person), "/work/")


def test_a_closure_says_on_which_agendas_it_stands(
    people: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    item = for_decision(a_meeting(people), people, "ST-0101")
    closure = item.closure
    assert closure is not None
    address = closure.get_absolute_url()
    page = shown(sign_in(people.member), address)
    assert "On the agenda of the Board of 27 November 2024" in page
    assert f'href="/board/2024-11-27/#item-{item.pk}"' in page
    assert "On the agenda of the Board" not in shown(sign_in(people.delivery), address)


def test_home_says_how_much_the_next_board_decides_and_how_much_of_it_is_mine(
    people: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    meeting = make_meeting("2024-11-27", chair=people.chair)
    assured(led_action(reference="ST-0101"), people)
    own = assured(led_action(reference="ST-0102"), people)
    take_over(own.action, people.chair)
    chair = sign_in(people.chair)
    page = shown(chair, "/")
    assert "2 closures are to be decided, 1 of them by you" in page
    assert "Open the agenda" in page
    assert "Pack (PDF)" not in page
    compile_agenda(meeting, actor=people.support)
    page = shown(chair, "/")
    assert "2 closures are to be decided, 1 of them by you" in page
    assert 'href="/board/2024-11-27/pack.pdf"' in page
    assert "2 closures are to be decided</p>" in shown(sign_in(people.member), "/").replace(
        " </p>", "</p>"
    )
    assert "to be decided" not in shown(sign_in(people.staff), "/")


def test_home_asks_the_database_as_often_for_many_closures_as_for_few(
    people: SimpleNamespace,
    sign_in: Callable[[User], Client],
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    meeting = make_meeting("2024-11-27", chair=people.chair)
    assured(led_action(reference="ST-0101"), people)
    compile_agenda(meeting, actor=people.support)
    client = sign_in(people.chair)

    def asked() -> int:
        with django_assert_max_num_queries(500) as context:  # type: ignore[attr-defined]
            client.get("/")
        return len(context)

    asked()
    few = asked()
    for number in range(102, 106):
        assured(led_action(reference=f"ST-0{number}"), people)
    compile_agenda(meeting, actor=people.support)
    assert asked() == few
