"""What is shown of a file within its page, and the log of who has read sensitive evidence."""

import logging
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.markings import Marking
from evidence import panels, readings
from evidence.choices import Freshness, ReadAs
from evidence.models import Evidence, EvidenceReading
from people.models import User
from tests.documents import PDF, PNG
from tests.factories import day, make_evidence, make_evidence_file

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def plain(response: Any) -> str:
    return " ".join(response.content.decode().split())


def preview_of(evidence: Evidence) -> str:
    return reverse("evidence:preview", args=[evidence.files.get().pk])


@pytest.fixture
def picture(media: Path) -> Evidence:
    evidence = make_evidence("Wardrobes")
    make_evidence_file(evidence, PNG, content_type="image/png", original_name="w.png")
    return evidence


# Preview


def test_a_picture_is_shown_within_the_page(
    picture: Evidence, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    staff = sign_in(cast.staff)
    text = plain(staff.get(picture.get_absolute_url()))
    assert f'src="{preview_of(picture)}" alt="Preview of w.png.' in text
    response: Any = staff.get(preview_of(picture))
    assert b"".join(response.streaming_content) == PNG
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == 'inline; filename="w.png"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'; frame-ancestors 'self'" in policy
    assert "sandbox" in policy


def test_a_pdf_is_shown_in_a_frame_of_the_portal_only(
    media: Path, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    evidence = make_evidence("Audit", contents=PDF)
    staff = sign_in(cast.staff)
    page = staff.get(evidence.get_absolute_url())
    assert f'<iframe class="app-preview__document" src="{preview_of(evidence)}"' in plain(page)
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    response: Any = staff.get(preview_of(evidence))
    assert b"".join(response.streaming_content) == PDF
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Content-Security-Policy"].startswith(
        "default-src 'none'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    )


def test_other_pages_of_the_portal_frame_nothing(cast: SimpleNamespace, sign_in: SignIn) -> None:
    response = sign_in(cast.staff).get(reverse("evidence:items"))
    assert response.status_code == 200
    policy = response["Content-Security-Policy"]
    # What is not said of frames is said of everything.
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "frame-src" not in policy


@pytest.mark.parametrize("content_type", ["text/plain", "message/rfc822", "text/html", "image/svg"])
def test_no_other_kind_is_shown(
    media: Path, cast: SimpleNamespace, sign_in: SignIn, content_type: str
) -> None:
    evidence = make_evidence("Notes")
    make_evidence_file(evidence, b"x", content_type=content_type)
    staff = sign_in(cast.staff)
    assert "Preview" not in plain(staff.get(evidence.get_absolute_url()))
    assert staff.get(preview_of(evidence)).status_code == 404


def test_the_preview_of_a_file_that_is_gone_says_so(
    picture: Evidence, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    Path(picture.files.get().file.path).unlink()
    response = sign_in(cast.staff).get(preview_of(picture))
    assert response.status_code == 404
    assert "This file is missing" in plain(response)


def test_a_sensitive_file_is_previewed_when_somebody_asks_for_it(
    media: Path, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    evidence = make_evidence(marking=Marking.SENSITIVE, contents=PDF)
    chair = sign_in(cast.chair)
    text = plain(chair.get(evidence.get_absolute_url()))
    assert "<iframe" not in text
    assert 'href="?preview=yes#preview"' in text
    assert "<iframe" in plain(chair.get(f"{evidence.get_absolute_url()}?preview=yes"))


def test_a_sensitive_preview_is_not_there_for_those_who_may_not_read_it(
    media: Path, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    evidence = make_evidence(marking=Marking.SENSITIVE, contents=PDF)
    assert sign_in(cast.staff).get(preview_of(evidence)).status_code == 404
    assert not EvidenceReading.objects.exists()


# Who has read it


def test_every_way_of_reading_sensitive_evidence_is_on_record(
    media: Path, cast: SimpleNamespace, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    evidence = make_evidence(marking=Marking.SENSITIVE, contents=PDF)
    file = evidence.files.get()
    chair = sign_in(cast.chair)
    with caplog.at_level(logging.INFO, "portal.evidence"):
        for address in (
            evidence.get_absolute_url(),
            preview_of(evidence),
            file.get_absolute_url(),
        ):
            b"".join(chair.get(address))
    rows = EvidenceReading.objects.order_by("pk")
    assert [(row.how, row.file, row.reader, row.reader_name) for row in rows] == [
        (ReadAs.PAGE, None, cast.chair, "Chair"),
        (ReadAs.PREVIEW, file, cast.chair, "Chair"),
        (ReadAs.DOWNLOAD, file, cast.chair, "Chair"),
    ]
    assert caplog.messages == [
        f"chair read sensitive evidence {evidence.pk}",
        f"chair previewed version 1 of sensitive evidence {evidence.pk}",
        f"chair downloaded version 1 of sensitive evidence {evidence.pk}",
    ]


def test_several_pieces_are_noted_at_once_those_that_are_sensitive(
    cast: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    pieces = [make_evidence(marking=Marking.SENSITIVE) for _ in range(3)]
    open_piece = make_evidence()
    with django_assert_num_queries(1):
        readings.note_all(
            [(piece, None) for piece in (*pieces, open_piece)], cast.chair, ReadAs.PACK
        )
    assert {row.evidence for row in EvidenceReading.objects.all()} == set(pieces)


def test_official_evidence_is_read_without_a_record(
    picture: Evidence, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    staff = sign_in(cast.staff)
    for address in (picture.get_absolute_url(), preview_of(picture)):
        b"".join(staff.get(address))
    assert not EvidenceReading.objects.exists()


def test_keepers_are_shown_who_has_read_it_and_the_owner_is_not(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    evidence = make_evidence(marking=Marking.SENSITIVE, owner=cast.delivery)
    owner = plain(sign_in(cast.delivery).get(evidence.get_absolute_url()))
    assert "Who has read this" not in owner
    keeper = plain(sign_in(cast.governance).get(evidence.get_absolute_url()))
    assert "Written down 2 times." in keeper
    assert '<td data-label="Who">Delivery</td> <td data-label="How">Its page</td>' in keeper


def test_of_many_readings_the_latest_are_shown_and_all_counted(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    evidence = make_evidence(marking=Marking.SENSITIVE)
    for _ in range(25):
        readings.note(evidence, cast.deputy, ReadAs.EXPORT)
    text = plain(sign_in(cast.governance).get(evidence.get_absolute_url()))
    assert "Written down 26 times; the latest 20 are shown." in text
    assert text.count('data-label="How"') == 20


def test_nothing_is_taken_out_of_the_log_or_changed_in_it(cast: SimpleNamespace) -> None:
    readings.note(make_evidence(marking=Marking.SENSITIVE), cast.chair, ReadAs.PAGE)
    row = EvidenceReading.objects.get()
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()
    assert str(row).startswith("Chair: ")


# The page


@pytest.mark.parametrize(
    ("review_by", "shown"),
    [
        ("2025-06-01", Freshness.FRESH),
        ("2024-12-01", Freshness.DUE),
        ("2024-11-24", Freshness.STALE),
    ],
)
def test_the_page_says_how_fresh_it_is(
    cast: SimpleNamespace, sign_in: SignIn, review_by: str, shown: Freshness
) -> None:
    evidence = make_evidence(review_by=day(review_by))
    assert f">{shown.label}</strong>" in plain(sign_in(cast.staff).get(evidence.get_absolute_url()))


def test_upper_rooms_show_something_beside_it(
    cast: SimpleNamespace, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def source(evidence: Evidence, user: User) -> panels.Panel | None:
        if user != cast.staff:
            return None
        return panels.Panel("components/warning.html", {})

    monkeypatch.setattr(panels, "_panels", [])
    panels.shown_beside_evidence(source)
    panels.shown_beside_evidence(source)
    address = make_evidence().get_absolute_url()
    assert plain(sign_in(cast.staff).get(address)).count("govuk-warning-text__icon") == 1
    assert "govuk-warning-text__icon" not in plain(sign_in(cast.delivery).get(address))


def test_more_versions_and_readings_ask_the_database_no_more_often(
    media: Path, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    evidence = make_evidence(marking=Marking.SENSITIVE, contents=PDF)
    governance = sign_in(cast.governance)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            governance.get(evidence.get_absolute_url())
        return len(queries)

    asked()
    before = asked()
    for number in range(4):
        file = make_evidence_file(evidence, PDF + bytes([number]))
        readings.note(evidence, cast.deputy, ReadAs.DOWNLOAD, file=file)
    assert asked() == before
