"""What a Board asks of somebody: told, carried, done."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from board.arising import ask, change, finish
from board.models import ActionArising, AgendaItem
from core.collisions import Overtaken
from people.models import Notice, User
from tests.factories import day, make_arising, make_item, make_meeting
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def item() -> AgendaItem:
    return make_item(make_meeting("2024-10-16"))


def test_the_owner_is_told_once(cast: SimpleNamespace, item: AgendaItem) -> None:
    for _ in range(2):
        arising = ask(
            item,
            actor=cast.support,
            text="Write it up.",
            owner=cast.delivery,
            due_on=day("2024-11-20"),
        )
    notice = Notice.objects.get(user=cast.delivery)
    assert notice.text == (
        "Board of 16 October 2024 asks of you, by 20 November 2024: Write it up."
    )
    assert notice.address == arising.get_absolute_url()
    assert ActionArising.objects.count() == 1


def test_nothing_is_asked_by_a_day_before_the_board_or_of_a_leaver(
    cast: SimpleNamespace, item: AgendaItem
) -> None:
    words = {"actor": cast.support, "text": "Write it up."}
    with pytest.raises(Refused, match="15 October 2024 is before the Board"):
        ask(item, owner=cast.delivery, due_on=day("2024-10-15"), **words)
    cast.delivery.is_active = False
    cast.delivery.save()
    with pytest.raises(Refused, match="can no longer sign in"):
        ask(item, owner=cast.delivery, due_on=day("2024-11-20"), **words)


def test_what_is_not_done_is_carried_and_what_is_done_is_told_once(
    cast: SimpleNamespace, item: AgendaItem
) -> None:
    november, december = make_meeting("2024-11-27"), make_meeting("2024-12-18")
    still_open = make_arising(item, cast.delivery, text="Open.")
    early = make_arising(item, cast.delivery, text="Done before the next Board.")
    finish(early, actor=cast.delivery, outcome="Written.", on=day("2024-11-01"))

    def carried(meeting: object) -> list[str]:
        return [each.text for each in ActionArising.objects.carried_to(meeting)]  # type: ignore[arg-type]

    assert carried(november) == ["Open.", "Done before the next Board."]
    assert carried(december) == ["Open."]
    assert carried(item.meeting) == []
    assert list(ActionArising.objects.open()) == [still_open]


def test_done_once_with_what_came_of_it(cast: SimpleNamespace, item: AgendaItem) -> None:
    arising = make_arising(item, cast.delivery)
    with pytest.raises(Refused, match="Say what came of it"):
        finish(arising, actor=cast.delivery, outcome=" ")
    with pytest.raises(Refused, match="has not come yet"):
        finish(arising, actor=cast.delivery, outcome="Done.", on=day("2024-11-26"))
    with pytest.raises(Refused, match="before it was asked"):
        finish(arising, actor=cast.delivery, outcome="Done.", on=day("2024-10-15"))
    finish(arising, actor=cast.delivery, outcome="Done.")
    with pytest.raises(Refused, match="done by Delivery on 25 November 2024 already"):
        finish(arising, actor=cast.support, outcome="Done again.")
    with pytest.raises(Refused, match="already"):
        change(arising, actor=cast.support, version=1, text="Other.")


def test_a_new_owner_is_told(cast: SimpleNamespace, item: AgendaItem) -> None:
    arising = make_arising(item, cast.delivery, text="Write it up.")
    change(arising, actor=cast.support, version=arising.version, owner=cast.executive)
    assert Notice.objects.get().user == cast.executive


def test_two_who_change_it_undo_nothing_of_one_another(
    cast: SimpleNamespace, item: AgendaItem
) -> None:
    arising = make_arising(item, cast.delivery, text="Write it up.")
    seen = arising.version
    change(arising, actor=cast.support, version=seen, text="Write it up in full.")
    with pytest.raises(Overtaken):
        change(arising, actor=cast.governance, version=seen, text="Leave it.")


def test_what_a_board_asks_stands_on_the_page_of_my_work(
    cast: SimpleNamespace, item: AgendaItem, sign_in: Callable[[User], Client]
) -> None:
    make_arising(item, cast.delivery, text="Write it up.", due_on=day("2024-11-20"))
    page = sign_in(cast.delivery).get("/work/").content.decode()
    assert "Asked of you by the Board" in page
    assert "Overdue since 20 November 2024" in page
    assert "Asked of you by the Board" not in sign_in(cast.executive).get("/work/").content.decode()


def test_its_owner_records_what_came_of_it_without_reading_the_agenda(
    cast: SimpleNamespace, item: AgendaItem, sign_in: Callable[[User], Client]
) -> None:
    arising = make_arising(item, cast.delivery)
    client = sign_in(cast.delivery)
    assert "Record as done" in client.get(f"/board/arising/{arising.pk}/").content.decode()
    client.post(f"/board/arising/{arising.pk}/done/", {"outcome": "Written up."})
    arising.refresh_from_db()
    assert (arising.done_on, arising.done_by) == (day("2024-11-25"), cast.delivery)
    assert sign_in(cast.member).post(f"/board/arising/{arising.pk}/done/").status_code == 403
    assert sign_in(cast.staff).get(f"/board/arising/{arising.pk}/").status_code == 404
