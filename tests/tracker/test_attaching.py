"""Attaching evidence that is here already to actions, from either side, and taking it off."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.markings import Marking
from evidence.models import Evidence
from inspections.choices import LeadRole
from people.models import User
from tests.documents import PDF, sent
from tests.factories import day, make_action, make_evidence, make_lead
from tests.tracker.closures import a_cast, approved, led_action, proposed
from tracker import workflow
from tracker.attaching import attach_existing, attach_new, attachable, detach
from tracker.models import Action, ActionEvidence, ActionLead
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def people() -> SimpleNamespace:
    return a_cast()


@pytest.fixture
def action(people: SimpleNamespace) -> Action:
    return led_action(reference="ST-0045")


def attached_to(action: Action) -> list[Evidence]:
    links = ActionEvidence.objects.filter(action=action, removed_at=None)
    return [link.evidence for link in links]


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def a_paper() -> dict[str, Any]:
    return {
        "title": "Mine",
        "dated_on": day("2024-10-01"),
        "marking": Marking.OFFICIAL,
        "upload": sent(contents=PDF),
    }


def searching(action: Action) -> str:
    return reverse("tracker:attach_existing", args=[action.reference])


def taking_off(action: Action, evidence: Evidence) -> str:
    return reverse("tracker:take_off_evidence", args=[action.reference, evidence.pk])


class TestRules:
    @pytest.mark.parametrize("who", ["delivery", "executive", "governance", "assurance"])
    def test_who_attaches(self, people: SimpleNamespace, action: Action, who: str) -> None:
        evidence = make_evidence()
        made = attach_existing(action, evidence, actor=getattr(people, who))
        assert attached_to(action) == [evidence]
        assert made.added_by == made.history.get().history_user == getattr(people, who)

    @pytest.mark.parametrize("who", ["staff", "delivery", "executive", "corporate", "chair"])
    def test_who_does_not(self, cast: SimpleNamespace, action: Action, who: str) -> None:
        evidence, actor = make_evidence(), getattr(cast, who)
        with pytest.raises(Refused, match="Those who lead this action"):
            attach_existing(action, evidence, actor=actor)
        ActionEvidence.objects.create(action=action, evidence=evidence)
        with pytest.raises(Refused, match="Those who lead this action"):
            detach(action, evidence, actor=actor)
        assert attached_to(action) == [evidence]

    def test_attached_twice_it_is_attached_once(
        self, people: SimpleNamespace, action: Action
    ) -> None:
        evidence = make_evidence()
        first = attach_existing(action, evidence, actor=people.delivery)
        assert attach_existing(action, evidence, actor=people.governance) == first
        assert attached_to(action) == [evidence]

    def test_the_very_file_is_attached_once(
        self, people: SimpleNamespace, action: Action, media: Any
    ) -> None:
        attach_existing(action, make_evidence("One", contents=b"%PDF"), actor=people.delivery)
        with pytest.raises(ValidationError, match="attached already: “One”"):
            attach_existing(action, make_evidence(contents=b"%PDF"), actor=people.delivery)

    def test_nothing_withdrawn(self, people: SimpleNamespace, action: Action) -> None:
        gone = make_evidence(withdrawn_at=timezone.now(), withdrawn_reason="Entered twice.")
        with pytest.raises(Refused, match="was withdrawn"):
            attach_existing(action, gone, actor=people.delivery)

    def test_nothing_to_what_was_entered_in_error(self, people: SimpleNamespace) -> None:
        wrong = led_action(entered_in_error=True)
        with pytest.raises(Refused, match="entered in error"):
            attach_existing(wrong, make_evidence(), actor=people.delivery)

    def test_what_is_sensitive_is_opened_to_leads_only_by_its_owner_and_keepers(
        self, people: SimpleNamespace, action: Action
    ) -> None:
        secret = make_evidence(marking=Marking.SENSITIVE, owner=people.executive)
        for_delivery = make_evidence(marking=Marking.SENSITIVE)
        # A lead of another action reads it there; that does not let them open it to others.
        ActionEvidence.objects.create(action=led_action(), evidence=for_delivery)
        for evidence in (secret, for_delivery):
            with pytest.raises(Refused, match="OFFICIAL-SENSITIVE"):
                attach_existing(action, evidence, actor=people.delivery)
        attach_existing(action, secret, actor=people.executive)
        attach_existing(action, for_delivery, actor=people.governance)
        assert attached_to(action) == [secret, for_delivery]

    def test_what_is_sensitive_is_not_opened_to_leads_by_sending_its_file_again(
        self, people: SimpleNamespace, action: Action, media: Path
    ) -> None:
        secret = make_evidence("Secret", contents=PDF, marking=Marking.SENSITIVE)
        # A lead of another action reads it there, and has its file.
        ActionEvidence.objects.create(action=led_action(), evidence=secret)
        with pytest.raises(Refused, match="OFFICIAL-SENSITIVE"):
            attach_new(action, actor=people.delivery, **a_paper())
        assert attached_to(action) == []
        assert attach_new(action, actor=people.governance, **a_paper()) == secret
        assert attached_to(action) == [secret]

    def test_nothing_new_to_what_was_entered_in_error(
        self, people: SimpleNamespace, media: Path
    ) -> None:
        wrong = led_action(entered_in_error=True)
        with pytest.raises(Refused, match="entered in error"):
            attach_new(wrong, actor=people.governance, **a_paper())
        assert not Evidence.objects.exists()

    @pytest.mark.parametrize("who", ["chair", "deputy"])
    def test_who_only_reads_what_is_sensitive_does_not_attach_it(
        self, cast: SimpleNamespace, who: str
    ) -> None:
        reader = getattr(cast, who)
        led = make_action()
        ActionLead.objects.create(
            action=led,
            role=LeadRole.DELIVERY,
            lead=make_lead("A lead of theirs", reader),
            started_on=day("2020-01-01"),
        )
        secret = make_evidence("Secret", marking=Marking.SENSITIVE)
        with pytest.raises(Refused, match="OFFICIAL-SENSITIVE"):
            attach_existing(led, secret, actor=reader)
        assert not attachable(led, "secret", reader).exists()

    def test_taken_off_it_stays_on_record(self, people: SimpleNamespace, action: Action) -> None:
        evidence = make_evidence()
        made = attach_existing(action, evidence, actor=people.delivery)
        for _ in range(2):
            detach(action, evidence, actor=people.executive)
        made.refresh_from_db()
        assert attached_to(action) == []
        assert made.removed_at is not None
        assert [row.history_change_reason for row in made.history.all()] == [
            "Taken off",
            "Attached",
        ]

    def test_what_an_open_closure_rests_on_is_not_taken_off(
        self, people: SimpleNamespace, action: Action
    ) -> None:
        closure = proposed(action, people)
        (evidence,) = attached_to(action)
        with pytest.raises(Refused, match="rests on this evidence"):
            detach(action, evidence, actor=people.delivery)
        other = make_evidence()
        attach_existing(action, other, actor=people.delivery)
        detach(action, other, actor=people.delivery)
        workflow.send_back(closure, actor=people.assurance, reason="Too few cases were looked at.")
        detach(action, evidence, actor=people.delivery)
        assert attached_to(action) == []
        assert [link.evidence for link in closure.evidence_links.all()] == [evidence]

    def test_a_closure_keeps_what_it_rested_on(
        self, people: SimpleNamespace, action: Action, sign_in: SignIn
    ) -> None:
        closure = approved(action, people)
        (evidence,) = attached_to(action)
        with pytest.raises(Refused, match="rests on this evidence"):
            detach(action, evidence, actor=people.governance)
        assert evidence.title in text_of(sign_in(people.governance).get(closure.get_absolute_url()))

    def test_what_can_be_attached_is_found_by_what_it_shows_too(
        self, people: SimpleNamespace, action: Action
    ) -> None:
        found = make_evidence("Audit", shows="Every wardrobe was looked at.")
        make_evidence("Wardrobe")
        assert list(attachable(action, "audit wardrobe", people.delivery)) == [found]
        assert attachable(action, " ", people.delivery).count() == 2

    def test_what_can_be_attached_is_found_by_its_title(
        self, people: SimpleNamespace, action: Action
    ) -> None:
        found = make_evidence("Wardrobe audit, October")
        mine = make_evidence(
            "Wardrobe audit, secret", marking=Marking.SENSITIVE, owner=people.delivery
        )
        make_evidence("Wardrobe audit, hidden", marking=Marking.SENSITIVE)
        make_evidence("Custody audit")
        make_evidence(
            "Wardrobe audit, gone", withdrawn_at=timezone.now(), withdrawn_reason="Twice."
        )
        attach_existing(action, make_evidence("Wardrobe audit, there"), actor=people.delivery)
        assert set(attachable(action, "audit wardrobe", people.delivery)) == {found, mine}
        assert attachable(action, "audit wardrobe", people.governance).count() == 3


class TestPages:
    def test_a_lead_searches_and_attaches(
        self, people: SimpleNamespace, action: Action, sign_in: SignIn
    ) -> None:
        evidence = make_evidence("Wardrobe audit")
        make_evidence("Custody audit")
        lead = sign_in(people.delivery)
        assert searching(action) in text_of(lead.get(action.get_absolute_url()))
        text = text_of(lead.get(searching(action), {"q": "wardrobe"}))
        assert "Wardrobe audit" in text
        assert "Custody audit" not in text
        text = text_of(
            lead.post(searching(action), {"evidence": evidence.pk, "q": "wardrobe"}, follow=True)
        )
        assert "“Wardrobe audit” is attached to ST-0045." in text
        assert taking_off(action, evidence) in text

    def test_nothing_found_is_said(
        self, people: SimpleNamespace, action: Action, sign_in: SignIn
    ) -> None:
        text = text_of(sign_in(people.delivery).get(searching(action), {"q": "nothing"}))
        assert "Nothing is found" in text

    def test_no_key_is_no_evidence(
        self, people: SimpleNamespace, action: Action, sign_in: SignIn
    ) -> None:
        lead = sign_in(people.delivery)
        secret = make_evidence(marking=Marking.SENSITIVE)
        for key in ("", "x", "9" * 30, str(secret.pk)):
            assert lead.post(searching(action), {"evidence": key}).status_code == 404

    def test_a_refusal_is_said_on_the_page(
        self, people: SimpleNamespace, action: Action, sign_in: SignIn
    ) -> None:
        gone = make_evidence(withdrawn_at=timezone.now(), withdrawn_reason="Entered twice.")
        text = text_of(sign_in(people.delivery).post(searching(action), {"evidence": gone.pk}))
        assert "This evidence was withdrawn." in text

    def test_others_are_offered_nothing(
        self, cast: SimpleNamespace, action: Action, sign_in: SignIn
    ) -> None:
        evidence = make_evidence("Wardrobe audit")
        ActionEvidence.objects.create(action=action, evidence=evidence)
        staff = sign_in(cast.staff)
        text = text_of(staff.get(action.get_absolute_url()))
        assert "Wardrobe audit" in text
        assert "Take off" not in text
        assert searching(action) not in text
        text = text_of(staff.get(evidence.get_absolute_url()))
        assert "ST-0045" in text
        assert "Take off" not in text
        assert "Attach it to an action" not in text
        assert staff.get(searching(action)).status_code == 403
        assert staff.post(taking_off(action, evidence), {"sure": "yes"}).status_code == 403

    def test_from_the_page_of_the_evidence(
        self, people: SimpleNamespace, action: Action, sign_in: SignIn
    ) -> None:
        evidence = make_evidence("Wardrobe audit")
        lead = sign_in(people.delivery)
        address = reverse("tracker:attach_to_action", args=[evidence.pk])
        text = text_of(lead.get(evidence.get_absolute_url()))
        assert "It is attached to no action that you may read." in text
        assert address in text
        assert "Reference of the action" in text_of(lead.get(address))
        assert "There is no action ST-9 that you may read." in text_of(
            lead.post(address, {"action": "ST-9"})
        )
        not_mine = make_action("ST-0099")
        assert "Those who lead this action attach its evidence." in text_of(
            lead.post(address, {"action": not_mine.reference})
        )
        text = text_of(lead.post(address, {"action": "st-0045"}, follow=True))
        assert "“Wardrobe audit” is attached to ST-0045." in text
        assert taking_off(action, evidence) in text

    def test_who_leads_nothing_is_told_before_typing(
        self, cast: SimpleNamespace, people: SimpleNamespace, action: Action, sign_in: SignIn
    ) -> None:
        evidence = make_evidence("Wardrobe audit", marking=Marking.SENSITIVE)
        ActionEvidence.objects.create(action=action, evidence=evidence)
        address = reverse("tracker:attach_to_action", args=[evidence.pk])
        text = text_of(sign_in(people.delivery).get(address))
        assert "The leads of the action will be able to read this evidence." in text
        evidence.marking = Marking.OFFICIAL
        evidence.save()
        text = text_of(sign_in(cast.staff).get(address))
        assert "Those who lead an action attach its evidence." in text
        assert "Reference of the action" not in text
        assert "will be able to read" not in text

    def test_taking_it_off_asks_first(
        self, people: SimpleNamespace, action: Action, sign_in: SignIn
    ) -> None:
        evidence = make_evidence("Wardrobe audit")
        attach_existing(action, evidence, actor=people.delivery)
        lead = sign_in(people.delivery)
        text = text_of(lead.get(taking_off(action, evidence)))
        assert "Take evidence off ST-0045?" in text
        assert "rests on it" not in text
        assert attached_to(action) == [evidence]
        text = text_of(lead.post(taking_off(action, evidence), {"sure": "yes"}, follow=True))
        assert "“Wardrobe audit” is taken off ST-0045." in text
        assert attached_to(action) == []

    def test_what_a_closure_rests_on_is_said(
        self, people: SimpleNamespace, action: Action, sign_in: SignIn
    ) -> None:
        closure = proposed(action, people)
        (evidence,) = attached_to(action)
        lead = sign_in(people.delivery)
        text = text_of(lead.get(taking_off(action, evidence)))
        assert "rests on this evidence. Change the proposal first" in text
        assert "Take it off</button>" not in text
        workflow.send_back(closure, actor=people.assurance, reason="Too few cases were looked at.")
        text = text_of(lead.get(taking_off(action, evidence)))
        assert "A closure of ST-0045 rests on it: that stays on record." in text

    def test_many_actions_take_no_more_queries(
        self, people: SimpleNamespace, sign_in: SignIn, django_assert_max_num_queries: Any
    ) -> None:
        evidence = make_evidence()
        for _ in range(20):
            ActionEvidence.objects.create(action=led_action(), evidence=evidence)
        lead = sign_in(people.delivery)
        with django_assert_max_num_queries(24):
            text = text_of(lead.get(evidence.get_absolute_url()))
        assert text.count(">Take off<") == 20


class TestNew:
    """Evidence that is added for an action."""

    def test_from_the_page_of_the_action_several_files_are_attached(
        self, people: SimpleNamespace, action: Action, sign_in: SignIn, media: Path
    ) -> None:
        lead = sign_in(people.delivery)
        address = f"{reverse('evidence:add')}?action=ST-0045"
        assert address in text_of(lead.get(action.get_absolute_url()))
        assert "It will be attached to ST-0045." in text_of(lead.get(address))
        lead.post(address, to_add(sent(), sent("notes.txt", b"Notes")))
        assert [each.title for each in attached_to(action)] == ["Audit", "Notes"]

    def test_one_leads_back_to_the_action(
        self, people: SimpleNamespace, action: Action, sign_in: SignIn, media: Path
    ) -> None:
        response = sign_in(people.delivery).post(
            reverse("evidence:add"), to_add(sent()), follow=True
        )
        assert "“Audit” is kept and attached to ST-0045." in text_of(response)
        assert response.redirect_chain[-1][0] == action.get_absolute_url()

    def test_who_may_not_attach_is_offered_nothing(
        self, cast: SimpleNamespace, action: Action, sign_in: SignIn, media: Path
    ) -> None:
        staff, address = sign_in(cast.staff), reverse("evidence:add")
        assert "It will be attached" not in text_of(staff.get(f"{address}?action=ST-0045"))
        staff.post(address, to_add(sent()))
        assert Evidence.objects.exists()
        assert attached_to(action) == []

    def test_what_is_sensitive_is_not_opened_by_the_offer_of_what_is_kept(
        self, people: SimpleNamespace, action: Action, sign_in: SignIn
    ) -> None:
        secret = make_evidence("Secret", marking=Marking.SENSITIVE)
        ActionEvidence.objects.create(action=led_action(), evidence=secret)
        response = sign_in(people.delivery).post(
            reverse("evidence:link_instead", args=[secret.pk]), {"action": "ST-0045"}, follow=True
        )
        assert "those who keep the evidence attach what is marked" in text_of(response)
        assert attached_to(action) == []


def to_add(*uploads: Any) -> dict[str, Any]:
    return {
        "uploads": list(uploads),
        "dated_on": "1 October 2024",
        "marking": "OFFICIAL",
        "source": "document",
        "taken_out": "on",
        "action": "ST-0045",
    }
