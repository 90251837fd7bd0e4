"""The pages of the committee reports, as corporate services and their readers meet them."""

import datetime as dt
import io
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from core.collisions import Change, Overtaken
from core.pdf import PdfError
from people.models import User
from reports.choices import ReportState
from reports.forms import FrontForm
from reports.models import CommitteeReport
from reports.writing import change_section
from tests.factories import day, make_action, make_framework, make_publication
from tests.reports.conftest import make_report
from tracker.choices import Register
from tracker.position import live

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
FRONT = {
    "committee": "Audit Committee",
    "title": "Update on inspection findings",
    "meeting_on": "10 December 2024",
    "presenting_officer": "Head of Corporate Services",
    "status_line": "For information",
    "marking": "OFFICIAL",
    "as_at": "20.11.24",
    "previous_as_at": "31/10/2023",
}


@pytest.fixture
def writer(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.corporate)


def page(client: Client, name: str, *args: Any, status: int = 200) -> str:
    response = client.get(reverse(f"reports:{name}", args=args))
    assert response.status_code == status
    return response.content.decode()


def test_an_empty_list_tells_writers_what_to_do(writer: Client) -> None:
    assert "No reports yet" in page(writer, "reports")
    assert reverse("reports:new") in page(writer, "reports")


def test_an_empty_list_offers_readers_nothing_they_may_not_do(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    html = page(sign_in(cast.chair), "reports")
    assert "No reports yet" in html
    assert reverse("reports:new") not in html


def test_the_list_has_each_report_with_its_pdf(writer: Client) -> None:
    report = make_report()
    html = page(writer, "reports")
    assert "Audit Committee, 10 December 2024" in html
    assert reverse("reports:paper", args=[report.pk]) in html


@pytest.mark.parametrize("name", ["staff", "delivery", "executive", "assurance", "admin"])
def test_drafts_are_not_for_everybody(cast: SimpleNamespace, sign_in: SignIn, name: str) -> None:
    report = make_report()
    client = sign_in(getattr(cast, name))
    assert client.get(report.get_absolute_url()).status_code == 403
    assert client.get(reverse("reports:paper", args=[report.pk])).status_code == 403


@pytest.mark.parametrize("name", ["governance", "chair", "deputy"])
def test_readers_read_drafts_and_cannot_change_them(
    cast: SimpleNamespace, sign_in: SignIn, name: str
) -> None:
    report = make_report()
    client = sign_in(getattr(cast, name))
    html = page(client, "report", report.pk)
    assert reverse("reports:section", args=[report.pk, "purpose"]) not in html
    page(client, "front", report.pk, status=403)
    page(client, "section", report.pk, "purpose", status=403)
    page(client, "new", status=403)


def test_visible_reports_are_none_for_those_who_may_not_read_them(cast: SimpleNamespace) -> None:
    make_report()
    assert not CommitteeReport.objects.visible_to(cast.staff).exists()


def test_a_report_that_does_not_exist_is_not_found(writer: Client) -> None:
    for name, args in (
        ("report", [7]),
        ("paper", [7]),
        ("front", [7]),
        ("section", [7, "purpose"]),
    ):
        page(writer, name, *args, status=404)


def test_a_section_that_does_not_exist_is_not_found(writer: Client) -> None:
    page(writer, "section", make_report().pk, "weather", status=404)


def test_a_new_report_begins_with_standing_words_for_a_new_force(writer: Client) -> None:
    html = page(writer, "new")
    assert 'value="Audit Committee"' in html
    assert 'value="25 November 2024"' in html


def test_a_new_report_begins_where_the_last_one_ended(writer: Client) -> None:
    make_report(status_line="For decision", marking="NOT PROTECTIVELY MARKED")
    html = page(writer, "new")
    assert 'value="20 November 2024"' in html
    assert 'value="For decision"' in html
    assert "NOT PROTECTIVELY MARKED" in html


def test_a_report_is_opened_from_the_form(writer: Client) -> None:
    response = writer.post(reverse("reports:new"), FRONT, follow=True)
    report = CommitteeReport.objects.get()
    assert response.redirect_chain == [(report.get_absolute_url(), 302)]
    assert (report.as_at, report.previous_as_at) == (day("2024-11-20"), day("2023-10-31"))
    assert report.created_by == User.objects.get(username="corporate")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": ""}, "Enter a title"),
        ({"meeting_on": "31/02/2025"}, "is not a real date"),
        ({"as_at": "26 November 2024"}, "The position date cannot be in the future."),
        ({"previous_as_at": "20.11.24"}, "must be before the position date"),
        ({"meeting_on": "1 November 2024"}, "The position date cannot be after the meeting."),
        ({"committee": "x" * 121}, "120 characters or fewer"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    writer: Client, values: dict[str, str], words: str
) -> None:
    response = writer.post(reverse("reports:new"), {**FRONT, **values})
    html = response.content.decode()
    assert words in html
    assert "There is a problem" in html
    assert "Head of Corporate Services" in html
    assert not CommitteeReport.objects.exists()


def test_a_second_report_for_a_meeting_is_refused_in_words(writer: Client) -> None:
    writer.post(reverse("reports:new"), FRONT)
    html = writer.post(reverse("reports:new"), FRONT).content.decode()
    assert "There is already a report for this meeting." in html


def test_somebody_who_opened_the_same_report_at_the_same_moment_is_told(
    writer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_report()
    monkeypatch.setattr("reports.forms.NewReportForm._post_clean", lambda self: None)
    html = writer.post(reverse("reports:new"), FRONT).content.decode()
    assert "There is already a report for this meeting." in html


def test_the_preview_shows_the_paper_with_figures_that_lead_to_their_actions(
    writer: Client,
) -> None:
    make_framework()
    make_action(received="2023-01-11", level=2)
    html = page(writer, "report", make_report().pk)
    assert "Report of the Chief Constable to the Chair and Members of the Audit Committee" in html
    assert "Recommendation level 2" in html
    link = "/actions/?as_at=2024-11-20&amp;kind=recommendation&amp;level=2&amp;register=hmicfrs"
    assert link in html
    assert "Bridge chart: 1 live actions" in html


def test_the_preview_has_no_inline_style_or_script(writer: Client) -> None:
    html = page(writer, "report", make_report().pk)
    assert "style=" not in html
    assert "<style" not in html
    assert "<script>" not in html


def test_a_section_left_out_can_be_found_again(writer: Client) -> None:
    report = make_report()
    report.sections.filter(key="process").delete()
    address = reverse("reports:section", args=[report.pk, "conclusion"])
    writer.post(address, {"title": "Conclusion", "body": "x", "version": "1"})
    html = page(writer, "report", report.pk)
    assert "Left out" in html
    assert address in html
    assert "9. Conclusion" not in html


def test_figures_that_do_not_add_up_block_the_pdf_and_name_the_actions(
    writer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_action("T-ASTRAY", register=Register.SUPER_COMPLAINT)
    report = make_report()
    monkeypatch.setattr(live, "ROWS", live.ROWS[:-1])
    html = page(writer, "report", report.pk)
    assert "The table adds up to 0 live actions on 20 November 2024, not 1." in html
    assert reverse("tracker:action", args=["T-ASTRAY"]) in html
    assert reverse("reports:paper", args=[report.pk]) not in html
    refused = page(writer, "paper", report.pk, status=409)
    assert "The figures do not add up" in refused


def test_the_pdf_comes_under_the_name_of_its_meeting(writer: Client) -> None:
    make_action(publication=make_publication("A new one"), received="2024-02-02")
    response = writer.get(reverse("reports:paper", args=[make_report().pk]))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        'inline; filename="audit-committee-report-2024-12-10.pdf"'
    )
    text = PdfReader(io.BytesIO(response.content)).pages[0].extract_text()
    assert "Update on inspection findings" in text


def test_the_front_can_be_changed(writer: Client) -> None:
    report = make_report()
    changed = {**FRONT, "status_line": "For decision", "version": "1"}
    writer.post(reverse("reports:front", args=[report.pk]), changed)
    report.refresh_from_db()
    assert report.status_line == "For decision"


def test_when_somebody_was_faster_is_told_in_the_forces_own_time() -> None:
    report = make_report()
    form = FrontForm(QueryDict(urlencode({**FRONT, "version": "1"})), instance=report)
    assert form.is_valid()
    at = dt.datetime(2024, 7, 1, 23, 30, tzinfo=dt.UTC)
    form.tell_overtaken(Overtaken(2, [Change(by="Somebody", at=at)]))
    assert "Somebody changed this at 00:30 on 2 July 2024" in form.non_field_errors()[0]


def test_a_front_changed_by_somebody_else_is_shown_beside_ones_own(
    writer: Client, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    report = make_report()
    address = reverse("reports:front", args=[report.pk])
    writer.post(address, {**FRONT, "status_line": "For decision", "version": "1"})
    mine = {**FRONT, "status_line": "For noting", "version": "1"}
    html = writer.post(address, mine).content.decode()
    assert "Corporate changed this at" in html
    assert "<strong>Status:</strong> was “For information”, is now “For decision”" in html
    assert 'value="For noting"' in html
    assert 'name="version" value="2"' in html
    report.refresh_from_db()
    assert report.status_line == "For decision"


def test_a_section_keeps_what_somebody_else_changed_in_what_one_left(
    writer: Client, cast: SimpleNamespace
) -> None:
    report = make_report()
    part = report.sections.get(key="purpose")
    address = reverse("reports:section", args=[report.pk, "purpose"])
    seen = {"title": part.title, "body": part.body, "after": part.after, "included": "on"}
    change_section(part, actor=cast.admin, version=1, title="Theirs", included=False)

    writer.post(address, {**seen, "body": "Mine.", "version": "1"})
    part.refresh_from_db()
    assert (part.title, part.body, part.included) == ("Theirs", "Mine.", False)

    # Told about the title, the second sees a box that the first has unticked.
    change_section(part, actor=cast.admin, version=3, title="Theirs again", included=True)
    del seen["included"]
    html = writer.post(
        address, {**seen, "title": "Mine", "body": "Mine.", "version": "3"}
    ).content.decode()
    assert "is now “Theirs again”" in html
    assert re.search(r'name="included"[^>]*checked', html)


def test_a_section_can_be_changed(writer: Client) -> None:
    report = make_report()
    address = reverse("reports:section", args=[report.pk, "purpose"])
    form = {"title": "Aim", "body": "One.", "included": "on", "version": "1"}
    response = writer.post(address, form)
    assert response["Location"] == f"{report.get_absolute_url()}#section-purpose"
    section = report.sections.get(key="purpose")
    assert (section.title, section.body, section.version) == ("Aim", "One.", 2)


def test_a_section_changed_by_somebody_else_is_shown_and_the_next_save_is_knowing(
    writer: Client,
) -> None:
    report = make_report()
    address = reverse("reports:section", args=[report.pk, "position"])
    form = {"title": "Position", "included": "on", "version": "1"}
    writer.post(address, {**form, "body": "Theirs.", "after": "Theirs too."})
    html = writer.post(address, {**form, "body": "Mine."}).content.decode()
    assert "Theirs too." in html
    assert "Mine." in html
    writer.post(address, {**form, "body": "Mine.", "version": "2"})
    assert report.sections.get(key="position").body == "Mine."


def test_text_can_be_previewed_without_saving(writer: Client) -> None:
    report = make_report()
    before = report.sections.get(key="position").body
    form = {"title": "Position", "body": "**Bold**", "after": "- point", "version": "1"}
    address = reverse("reports:section", args=[report.pk, "position"])
    html = writer.post(address, {**form, "preview": "yes"}).content.decode()
    assert "<strong>Bold</strong>" in html
    assert "<li>point</li>" in html
    assert report.sections.get(key="position").body == before


def test_an_appendix_can_be_previewed(writer: Client) -> None:
    address = reverse("reports:section", args=[make_report().pk, "process"])
    form = {"title": "Flow", "body": "1. First", "version": "1", "preview": "yes"}
    assert "<li>First</li>" in writer.post(address, form).content.decode()


def test_an_empty_preview_says_so(writer: Client) -> None:
    address = reverse("reports:section", args=[make_report().pk, "process"])
    form = {"title": "Flow", "body": "", "version": "1", "preview": "yes"}
    assert "There is no text." in writer.post(address, form).content.decode()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": ""}, "Enter a title"),
        ({"body": "x" * 100_001}, "100000 characters or fewer"),
        ({"version": "soon"}, "must be a whole number"),
        ({"version": ""}, "There is a problem"),
    ],
)
def test_a_section_that_cannot_be_saved_says_why(
    writer: Client, values: dict[str, str], words: str
) -> None:
    address = reverse("reports:section", args=[make_report().pk, "purpose"])
    form = {"title": "Purpose", "body": "Kept.", "version": "1", **values}
    html = writer.post(address, form).content.decode()
    assert words in html.replace(",000", "000")
    assert "There is a problem" in html


@pytest.mark.parametrize(("name", "extra"), [("front", []), ("section", ["purpose"])])
def test_what_is_no_longer_a_draft_cannot_be_changed(
    writer: Client, name: str, extra: list[str]
) -> None:
    report = make_report()
    report.state = ReportState.ISSUED
    report.save()
    page(writer, name, report.pk, *extra, status=403)
    assert reverse(f"reports:{name}", args=[report.pk, *extra]) not in page(
        writer, "report", report.pk
    )


@pytest.mark.parametrize(("name", "extra"), [("front", []), ("section", ["purpose"])])
def test_a_draft_submitted_while_somebody_writes_is_not_changed(
    writer: Client, monkeypatch: pytest.MonkeyPatch, name: str, extra: list[str]
) -> None:
    report = make_report()
    monkeypatch.setattr("reports.views._draft", lambda request, pk: report)
    CommitteeReport.objects.filter(pk=report.pk).update(state=ReportState.SUBMITTED)
    form = {**FRONT, "body": "x", "version": "1"}
    response = writer.post(reverse(f"reports:{name}", args=[report.pk, *extra]), form)
    assert response.status_code == 403


def test_a_window_of_a_century_is_taken_for_a_slip(writer: Client) -> None:
    slip = {**FRONT, "previous_as_at": "31.10.1923"}
    html = writer.post(reverse("reports:new"), slip).content.decode()
    assert "A report covers at most 10 years. Check the year." in html
    assert 'value="31.10.1923"' in html
    assert not CommitteeReport.objects.exists()


def test_a_paper_that_cannot_be_made_says_so_and_leads_back_to_the_draft(
    writer: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(template: str, context: dict[str, object]) -> bytes:
        raise PdfError("The PDF could not be made: a picture is missing.")

    monkeypatch.setattr("reports.views.render_pdf", fail)
    report = make_report()
    response = writer.get(reverse("reports:paper", args=[report.pk]), follow=True)
    assert response.redirect_chain == [(report.get_absolute_url(), 302)]
    assert "a picture is missing. Look at what was last written" in response.content.decode()
    assert "cannot be made" in caplog.text


def test_a_link_that_leads_nowhere_does_not_stop_the_paper(writer: Client) -> None:
    report = make_report()
    section = report.sections.get(key="purpose")
    section.body = "See [here](#nothing) and [there](/actions/)."
    section.save()
    response = writer.get(reverse("reports:paper", args=[report.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert b"portal.invalid" not in response.content


def test_text_nested_beyond_measure_does_not_break_the_paper(writer: Client) -> None:
    report = make_report()
    section = report.sections.get(key="purpose")
    section.body = "*a **b " * 2000 + "b** a*" * 2000
    section.save()
    response = writer.get(reverse("reports:paper", args=[report.pk]), follow=True)
    assert "something in it is nested too deeply" in response.content.decode()


def test_reports_stand_in_the_navigation_of_those_who_may_read_them(
    writer: Client, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    address = f'href="{reverse("reports:reports")}"'
    assert address in page(writer, "reports")
    assert address not in sign_in(cast.staff).get(reverse("tracker:actions")).content.decode()
