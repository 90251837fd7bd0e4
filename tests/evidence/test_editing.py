"""Changing, withdrawing and restoring evidence: who may, what is kept, who is told."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from core.collisions import Overtaken
from core.markings import Marking
from evidence.choices import Source
from evidence.editing import change, restore, withdraw
from evidence.keeping import keeps, may_keep
from evidence.models import CorporateMeeting, Evidence
from evidence.recording import add_version
from people.models import User
from tests.access_table import ALL
from tests.documents import PDF, sent
from tests.factories import day, make_evidence

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
KEEPERS = {"assurance", "governance"}


@pytest.fixture
def evidence(cast: SimpleNamespace, media: Path) -> Evidence:
    return make_evidence("Wardrobe audit", owner=cast.staff, contents=PDF)


def plain(response: Any) -> str:
    return " ".join(response.content.decode().split())


def to_edit(evidence: Evidence, **different: Any) -> dict[str, Any]:
    """What the form sends when nothing but these fields is changed."""
    return {
        "version": evidence.version,
        "title": evidence.title,
        "shows": evidence.shows,
        "dated_on": "1 October 2024",
        "owner": evidence.owner_id,
        "source": evidence.source,
        "marking": evidence.marking,
        "review_by": str(evidence.review_by),
        "retention_review_on": str(evidence.retention_review_on),
        **different,
    }


def edit(evidence: Evidence) -> str:
    return reverse("evidence:edit", args=[evidence.pk])


# Changing


def test_details_are_changed_by_the_owner_and_the_change_is_on_record(
    evidence: Evidence, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    meeting = CorporateMeeting.objects.create(name="Crime performance")
    staff = sign_in(cast.staff)
    assert 'value="1 October 2024"' in plain(staff.get(edit(evidence)))
    values = to_edit(
        evidence,
        title="Wardrobe safety audit",
        dated_on="3 October 2024",
        meeting=meeting.pk,
        owner=cast.delivery.pk,
        review_by="1 March 2025",
    )
    text = plain(staff.post(edit(evidence), values, follow=True))
    assert "The evidence is changed." in text
    evidence.refresh_from_db()
    assert evidence.title == "Wardrobe safety audit"
    assert evidence.dated_on == day("2024-10-03")
    assert (evidence.meeting, evidence.source) == (meeting, Source.MEETING)
    assert (evidence.owner, evidence.review_by) == (cast.delivery, day("2025-03-01"))
    row = evidence.history.latest()
    assert (row.history_user, row.history_change_reason) == (cast.staff, "Details changed")


def test_a_form_that_changes_nothing_leaves_no_history(
    evidence: Evidence, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    sign_in(cast.staff).post(edit(evidence), to_edit(evidence))
    assert evidence.history.count() == 1


@pytest.mark.parametrize(
    ("different", "said"),
    [
        ({"title": ""}, "Enter a title"),
        ({"title": "x" * 201}, "Title must be 200 characters or fewer"),
        ({"dated_on": "31/02/2024"}, "is not a real date"),
        ({"review_by": "1 September 2024"}, "It cannot be due for review before its own date"),
        ({"owner": "999"}, "Select an owner from the list"),
        ({"marking": "SECRET"}, "Select a marking from the list"),
    ],
)
def test_a_change_that_will_not_do_says_why_and_loses_nothing(
    evidence: Evidence,
    cast: SimpleNamespace,
    sign_in: SignIn,
    different: dict[str, str],
    said: str,
) -> None:
    values = to_edit(evidence, shows="Typed at length.", **different)
    text = plain(sign_in(cast.staff).post(edit(evidence), values))
    assert said in text
    assert "Typed at length." in text
    assert evidence.history.count() == 1


def test_of_two_people_who_change_one_field_the_second_is_told(
    evidence: Evidence, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    sign_in(cast.governance).post(edit(evidence), to_edit(evidence, title="Theirs"))
    text = plain(sign_in(cast.staff).post(edit(evidence), to_edit(evidence, title="Mine")))
    assert "Governance changed this" in text
    evidence.refresh_from_db()
    assert evidence.title == "Theirs"


def test_of_two_people_who_change_different_fields_both_are_heard(
    evidence: Evidence, cast: SimpleNamespace
) -> None:
    change(evidence, 1, {"title": "Theirs", "shows": ""}, actor=cast.governance)
    change(evidence, 1, {"title": "Wardrobe audit", "shows": "Mine"}, actor=cast.staff)
    evidence.refresh_from_db()
    assert (evidence.title, evidence.shows) == ("Theirs", "Mine")
    with pytest.raises(Overtaken):
        change(evidence, 1, {"title": "Mine too"}, actor=cast.staff)


def test_the_address_of_a_link_may_change_but_a_file_becomes_no_link(
    cast: SimpleNamespace, sign_in: SignIn, evidence: Evidence
) -> None:
    linked = make_evidence("Kennels", owner=cast.staff, link="https://a.example/1")
    staff = sign_in(cast.staff)
    staff.post(edit(linked), to_edit(linked, link="https://a.example/2"))
    linked.refresh_from_db()
    assert linked.link == "https://a.example/2"
    assert "Enter a link" in plain(staff.post(edit(linked), to_edit(linked, link="")))
    told = plain(staff.post(edit(linked), to_edit(linked, dated_on="1 October 2094")))
    assert "1 October 2094 has not come yet." in told
    with pytest.raises(ValidationError, match="has not come yet"):
        change(linked, linked.version, {"dated_on": day("2094-10-01")}, actor=cast.staff)
    for piece, link in ((linked, ""), (evidence, "https://a.example/1")):
        with pytest.raises(ValidationError, match="stays what it was added as"):
            change(piece, piece.version, {"link": link}, actor=cast.staff)


def test_owner_and_keepers_change_and_withdraw_and_nobody_else(
    evidence: Evidence, cast: SimpleNamespace
) -> None:
    may = {name for name in ALL if may_keep(evidence, getattr(cast, name))}
    assert may == KEEPERS | {"staff"}
    assert {name for name in ALL if keeps(getattr(cast, name))} == KEEPERS
    for act in (
        lambda: change(evidence, 1, {"title": "x"}, actor=cast.delivery),
        lambda: withdraw(evidence, actor=cast.delivery, reason="x"),
        lambda: restore(evidence, actor=cast.staff),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert evidence.history.count() == 1


def test_who_gives_sensitive_evidence_away_goes_on_to_the_list(
    evidence: Evidence, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    values = to_edit(evidence, marking=Marking.SENSITIVE, owner=cast.delivery.pk)
    response = sign_in(cast.staff).post(edit(evidence), values)
    assert response["Location"] == reverse("evidence:items")
    with pytest.raises(PermissionDenied):
        change(evidence, 2, {"title": "x"}, actor=cast.staff)


# Withdrawing


def test_withdrawing_asks_first_and_keeps_everything_with_the_reason(
    evidence: Evidence, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    staff = sign_in(cast.staff)
    address = reverse("evidence:withdraw", args=[evidence.pk])
    assert "It is not deleted" in plain(staff.get(address))
    assert Evidence.objects.current().filter(pk=evidence.pk).exists()
    text = plain(staff.post(address, {"reason": "A name was in it."}, follow=True))
    assert "“Wardrobe audit” is withdrawn." in text
    assert "Staff withdrew it on" in text
    assert "A name was in it." in text
    evidence.refresh_from_db()
    assert evidence.withdrawn_by == cast.staff
    assert evidence.history.latest().history_change_reason == "Withdrawn: A name was in it."
    file = staff.get(evidence.files.get().get_absolute_url())
    assert b"".join(file) == PDF


def test_a_reason_is_asked_for(evidence: Evidence, cast: SimpleNamespace, sign_in: SignIn) -> None:
    address = reverse("evidence:withdraw", args=[evidence.pk])
    assert "Say why it is withdrawn" in plain(sign_in(cast.staff).post(address, {"reason": " "}))
    assert Evidence.objects.current().exists()


def test_withdrawn_evidence_is_left_out_of_the_list_and_takes_no_change(
    evidence: Evidence, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    withdraw(evidence, actor=cast.staff, reason="A name was in it.")
    staff = sign_in(cast.staff)
    assert "Wardrobe audit" not in plain(staff.get(reverse("evidence:items")))
    text = plain(staff.get(evidence.get_absolute_url()))
    assert "Change details" not in text
    assert "Add a version" not in text
    assert "Restore it" not in text
    for act in (
        lambda: change(evidence, 2, {"title": "x"}, actor=cast.staff),
        lambda: withdraw(evidence, actor=cast.governance, reason="Again"),
        lambda: add_version(evidence, actor=cast.staff, upload=sent(contents=PDF + b"x")),
    ):
        with pytest.raises(ValidationError, match="withdrawn"):
            act()
    for name in ("edit", "withdraw", "add_version"):
        page = plain(staff.get(reverse(f"evidence:{name}", args=[evidence.pk])))
        assert "This evidence was withdrawn" in page
        assert '<form method="post"' not in page.split('id="main-content"')[1]
    sent_anyway = staff.post(reverse("evidence:withdraw", args=[evidence.pk]), {"reason": "Twice"})
    assert "This evidence was withdrawn already, by Staff." in plain(sent_anyway)


def test_keepers_restore_what_was_withdrawn(
    evidence: Evidence, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    withdraw(evidence, actor=cast.staff, reason="A name was in it.")
    keeper = sign_in(cast.governance)
    assert "Restore it" in plain(keeper.get(evidence.get_absolute_url()))
    address = reverse("evidence:restore", args=[evidence.pk])
    assert "A name was in it." in plain(keeper.get(address))
    assert "“Wardrobe audit” is restored." in plain(keeper.post(address, follow=True))
    evidence.refresh_from_db()
    assert (evidence.withdrawn_at, evidence.withdrawn_by, evidence.withdrawn_reason) == (
        None,
        None,
        "",
    )
    assert evidence.history.latest().history_change_reason == "Restored"
    assert "This evidence is not withdrawn." in plain(keeper.post(address))


def test_sensitive_evidence_is_not_there_to_be_changed_for_those_who_may_not_read_it(
    evidence: Evidence, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    hidden = make_evidence(marking=Marking.SENSITIVE, owner=cast.delivery, contents=PDF)
    staff = sign_in(cast.staff)
    for name in ("edit", "withdraw", "restore", "link_instead"):
        address = reverse(f"evidence:{name}", args=[hidden.pk])
        assert staff.post(address, {"reason": "x"}).status_code == 404
