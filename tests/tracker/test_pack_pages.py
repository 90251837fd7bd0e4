"""The pages of inspection packs: choosing, how far one has come, its download, its end."""

import datetime as dt
import io
import logging
import zipfile
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.markings import Marking
from evidence.choices import ReadAs
from evidence.models import Evidence, EvidenceReading, PackRequest, PackState
from evidence.packs import progress
from inspections.models import Characteristic, CoreQuestion
from people.models import User
from tests.factories import (
    make_action,
    make_evidence,
    make_framework,
    make_link,
    make_pack,
)
from tracker.models import ActionEvidence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
SignIn = Callable[[User], Client]
NEW, PACKS = reverse("tracker:new_pack"), reverse("tracker:packs")


@pytest.fixture
def question() -> CoreQuestion:
    """Question area 1, with a file and a link that stand for it, and something sensitive."""
    make_framework()
    place = Characteristic.objects.select_related("topic__question").get(topic__question__number=1)
    make_link(make_evidence("Wardrobe audit", contents=b"%PDF-1.7 audit"), place)
    make_link(make_evidence("Dashboard", link="https://records.force.example/1"), place)
    make_link(
        make_evidence("Secret audit", marking=Marking.SENSITIVE, contents=b"%PDF-1.7 s"), place
    )
    return place.topic.question


@pytest.fixture
def staff(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.staff)


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def built(client: Client, question: CoreQuestion) -> PackRequest:
    response = client.post(NEW, {"question": question.pk})
    pack = PackRequest.objects.latest("pk")
    assert response["Location"] == reverse("tracker:pack", args=[pack.pk])
    return pack


class TestChoosing:
    def test_what_would_be_in_it_is_shown_before_it_is_built(
        self, staff: Client, question: CoreQuestion
    ) -> None:
        text = text_of(staff.get(NEW, {"show": "yes", "question": str(question.pk)}))
        assert "2 pieces of evidence: 1 file and 1 link, 14 bytes." in text
        assert "Wardrobe audit" in text
        assert "supports 1.1.1" in text
        assert "Secret" not in text
        assert "OFFICIAL-SENSITIVE" not in text
        assert "Build the pack" in text
        assert not PackRequest.objects.exists()

    def test_with_its_marking_to_who_may_read_more(
        self, cast: SimpleNamespace, sign_in: SignIn, question: CoreQuestion
    ) -> None:
        client = sign_in(cast.governance)
        text = text_of(client.get(NEW, {"show": "yes", "question": str(question.pk)}))
        assert "3 pieces of evidence: 2 files and 1 link" in text
        assert "OFFICIAL-SENSITIVE" in text

    def test_nothing_chosen_is_said(self, staff: Client, question: CoreQuestion) -> None:
        text = text_of(staff.get(NEW, {"show": "yes"}))
        assert "Choose a question area, or enter the reference of an action." in text
        assert "Error: Make an inspection pack" in text

    def test_an_action_that_may_not_be_read_is_as_one_that_is_not_there(
        self, staff: Client, question: CoreQuestion
    ) -> None:
        make_action("ST-0001", marking=Marking.SENSITIVE)
        for reference in ("ST-0001", "ST-9999"):
            text = text_of(staff.get(NEW, {"show": "yes", "action": reference}))
            assert f"There is no action {reference} that you may read." in text
            assert f'value="{reference}"' in text

    def test_actions_are_named_as_people_write_them(self, staff: Client) -> None:
        action = make_action("ST-0045")
        ActionEvidence.objects.create(
            action=action, evidence=make_evidence("Attached", contents=b"%PDF-1.7")
        )
        make_action("ST-0067")
        text = text_of(staff.get(NEW, {"show": "yes", "action": "st-0045;ST-0067 st-0045"}))
        assert "1 piece of evidence: 1 file" in text
        assert 'name="action" value="ST-0045, ST-0067"' in text

    def test_nothing_in_it_is_said_and_cannot_be_built(self, staff: Client) -> None:
        make_action("ST-0045")
        text = text_of(staff.get(NEW, {"show": "yes", "action": "ST-0045"}))
        assert "There is no evidence that you may read for what you chose." in text
        assert "Build the pack" not in text
        text = text_of(staff.post(NEW, {"action": "ST-0045"}))
        assert "There is no evidence that you may read for what you chose." in text
        assert not PackRequest.objects.exists()

    def test_a_link_chooses_already(self, staff: Client, question: CoreQuestion) -> None:
        text = text_of(staff.get(NEW, {"question": str(question.pk), "action": "ST-0045"}))
        assert f'value="{question.pk}" id="id_question_0" checked' in text
        assert 'value="ST-0045"' in text

    def test_more_than_the_page_shows_are_counted(self, staff: Client) -> None:
        action = make_action("ST-0045")
        for _ in range(27):
            ActionEvidence.objects.create(action=action, evidence=make_evidence())
        text = text_of(staff.get(NEW, {"show": "yes", "action": "ST-0045"}))
        assert "27 pieces of evidence" in text
        assert "And 2 more." in text


class TestPack:
    def test_it_is_built_and_downloaded(self, staff: Client, question: CoreQuestion) -> None:
        pack = built(staff, question)
        text = text_of(staff.get(reverse("tracker:pack", args=[pack.pk])))
        assert "Download the pack" in text
        assert "2 pieces of evidence: 1 file and 1 link" in text
        assert "Can be downloaded until" in text
        assert "9 December 2024" in text
        response: Any = staff.get(reverse("tracker:pack_archive", args=[pack.pk]))
        assert response["Content-Disposition"] == (
            f'attachment; filename="inspection-pack-{pack.pk}-2024-11-25.zip"'
        )
        archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
        assert archive.read("01-wardrobe-audit.pdf") == b"%PDF-1.7 audit"
        assert "PAF 1" in text_of(staff.get(PACKS))

    def test_nobody_else_has_anything_of_it(
        self, staff: Client, question: CoreQuestion, cast: SimpleNamespace, sign_in: SignIn
    ) -> None:
        pack = built(staff, question)
        other = sign_in(cast.governance)
        for name in ("pack", "pack_archive", "pack_progress", "build_pack_again", "remove_pack"):
            assert other.get(reverse(f"tracker:{name}", args=[pack.pk])).status_code == 404
        assert "You have no packs yet" in text_of(other.get(PACKS))

    def test_downloading_what_is_sensitive_is_noted(
        self,
        question: CoreQuestion,
        cast: SimpleNamespace,
        sign_in: SignIn,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        client = sign_in(cast.governance)
        pack = built(client, question)
        secret = Evidence.objects.get(title="Secret audit")
        with caplog.at_level(logging.INFO, "portal.evidence"):
            response: Any = client.get(reverse("tracker:pack_archive", args=[pack.pk]))
            b"".join(response.streaming_content)
        noted = f"governance took into a pack version 1 of sensitive evidence {secret.pk}"
        assert noted in caplog.messages
        # Once when it was built, once when it was downloaded.
        readings = EvidenceReading.objects.all()
        assert [(each.evidence, each.how) for each in readings] == [(secret, ReadAs.PACK)] * 2
        assert "SENSITIVE.zip" in response["Content-Disposition"]

    def test_it_is_not_given_once_something_in_it_is_not_for_its_maker(
        self, staff: Client, question: CoreQuestion
    ) -> None:
        pack = built(staff, question)
        Evidence.objects.filter(title="Dashboard").update(marking=Marking.SENSITIVE)
        page, archive = (
            reverse(f"tracker:{name}", args=[pack.pk]) for name in ("pack", "pack_archive")
        )
        text = text_of(staff.get(page))
        assert "This pack is not given out any more" in text
        assert "Download the pack" not in text
        assert "This pack is not given out any more" in text_of(staff.get(archive, follow=True))
        again = reverse("tracker:build_pack_again", args=[pack.pk])
        assert "Build this pack again?" in text_of(staff.get(again))
        text = text_of(staff.post(again, {"sure": "yes"}, follow=True))
        assert "1 piece of evidence: 1 file" in text
        assert "Download the pack" in text

    def test_nothing_is_left_to_build_again(self, staff: Client, question: CoreQuestion) -> None:
        pack = built(staff, question)
        Evidence.objects.update(withdrawn_at=timezone.now(), withdrawn_reason="Entered in error.")
        again = reverse("tracker:build_pack_again", args=[pack.pk])
        text = text_of(staff.post(again, {"sure": "yes"}))
        assert "There is no evidence that you may read for what you chose." in text

    def test_an_archive_that_is_missing_is_said(
        self, staff: Client, question: CoreQuestion
    ) -> None:
        pack = built(staff, question)
        default_storage.delete(str(pack.file.name))
        text = text_of(staff.get(reverse("tracker:pack_archive", args=[pack.pk]), follow=True))
        assert "This pack is not where files are kept. Build it again." in text

    def test_faults_in_it_are_said(self, staff: Client, question: CoreQuestion) -> None:
        file = Evidence.objects.get(title="Wardrobe audit").files.get()
        default_storage.delete(str(file.file.name))
        pack = built(staff, question)
        text = text_of(staff.get(reverse("tracker:pack", args=[pack.pk])))
        assert "Not every file could be put in as it was stored" in text

    def test_it_is_removed_after_asking(self, staff: Client, question: CoreQuestion) -> None:
        pack = built(staff, question)
        remove = reverse("tracker:remove_pack", args=[pack.pk])
        assert "Remove this pack?" in text_of(staff.get(remove))
        assert default_storage.exists(str(pack.file.name))
        assert "The pack is removed." in text_of(staff.post(remove, {"sure": "yes"}, follow=True))
        assert not default_storage.exists(str(pack.file.name))
        text = text_of(staff.get(reverse("tracker:pack", args=[pack.pk])))
        assert "This pack was removed." in text


class TestUnderWay:
    def test_it_can_be_left_and_says_how_far_it_has_come(
        self, staff: Client, cast: SimpleNamespace
    ) -> None:
        pack = make_pack(cast.staff)
        page = reverse("tracker:pack", args=[pack.pk])
        address = reverse("tracker:pack_progress", args=[pack.pk])
        assert staff.get(address).json() == {"under_way": True, "done": None, "total": None}
        text = text_of(staff.get(page))
        assert "You may leave this page" in text
        assert ">Refresh</a>" in text
        progress.teller(pack.pk)(10, 40)
        assert staff.get(address).json() == {"under_way": True, "done": 10, "total": 40}
        assert 'value="10" max="40"' in text_of(staff.get(page))
        assert "Being built" in text_of(staff.get(PACKS))
        progress.forget(pack.pk)

    def test_one_that_has_stalled_can_be_asked_for_again(
        self, staff: Client, cast: SimpleNamespace
    ) -> None:
        pack = make_pack(cast.staff, asked_at=timezone.now() - dt.timedelta(minutes=3))
        text = text_of(staff.get(reverse("tracker:pack", args=[pack.pk])))
        assert "It has not moved for two minutes" in text
        assert "Build it again" in text

    def test_why_it_failed_is_said(self, staff: Client, cast: SimpleNamespace) -> None:
        pack = make_pack(cast.staff, state=PackState.FAILED, failure="There was no room.")
        text = text_of(staff.get(reverse("tracker:pack", args=[pack.pk])))
        assert "This pack could not be built" in text
        assert "There was no room." in text


def test_the_list_asks_a_fixed_number_of_questions(
    staff: Client, cast: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        make_pack(cast.staff)
    with django_assert_max_num_queries(12):
        text = text_of(staff.get(PACKS))
    assert text.count("Being built") == 25
