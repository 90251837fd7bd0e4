"""The pages of FIVES: one piece, adding, a newer version, download."""

import logging
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.dates import long_date, today
from core.markings import Marking
from evidence.choices import Freshness
from evidence.freshness import review_day
from evidence.models import Evidence
from people.models import User
from tests.access_table import ALL
from tests.documents import PDF, PNG, sent
from tests.factories import day, make_evidence, make_evidence_file

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LINK = "https://records.force.example/audits/12"
ADD = reverse("evidence:add")
ITEMS = reverse("evidence:items")


@pytest.fixture
def staff(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.staff)


def filled(**different: Any) -> dict[str, Any]:
    return {
        "title": "Wardrobe safety audit",
        "shows": "",
        "dated_on": "1 October 2024",
        "marking": "OFFICIAL",
        "source": "document",
        "link": "",
        "taken_out": "on",
        **different,
    }


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def file_address(evidence: Evidence) -> str:
    return evidence.files.get().get_absolute_url()


def download(client: Client, evidence: Evidence) -> Any:
    """The response to a download, read to its end in `body`."""
    response: Any = client.get(file_address(evidence))
    response.body = b"".join(response.streaming_content)
    return response


# One piece


def test_a_piece_shows_what_is_known_of_it(
    staff: Client, cast: SimpleNamespace, media: Path
) -> None:
    evidence = make_evidence(
        "Wardrobe audit", owner=cast.delivery, contents=PDF, shows="Twelve\n\nwere <checked>."
    )
    text = text_of(staff, evidence.get_absolute_url())
    assert "Marking: </span>OFFICIAL</span>" in text
    assert "<p>Twelve</p> <p>were &lt;checked&gt;.</p>" in text
    assert "1 October 2024" in text
    assert "Delivery" in text


def test_a_piece_lists_its_versions_newest_first(staff: Client, media: Path) -> None:
    evidence = make_evidence(contents=PDF)
    second = make_evidence_file(evidence, PNG, content_type="image/png", original_name="b.png")
    text = text_of(staff, evidence.get_absolute_url())
    assert text.index(second.get_absolute_url()) < text.index("audit.pdf")
    assert 'data-label="Kind">PNG picture<' in text
    assert f'data-label="Size">{len(PNG)} bytes<' in text
    assert str(evidence.owner) in text
    assert second.sha256 in text


def test_a_link_leads_to_where_it_is_kept(staff: Client) -> None:
    evidence = make_evidence(link=LINK)
    text = text_of(staff, evidence.get_absolute_url())
    assert f'<a class="govuk-link" href="{LINK}">{LINK}</a>' in text
    assert "Versions" not in text


def test_a_way_to_add_a_version_is_shown_to_those_who_may(
    cast: SimpleNamespace, sign_in: SignIn, media: Path
) -> None:
    filed = make_evidence(owner=cast.delivery, contents=PDF)
    linked = make_evidence(owner=cast.delivery, link=LINK)
    for member, evidence, shown in (
        (cast.delivery, filed, True),
        (cast.governance, filed, True),
        (cast.staff, filed, False),
        (cast.delivery, linked, False),
    ):
        text = text_of(sign_in(member), evidence.get_absolute_url())
        assert ("Add a version" in text) == shown


def test_sensitive_evidence_is_not_there_for_those_who_may_not_read_it(
    cast: SimpleNamespace, sign_in: SignIn, media: Path
) -> None:
    evidence = make_evidence(marking=Marking.SENSITIVE, owner=cast.delivery, contents=PDF)
    addresses = (
        evidence.get_absolute_url(),
        file_address(evidence),
        reverse("evidence:add_version", args=[evidence.pk]),
    )
    keepers = {"delivery", "assurance", "governance"}
    readers = keepers | {"chair", "deputy"}
    for address, who in zip(addresses, (readers, readers, keepers), strict=True):
        opened = set()
        for member in ALL:
            response = sign_in(getattr(cast, member)).get(address)
            if response.streaming:
                b"".join(response)  # Read to its end, a file is closed.
            if response.status_code == 200:
                opened.add(member)
            else:
                assert response.status_code == (403 if member in readers else 404)
        assert opened == who


def test_reading_sensitive_evidence_is_logged(
    cast: SimpleNamespace, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    evidence = make_evidence(marking=Marking.SENSITIVE)
    with caplog.at_level(logging.INFO, "portal.evidence"):
        sign_in(cast.chair).get(evidence.get_absolute_url())
    assert caplog.messages == [f"chair read sensitive evidence {evidence.pk}"]


def test_reading_official_evidence_is_not_logged(
    staff: Client, media: Path, caplog: pytest.LogCaptureFixture
) -> None:
    evidence = make_evidence(contents=PDF)
    with caplog.at_level(logging.INFO, "portal.evidence"):
        staff.get(evidence.get_absolute_url())
        download(staff, evidence)
    assert caplog.messages == []


# Adding


def test_the_form_warns_against_personal_data_and_says_the_limit(
    staff: Client, settings: Any
) -> None:
    settings.UPLOAD_MAX_BYTES = 7 * 1024 * 1024
    text = text_of(staff, ADD)
    assert "Nothing from operational systems about people" in text
    assert "up to 7 MB" in text
    assert 'accept=".pdf,.docx,' in text
    assert 'value="25 November 2024"' in text


def test_a_file_is_added_and_leads_to_its_page(staff: Client, media: Path) -> None:
    response = staff.post(ADD, filled(uploads=sent()), follow=True)
    evidence = Evidence.objects.get()
    assert response.redirect_chain == [(evidence.get_absolute_url(), 302)]
    assert evidence.owner.username == "staff"
    assert "“Wardrobe safety audit” is kept." in response.content.decode()
    assert evidence.files.get().original_name == "audit.pdf"


def test_a_link_is_added(staff: Client) -> None:
    staff.post(ADD, filled(link=LINK))
    assert Evidence.objects.get().link == LINK


@pytest.mark.parametrize(
    ("different", "said"),
    [
        ({"link": LINK, "title": ""}, "Enter a title"),
        ({"link": LINK, "title": "x" * 201}, "Title must be 200 characters or fewer"),
        ({"link": LINK, "shows": "x" * 5_001}, "What it shows must be 5000 characters or fewer"),
        ({"link": LINK, "dated_on": "31/02/2024"}, "31/02/2024"),
        ({"link": LINK, "dated_on": ""}, "Enter a date of the evidence"),
        ({"link": LINK, "marking": "SECRET"}, "Select a marking from the list"),
        ({"link": LINK, "source": "rumour"}, "Select a source from the list"),
        ({"link": "shared drive"}, "Enter a web address that starts with https://"),
        ({}, "Choose a file or enter a link"),
    ],
)
def test_what_cannot_be_added_says_why(staff: Client, different: dict[str, str], said: str) -> None:
    response = staff.post(ADD, filled(**different))
    assert response.status_code == 200
    assert said in response.content.decode()
    assert not Evidence.objects.exists()


def test_a_file_that_is_not_let_in_is_told_beside_its_field(staff: Client, media: Path) -> None:
    response = staff.post(ADD, filled(uploads=sent("audit.pdf", PNG)))
    text = response.content.decode()
    assert text.count("its contents are of another kind") == 2
    assert 'href="#id_uploads"' in text
    assert not Evidence.objects.exists()


def test_an_empty_file_is_told_beside_its_field(staff: Client, media: Path) -> None:
    response = staff.post(ADD, filled(uploads=sent("audit.pdf", b"")))
    assert (
        "audit.pdf: This file is empty. Choose one that has something in it."
        in response.content.decode()
    )


def test_a_version_is_added_by_the_owner(cast: SimpleNamespace, staff: Client, media: Path) -> None:
    evidence = make_evidence(owner=cast.staff, contents=PDF)
    address = reverse("evidence:add_version", args=[evidence.pk])
    response = staff.post(
        address, {"upload": sent(contents=PDF + b"x"), "taken_out": "on"}, follow=True
    )
    assert response.redirect_chain == [(evidence.get_absolute_url(), 302)]
    assert "Version 2 is kept." in response.content.decode()
    assert evidence.files.count() == 2


def test_a_version_of_today_makes_evidence_fresh_in_one_step(
    cast: SimpleNamespace, staff: Client, media: Path
) -> None:
    stale = make_evidence(owner=cast.staff, contents=PDF, dated_on=day("2020-01-06"))
    Evidence.objects.filter(pk=stale.pk).update(review_by=day("2021-01-06"))
    address = reverse("evidence:add_version", args=[stale.pk])
    assert long_date(today()) in staff.get(address).content.decode()
    values = {"upload": sent("n.pdf", PDF + b"2"), "taken_out": "on"}
    told = staff.post(address, {**values, "dated_on": "1 October 2094"}).content.decode()
    assert "1 October 2094 has not come yet." in told
    assert stale.files.count() == 1
    staff.post(
        address, {**values, "upload": sent("n.pdf", PDF + b"2"), "dated_on": long_date(today())}
    )
    stale.refresh_from_db()
    assert (stale.dated_on, stale.review_by) == (today(), review_day(today()))
    assert (stale.freshness, stale.files.count()) == (Freshness.FRESH, 2)


def test_the_same_file_again_is_told_beside_its_field(
    cast: SimpleNamespace, staff: Client, media: Path
) -> None:
    evidence = make_evidence(owner=cast.staff, contents=PDF)
    response = staff.post(
        reverse("evidence:add_version", args=[evidence.pk]), {"upload": sent(), "taken_out": "on"}
    )
    assert response.content.decode().count("the very file that is kept as version 1") == 2
    assert evidence.files.count() == 1


def test_a_version_is_not_added_by_those_who_may_only_read(staff: Client, media: Path) -> None:
    evidence = make_evidence(contents=PDF)
    address = reverse("evidence:add_version", args=[evidence.pk])
    assert (
        staff.post(address, {"upload": sent(contents=PDF + b"x"), "taken_out": "on"}).status_code
        == 403
    )
    assert evidence.files.count() == 1


# Files


def test_a_download_is_the_file_as_it_was_sent(staff: Client, media: Path) -> None:
    evidence = make_evidence(contents=PDF)
    response = download(staff, evidence)
    assert response.body == PDF
    assert response["Content-Type"] == "application/pdf"
    assert int(response["Content-Length"]) == len(PDF)


def test_a_download_is_sealed(staff: Client, media: Path) -> None:
    response = download(staff, make_evidence(contents=PDF))
    assert response["Content-Disposition"] == 'attachment; filename="audit.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]


def test_a_download_keeps_a_name_in_any_letters(staff: Client, media: Path) -> None:
    evidence = make_evidence()
    make_evidence_file(evidence, PDF, original_name='Prüfung "A".pdf')
    response = download(staff, evidence)
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''Pr%C3%BCfung%20%22A%22.pdf"
    )


def test_a_download_of_sensitive_evidence_is_logged(
    cast: SimpleNamespace, sign_in: SignIn, media: Path, caplog: pytest.LogCaptureFixture
) -> None:
    evidence = make_evidence(marking=Marking.SENSITIVE, contents=PDF)
    with caplog.at_level(logging.INFO, "portal.evidence"):
        download(sign_in(cast.assurance), evidence)
    assert caplog.messages == [
        f"assurance downloaded version 1 of sensitive evidence {evidence.pk}"
    ]


def test_a_file_that_is_not_where_it_should_be_is_told_and_logged(
    staff: Client, media: Path, caplog: pytest.LogCaptureFixture
) -> None:
    evidence = make_evidence(contents=PDF)
    Path(evidence.files.get().file.path).unlink()
    response = staff.get(file_address(evidence))
    assert response.status_code == 404
    text = response.content.decode()
    assert "This file is missing" in text
    assert evidence.get_absolute_url() in text
    # A page, not a file: it may have its style sheets.
    assert "sandbox" not in response["Content-Security-Policy"]
    assert f"The file of evidence {evidence.pk}, version 1, is missing" in caplog.text


def test_a_file_that_never_was_is_not_found(staff: Client) -> None:
    assert staff.get(reverse("evidence:file", args=[999])).status_code == 404
