"""Signed letters in the browser: filing, new versions, downloads, and the upload to HMICFRS."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from people import roles
from people.models import User
from tests.documents import PNG, TEXT
from tests.factories import make_user
from tests.tracker.closures import PDF, a_cast, approved, led_action, on, signed, status_of
from tests.tracker.letters import drafted, filed, scan, sent, shown, words
from tracker import workflow
from tracker.choices import Status
from tracker.models import SignedLetter

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def closers(media: Path) -> SimpleNamespace:
    return a_cast()


@pytest.fixture
def officer(closers: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(closers.governance)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (scan("letter.exe", b"MZ"), "A signed letter is filed as a PDF or as a picture"),
        (scan("letter.pdf", TEXT), "its contents are of another kind"),
        (scan("letter.pdf", b""), "The file is empty"),
        (scan("letter.txt", TEXT), "A signed letter is filed as a PDF or as a picture"),
    ],
    ids=["kind", "contents", "empty", "no scan"],
)
def test_a_bad_file_is_refused_and_nothing_closes(
    closers: SimpleNamespace, officer: Client, media: Path, file: Any, sentence: str
) -> None:
    closure = approved(led_action(), closers)
    letter = drafted(closers, closure)
    kept = sorted(media.rglob("*"))
    file.seek(0)

    page = filed(officer, letter, scan=file, signed_on="25.11.24")

    assert sentence in page
    assert 'value="25.11.24"' in page
    assert status_of(closure.action) == Status.CLOSURE_PROPOSED
    assert sorted(media.rglob("*")) == kept


def test_a_letter_is_not_filed_before_it_was_signed_or_without_a_file(
    closers: SimpleNamespace, officer: Client
) -> None:
    letter = drafted(closers, approved(led_action(), closers))

    assert "was approved on 25 November 2024" in filed(officer, letter, signed_on="1 May 2024")
    assert "has not come yet" in filed(officer, letter, signed_on="26 November 2024")
    assert "Choose the file of the signed letter" in filed(officer, letter, scan="")
    assert not SignedLetter.objects.exists()


def test_a_letter_filed_earlier_closes_on_that_day_with_the_reason_why_it_comes_late(
    closers: SimpleNamespace, officer: Client
) -> None:
    closure = approved(led_action(level=2), closers, on("2024-11-20"))
    letter = drafted(closers, closure)
    values = {"signed_on": "20.11.24", "on": "21.11.24"}

    assert "21 November 2024 is before today. Say why" in filed(officer, letter, **values)
    assert status_of(closure.action) == Status.CLOSURE_PROPOSED

    filed(officer, letter, **values, late_reason="The post was slow.")
    period = workflow.open_period(closure.action)
    assert (period.status, str(period.started_on)) == (Status.CLOSED, "2024-11-21")
    assert period.late_reason == "The post was slow."


def test_a_signed_letter_is_only_followed_by_a_new_version_and_all_of_them_stay(
    closers: SimpleNamespace, officer: Client
) -> None:
    letter = drafted(closers, approved(led_action(), closers))
    assert "is not signed yet" in shown(officer, "replace_letter", letter.pk)
    filed(officer, letter)
    for name in ("change_letter", "discard_letter", "file_letter"):
        assert f"{letter} is signed: it can only be followed" in shown(officer, name, letter.pk)
    assert f"{letter} is signed: it can only be followed" in filed(officer, letter)
    draft = officer.get(reverse("tracker:letter_pdf", args=[letter.pk]), follow=True)
    assert "download the signed letter instead" in words(draft)

    values = {"scan": scan("page-2.png", PNG), "signed_on": "25 November 2024"}
    assert "Say why the signed letter is replaced." in sent(
        officer, "replace_letter", letter.pk, **values
    )
    values["scan"] = scan("page-2.png", PNG)
    page = sent(officer, "replace_letter", letter.pk, **values, reason="Page 2 was missing.")
    assert "Page 2 was missing." in page
    for contents in (PDF, PNG):
        assert hashlib.sha256(contents).hexdigest() in page
    assert "Officer" in page
    values["scan"] = scan("page-2.png", PNG)
    again = sent(officer, "replace_letter", letter.pk, **values, reason="Page 2 was missing.")
    assert "the very file that is kept as version 2" in again
    for version, contents in ((1, PDF), (2, PNG)):
        response = officer.get(SignedLetter.objects.get(version=version).get_absolute_url())
        assert b"".join(response) == contents
        assert response["Content-Disposition"].startswith("attachment")


def test_a_scan_that_is_missing_from_its_place_says_so(
    closers: SimpleNamespace, officer: Client, media: Path
) -> None:
    closure = signed(approved(led_action(), closers), closers)
    assert closure.letter is not None
    found = closure.letter.scans.get()
    (media / str(found.file.name)).unlink()

    response = officer.get(found.get_absolute_url())

    assert response.status_code == 404
    assert "This file is missing" in response.content.decode()


def test_the_upload_names_who_made_it_and_asks_why_it_is_late(
    closers: SimpleNamespace, officer: Client
) -> None:
    colleague = make_user("colleague", roles.GOVERNANCE)
    then = on("2024-11-20")
    closure = signed(approved(led_action(level=3), closers, then), closers, then)
    assert "Date uploaded" in shown(officer, "record_upload", closure.pk)
    values = {"on": "22.11.24", "by": colleague.pk}

    page = sent(officer, "record_upload", closure.pk, **values)
    assert "22 November 2024 is before today. Say why" in page
    assert 'value="22.11.24"' in page

    sent(officer, "record_upload", closure.pk, **values, late_reason="On leave.")
    closure.refresh_from_db()
    assert (str(closure.uploaded_on), closure.uploaded_by) == ("2024-11-22", colleague)
    assert "Uploaded by Colleague" in words(officer.get(closure.get_absolute_url()))


def test_the_upload_of_a_letter_is_recorded_once(closers: SimpleNamespace, officer: Client) -> None:
    closure = signed(approved(led_action(level=2), closers), closers)
    values = {"on": "25 November 2024", "by": closers.governance.pk}
    assert f"{closure.action} has closed already." in shown(officer, "record_upload", closure.pk)
    sent(officer, "record_upload", closure.pk, **values)

    again = sent(officer, "record_upload", closure.pk, **values)
    assert "The letter has been uploaded already. Uploaded to the HMICFRS portal by" in again
    assert "The letter has been uploaded already." in shown(officer, "record_upload", closure.pk)


def test_a_closure_that_waits_for_something_else_is_not_uploaded(
    closers: SimpleNamespace, officer: Client
) -> None:
    closure = approved(led_action(level=3), closers)

    page = shown(officer, "record_upload", closure.pk)

    assert "This closure is approved and waits for the signed letter." in page
    assert "Date uploaded" not in page
