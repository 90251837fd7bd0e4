"""Adding several files at once: good ones are kept, bad ones named, and nothing typed is lost."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.markings import Marking
from evidence import panels
from evidence.adding import title_of
from evidence.choices import Source
from evidence.models import CorporateMeeting, Evidence
from people.models import User
from tests.documents import ENCRYPTED, PDF, PNG, TEXT, office, sent
from tests.factories import day, make_evidence, make_framework

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
ADD = reverse("evidence:add")
LINK = "https://records.force.example/audits/12"


@pytest.fixture
def staff(cast: SimpleNamespace, sign_in: SignIn, media: Path) -> Client:
    return sign_in(cast.staff)


def filled(*uploads: Any, **different: Any) -> dict[str, Any]:
    return {
        "uploads": list(uploads),
        "title": "",
        "shows": "Twelve were checked.",
        "dated_on": "1 October 2024",
        "marking": "OFFICIAL",
        "source": "document",
        "link": "",
        "taken_out": "on",
        **different,
    }


def plain(response: Any) -> str:
    return " ".join(response.content.decode().split())


def files_in(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def a_meeting() -> CorporateMeeting:
    return CorporateMeeting.objects.create(name="Crime performance", first_on=day("2024-01-08"))


@pytest.mark.parametrize("step", ["", "details"])
def test_evidence_of_a_day_to_come_is_refused(staff: Client, step: str) -> None:
    values = filled(sent("a.pdf"), dated_on="1 October 2094", step=step)
    assert "1 October 2094 has not come yet." in plain(staff.post(ADD, values))
    assert not Evidence.objects.exists()


# Several files


def test_each_file_becomes_evidence_of_its_own_with_what_they_share(staff: Client) -> None:
    uploads = (sent("wardrobe_audit-2024.pdf"), sent("notes.txt", TEXT))
    response = staff.post(ADD, filled(*uploads, source="dip_sample"))
    first, second = Evidence.objects.order_by("pk")
    assert response["Location"] == (f"{reverse('evidence:added')}?item={first.pk}&item={second.pk}")
    assert [first.title, second.title] == ["Wardrobe audit 2024", "Notes"]
    for each in (first, second):
        assert (each.shows, each.source) == ("Twelve were checked.", "dip_sample")
        assert each.dated_on == day("2024-10-01")
        assert each.review_by == day("2025-10-01")
        assert each.retention_review_on == day("2030-10-01")
        assert each.owner.username == "staff"


@pytest.mark.parametrize(
    ("typed", "name", "several", "title"),
    [
        ("Audit", "a.pdf", False, "Audit"),
        ("Audit", "part_one.pdf", True, "Audit: Part one"),
        ("", "C:\\docs\\wardrobe_audit-2024.pdf", False, "Wardrobe audit 2024"),
        ("", "two.dots.pdf", True, "Two.dots"),
        ("", "___.pdf", False, "File"),
        ("x" * 200, "a.pdf", True, "x" * 200),
    ],
)
def test_the_title_of_a_file(typed: str, name: str, several: bool, title: str) -> None:
    assert title_of(typed, name, several) == title


def test_good_files_are_kept_and_bad_ones_named_each_with_its_reason(
    staff: Client, media: Path
) -> None:
    bad = (sent("old.doc"), sent("locked.docx", ENCRYPTED), sent("empty.pdf", b""))
    response = staff.post(ADD, filled(sent(), *bad), follow=True)
    text = plain(response)
    assert [each.title for each in Evidence.objects.all()] == ["Audit"]
    assert len(files_in(media)) == 1
    assert "3 not kept" in text
    assert "old.doc</strong>: Files of this kind are not kept here." in text
    assert "locked.docx</strong>: This file is protected with a password." in text
    assert "empty.pdf</strong>: This file is empty." in text
    assert 'value="Audit"' in text


def test_what_was_typed_for_a_file_that_was_refused_comes_back_with_the_form(
    staff: Client,
) -> None:
    meeting = a_meeting()
    staff.post(ADD, filled(sent(), sent("old.doc"), title="Audits", meeting=meeting.pk))
    form = staff.get(f"{ADD}?again=yes").context["form"]
    assert form["title"].value() == "Audits"
    assert form["shows"].value() == "Twelve were checked."
    assert form["dated_on"].value() == "1 October 2024"
    assert str(form["meeting"].value()) == str(meeting.pk)
    assert not form["taken_out"].value()


def test_where_no_file_is_good_the_form_comes_back_as_it_was_typed(
    staff: Client, media: Path
) -> None:
    response = staff.post(ADD, filled(sent("old.doc"), sent("a.pdf", PNG), title="Audits"))
    text = plain(response)
    assert "old.doc: Files of this kind are not kept here." in text
    assert "a.pdf: This file is named .pdf, but its contents are of another kind." in text
    assert 'value="Audits"' in text
    assert "Twelve were checked." in text
    assert (Evidence.objects.count(), files_in(media)) == (0, [])


BAD = {
    "named otherwise than it is": ("a.pdf", PNG, "its contents are of another kind"),
    "with macros": ("a.docx", office("word", word__vbaProject_bin=b"x"), "holds macros"),
    "behind a password": ("a.xlsx", ENCRYPTED, "protected with a password"),
    "cut short": ("a.docx", office()[:-30], "is damaged"),
    "empty": ("a.pdf", b"", "This file is empty."),
    "a bomb": (
        "a.docx",
        office(word__media__picture_bmp=bytes(20 * 1024 * 1024)),
        "unpacks to far more",
    ),
    "over the limit": ("a.pdf", PDF.ljust(2 * 1024 * 1024 + 1), "larger than 2 MB"),
    "with two endings": ("audit.pdf.exe", PDF, "Files of this kind are not kept here"),
    "an old format": ("a.doc", PDF, "Files of this kind are not kept here"),
    "without an ending": ("audit", PDF, "Files of this kind are not kept here"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_with_a_message_of_its_own(
    staff: Client, media: Path, settings: Any, case: str
) -> None:
    settings.UPLOAD_MAX_BYTES = 2 * 1024 * 1024
    name, contents, said = BAD[case]
    assert said in plain(staff.post(ADD, filled(sent(name, contents))))
    assert (Evidence.objects.count(), files_in(media)) == (0, [])


def test_a_name_with_a_path_and_control_characters_is_kept_as_plain_text(staff: Client) -> None:
    staff.post(ADD, filled(sent("x.pdf")))
    names = ("..\\..\\etc\\pass\x07wd\u202efdp.pdf", "two.endings.pdf")
    for number, name in enumerate(names):
        upload = sent("x.pdf", PDF + bytes([number]))
        upload._name = name  # Past the check of Django's own class, as a browser may send it.
        staff.post(ADD, filled(upload))
    kept = {each.latest.original_name for each in Evidence.objects.all() if each.latest}
    assert kept == {"x.pdf", "passwdfdp.pdf", "two.endings.pdf"}


def test_a_file_needs_the_word_that_personal_data_are_taken_out(staff: Client, media: Path) -> None:
    text = plain(staff.post(ADD, filled(sent(), taken_out="")))
    assert "Take out personal data from operational systems, then tick the box" in text
    assert (Evidence.objects.count(), files_in(media)) == (0, [])


def test_a_link_needs_no_such_word(staff: Client) -> None:
    staff.post(ADD, filled(link=LINK, title="Audit", taken_out=""))
    assert Evidence.objects.get().link == LINK


@pytest.mark.parametrize(
    ("different", "said"),
    [
        ({"link": LINK}, "Choose files or enter a link, not both"),
        ({"review_by": "1 September 2024"}, "It cannot be due for review before its own date"),
        ({"meeting": "999"}, "Select a meeting from the list"),
    ],
)
def test_details_that_will_not_do_keep_the_file_away(
    staff: Client, media: Path, different: dict[str, str], said: str
) -> None:
    assert said in plain(staff.post(ADD, filled(sent(), **different)))
    assert (Evidence.objects.count(), files_in(media)) == (0, [])


def test_a_link_without_a_title_is_asked_for_one(staff: Client) -> None:
    assert "Enter a title" in plain(staff.post(ADD, filled(link=LINK)))


# What the address fills in


def test_the_address_fills_in_meeting_date_and_characteristic(staff: Client) -> None:
    make_framework()
    meeting = a_meeting()
    address = f"{ADD}?meeting={meeting.pk}&date=2024-11-18&characteristic=1.1.1"
    form = staff.get(address).context["form"]
    assert form["meeting"].value() == meeting.pk
    assert form["source"].value() == Source.MEETING
    assert form["dated_on"].value() == "18 November 2024"
    assert form["characteristics"].value() == "1.1.1"


@pytest.mark.parametrize(
    "query", ["meeting=x&date=never", "meeting=99999999999999999999", "meeting=7&source=rumour"]
)
def test_nonsense_in_the_address_is_left_out(staff: Client, query: str) -> None:
    form = staff.get(f"{ADD}?{query}").context["form"]
    assert form["dated_on"].value() == "25 November 2024"
    assert form["source"].value() == Source.DOCUMENT


def test_what_comes_from_one_of_the_meetings_has_the_meeting_as_its_source(staff: Client) -> None:
    meeting = a_meeting()
    staff.post(ADD, filled(sent(), meeting=meeting.pk))
    added = Evidence.objects.get()
    assert (added.meeting, added.source) == (meeting, Source.MEETING)


def test_characteristics_are_linked_by_their_numbers(staff: Client) -> None:
    make_framework()
    staff.post(ADD, filled(sent(), characteristics="1.1.1, 2.1.1"))
    links = Evidence.objects.get().characteristic_links.all()
    assert [link.characteristic.code for link in links] == ["1.1.1", "2.1.1"]


def test_a_characteristic_that_is_none_is_told_beside_its_field(staff: Client, media: Path) -> None:
    make_framework()
    text = plain(staff.post(ADD, filled(sent(), characteristics="9.9.9")))
    assert "There is no characteristic 9.9.9" in text
    assert files_in(media) == []


# The very same file


def test_a_file_that_is_kept_already_is_named_and_not_stored_twice(
    staff: Client, media: Path
) -> None:
    staff.post(ADD, filled(sent(), title="Wardrobe audit"))
    first = Evidence.objects.get()
    text = plain(staff.post(ADD, filled(sent("copy.pdf"))))
    assert "copy.pdf: This very file is kept already, as “Wardrobe audit”." in text
    assert f'<a class="govuk-link" href="{first.get_absolute_url()}">Wardrobe audit</a>' in text
    assert (Evidence.objects.count(), len(files_in(media))) == (1, 1)


def test_sending_a_form_twice_keeps_one(staff: Client, media: Path) -> None:
    for _ in range(2):
        staff.post(ADD, filled(sent(), sent("notes.txt", TEXT)))
        staff.post(ADD, filled(link=LINK, title="Audit system"))
    assert (Evidence.objects.count(), len(files_in(media))) == (3, 2)


def test_a_link_to_a_system_may_stand_for_several_things(staff: Client) -> None:
    for title in ("Audit system", "Custody figures"):
        staff.post(ADD, filled(link=LINK, title=title))
    assert Evidence.objects.count() == 2


def test_instead_the_one_that_is_kept_is_linked_to_the_characteristics(staff: Client) -> None:
    make_framework()
    staff.post(ADD, filled(sent(), title="Wardrobe audit"))
    kept = Evidence.objects.get()
    text = plain(staff.post(ADD, filled(sent(), characteristics="1.1.1")))
    assert "Link “Wardrobe audit” to 1.1.1 instead" in text
    address = reverse("evidence:link_instead", args=[kept.pk])
    response = staff.post(address, {"characteristics": "1.1.1"}, follow=True)
    assert "“Wardrobe audit” is linked." in plain(response)
    assert [link.characteristic.code for link in kept.characteristic_links.all()] == ["1.1.1"]


def test_a_piece_of_somebody_else_is_named_but_not_offered_to_be_linked(
    staff: Client, cast: SimpleNamespace
) -> None:
    make_framework()
    kept = make_evidence("Kennel audit", owner=cast.delivery, contents=PDF)
    text = plain(staff.post(ADD, filled(sent(), characteristics="1.1.1")))
    assert "kept already, as “Kennel audit”" in text
    assert "instead</button>" not in text
    address = reverse("evidence:link_instead", args=[kept.pk])
    response = staff.post(address, {"characteristics": "1.1.1"}, follow=True)
    assert "say what it stands for" in plain(response)
    assert not kept.characteristic_links.exists()


def test_a_file_of_a_piece_one_may_not_read_is_kept_anew_on_the_same_blob(
    staff: Client, cast: SimpleNamespace, sign_in: SignIn, media: Path
) -> None:
    sign_in(cast.delivery).post(
        ADD, filled(sent(), title="Hidden audit", marking=Marking.SENSITIVE)
    )
    response = staff.post(ADD, filled(sent(), title="Mine"), follow=True)
    assert "Hidden audit" not in plain(response)
    assert {each.title for each in Evidence.objects.all()} == {"Hidden audit", "Mine"}
    assert len(files_in(media)) == 1


def test_a_blob_that_is_gone_is_written_anew(
    staff: Client, cast: SimpleNamespace, sign_in: SignIn, media: Path
) -> None:
    sign_in(cast.delivery).post(ADD, filled(sent(), marking=Marking.SENSITIVE))
    files_in(media)[0].unlink()
    staff.post(ADD, filled(sent(), title="Mine"))
    assert [path.read_bytes() for path in files_in(media)] == [PDF]


def test_a_file_that_was_withdrawn_is_said_to_be(staff: Client) -> None:
    staff.post(ADD, filled(sent(), title="Wardrobe audit"))
    kept = Evidence.objects.get()
    staff.post(reverse("evidence:withdraw", args=[kept.pk]), {"reason": "A name was in it."})
    text = plain(staff.post(ADD, filled(sent())))
    assert "It was withdrawn. Those who keep the evidence can restore it." in text
    assert Evidence.objects.count() == 1


# What upper rooms tie it to


@pytest.fixture
def tied(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What was tied: reference and key; "T-FULL" takes nothing."""
    done: list[tuple[str, int]] = []

    def ties(reference: str, user: User) -> panels.Tie | None:
        if not reference.startswith("T-"):
            return None

        def attach(evidence: Evidence) -> None:
            if reference == "T-FULL":
                raise ValidationError("T-FULL takes no more.")
            done.append((reference, evidence.pk))

        return panels.Tie(f"{reference} Wardrobes", attach)

    monkeypatch.setattr(panels, "_ties", [])
    panels.tied_by(ties)
    panels.tied_by(ties)
    return done


def test_evidence_is_tied_to_what_the_form_was_opened_for(
    staff: Client, tied: list[tuple[str, int]]
) -> None:
    assert "It will be attached to T-1 Wardrobes." in plain(staff.get(f"{ADD}?action=T-1"))
    staff.post(ADD, filled(sent(), action="T-1"))
    assert tied == [("T-1", Evidence.objects.get().pk)]


def test_what_cannot_be_tied_is_not_kept(
    staff: Client, tied: list[tuple[str, int]], media: Path
) -> None:
    assert "T-FULL takes no more." in plain(staff.post(ADD, filled(sent(), action="T-FULL")))
    text = plain(staff.post(ADD, filled(link=LINK, title="Audit", action="T-FULL")))
    assert "T-FULL takes no more." in text
    assert (Evidence.objects.count(), files_in(media)) == (0, [])


def test_a_reference_that_nobody_knows_is_no_fault(staff: Client) -> None:
    assert "It will be attached" not in plain(staff.get(f"{ADD}?action=nothing"))
    staff.post(ADD, filled(sent(), action="nothing"))
    assert Evidence.objects.exists()


# The page after


def test_titles_are_improved_on_the_page_that_follows(staff: Client) -> None:
    address = staff.post(ADD, filled(sent(), sent("notes.txt", TEXT)))["Location"]
    first, second = Evidence.objects.order_by("pk")
    values = {
        f"{first.pk}-title": "Wardrobe audit",
        f"{first.pk}-shows": "All are safe.",
        f"{first.pk}-version": first.version,
        f"{second.pk}-title": second.title,
        f"{second.pk}-shows": second.shows,
        f"{second.pk}-version": second.version,
    }
    response = staff.post(address, values, follow=True)
    assert "Two pieces of evidence are kept." in plain(response)
    first.refresh_from_db()
    assert (first.title, first.shows) == ("Wardrobe audit", "All are safe.")
    assert second.history.count() == 1


def test_a_title_that_will_not_do_is_told_and_nothing_typed_is_lost(staff: Client) -> None:
    address = staff.post(ADD, filled(sent(), sent("notes.txt", TEXT)))["Location"]
    first, second = Evidence.objects.order_by("pk")
    values = {
        f"{first.pk}-title": "",
        f"{first.pk}-shows": "All are safe.",
        f"{first.pk}-version": 1,
        f"{second.pk}-title": "Notes of October",
        f"{second.pk}-version": 1,
    }
    text = plain(staff.post(address, values))
    assert f'<a href="#id_{first.pk}-title">Enter a title</a>' in text
    assert "All are safe." in text
    assert "Notes of October" in text
    second.refresh_from_db()
    assert second.title == "Notes"


def test_a_title_that_somebody_else_has_changed_is_told(
    staff: Client, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    address = staff.post(ADD, filled(sent(), sent("notes.txt", TEXT)))["Location"]
    first, second = Evidence.objects.order_by("pk")
    values = {
        f"{each.pk}-{name}": getattr(each, name)
        for each in (first, second)
        for name in ("title", "shows", "version")
    }
    sign_in(cast.governance).post(address, {**values, f"{first.pk}-title": "Theirs"})
    text = plain(staff.post(address, {**values, f"{first.pk}-title": "Mine"}))
    assert "Governance changed this" in text
    first.refresh_from_db()
    assert first.title == "Theirs"


def test_the_page_holds_nothing_of_others_and_survives_nonsense(
    staff: Client, cast: SimpleNamespace
) -> None:
    other = make_evidence("Kennel audit", owner=cast.delivery)
    text = plain(staff.get(f"{reverse('evidence:added')}?item={other.pk}&item=x&refused=yes"))
    assert "Kennel audit" not in text
    assert "Look at all evidence" in text


# The script


def test_the_script_asks_whether_the_details_will_do_before_it_sends_a_file(
    staff: Client,
) -> None:
    good = {**filled(), "step": "details", "uploads": []}
    assert staff.post(ADD, good).status_code == 204
    response = staff.post(ADD, {**good, "dated_on": "31/02/2024"})
    assert response.status_code == 200
    assert "is not a real date" in plain(response)
    assert "tick the box" in plain(staff.post(ADD, {**good, "taken_out": ""}))
    assert not Evidence.objects.exists()


def test_the_script_is_told_what_came_of_each_file(staff: Client) -> None:
    def one(upload: Any) -> Any:
        values = filled(upload, several="yes", title="Audits")
        return staff.post(ADD, values, headers={"Accept": "application/json"}).json()

    told = one(sent("part_one.pdf"))
    added = Evidence.objects.get()
    assert told == {
        "kept": {
            "pk": added.pk,
            "title": "Audits: Part one",
            "address": added.get_absolute_url(),
        }
    }
    again = one(sent("copy.pdf"))["refused"]
    assert again["said"] == "This very file is kept already, as “Audits: Part one”."
    assert again["kept"]["address"] == added.get_absolute_url()
    assert one(sent("a.exe"))["refused"]["said"].startswith("Files of this kind")


def test_the_script_is_offered_to_link_what_is_kept_already(staff: Client) -> None:
    make_framework()
    staff.post(ADD, filled(sent("paper.pdf")))
    values = filled(sent("copy.pdf"), characteristics="1.1.1")
    told = staff.post(ADD, values, headers={"Accept": "application/json"}).json()
    assert "Link “Paper” to 1.1.1 instead" in told["refused"]["offer"]
    assert "csrfmiddlewaretoken" in told["refused"]["offer"]


def test_several_files_at_once_are_answered_with_the_page_whoever_asks(staff: Client) -> None:
    values = filled(sent("a.exe"), sent("b.exe"))
    response = staff.post(ADD, values, headers={"Accept": "application/json"})
    assert response.status_code == 200
    shown = plain(response)
    assert "a.exe: Files of this kind" in shown
    assert "b.exe: Files of this kind" in shown


def test_a_link_under_another_title_is_kept_and_told(staff: Client) -> None:
    one = filled(link=LINK, title="Register", taken_out="")
    staff.post(ADD, one)
    response = staff.post(ADD, {**one, "title": "Register of audits"}, follow=True)
    assert "The same link is kept as “Register” too." in plain(response)
    assert Evidence.objects.filter(link=LINK).count() == 2


def test_what_was_added_says_what_it_supports_and_leads_there(staff: Client) -> None:
    make_framework()
    staff.post(ADD, filled(sent("a.pdf"), sent("b.txt", TEXT), characteristics="2.1.1, 1.1.1"))
    staff.post(ADD, filled(sent("c.png", PNG)))
    address = (
        reverse("evidence:added")
        + "?"
        + "&".join(f"item={each.pk}" for each in Evidence.objects.all())
    )
    shown = plain(staff.get(address))
    first, _, third = Evidence.objects.order_by("pk")
    assert f'href="{first.get_absolute_url()}">A</a> supports 1.1.1, 2.1.1.' in shown
    assert f'href="{third.get_absolute_url()}">C</a> supports no characteristic yet.' in shown
    assert reverse("evidence:link_areas", args=[third.pk]) in shown


def test_what_was_added_costs_the_same_for_one_and_for_several(staff: Client) -> None:
    pieces = [
        make_evidence(
            f"Piece {n}", owner=User.objects.get(username="staff"), contents=PDF + b"%d" % n
        )
        for n in range(4)
    ]

    def queries(*shown: Evidence) -> int:
        address = reverse("evidence:added") + "?" + "&".join(f"item={each.pk}" for each in shown)
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(address).status_code == 200
        return len(captured)

    queries(pieces[0])
    assert queries(pieces[0]) == queries(*pieces)


def test_the_form_says_what_it_was_opened_for_and_leads_back_there(staff: Client) -> None:
    make_framework()
    shown = plain(staff.get(f"{ADD}?characteristic=2.1.1"))
    assert "<strong>2.1.1</strong> The force does this well." in shown.split("<form method")[-2]
    back = reverse("tracker:question", args=["2023-25", 2])
    assert shown.count(f'href="{back}"') == 2
    assert "See the characteristics with their numbers" in shown
    for other in ("", "?characteristic=9.9.9", "?characteristic=none"):
        assert f'href="{back}"' not in plain(staff.get(f"{ADD}{other}"))
    kept = plain(staff.post(f"{ADD}?characteristic=2.1.1", filled()))
    assert f'href="{back}"' in kept
