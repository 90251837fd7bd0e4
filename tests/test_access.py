"""Every address x every role, from the URL configuration, so no page is without a rule."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from board.calendar import make_feed
from core.access import rule_for
from inspections.choices import PublicationType
from inspections.models import Characteristic, InspectionFeed
from people.feeds import make_feed as make_inspection_feed
from people.models import User
from portal.models import DifferenceKind
from tests.access_table import ADDRESSES, ALL, PUBLIC
from tests.conftest import CAST
from tests.factories import (
    make_action,
    make_arising,
    make_closure,
    make_corporate_meeting,
    make_delegate,
    make_difference,
    make_due_request,
    make_evidence,
    make_expectation,
    make_framework,
    make_framework_upload,
    make_import,
    make_improvement,
    make_inspection,
    make_item,
    make_kept_import,
    make_lead,
    make_letter,
    make_link,
    make_meaning,
    make_meeting,
    make_monitoring,
    make_nomination,
    make_pack,
    make_phase,
    make_planned,
    make_practice,
    make_profile,
    make_publication,
    make_report,
    make_terms,
    make_user,
    make_view,
)

pytestmark = pytest.mark.django_db


def url_names(
    resolver: URLResolver, prefix: str = ""
) -> Iterator[tuple[str, Callable[..., object]]]:
    """(name with its namespaces, view) of every address."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}", pattern.callback
        else:
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from url_names(pattern, inner)


NAMES = dict(url_names(get_resolver()))


@pytest.fixture(scope="module")
def cast(standing: None) -> SimpleNamespace:
    """A user for each role, for all addresses."""
    return SimpleNamespace(**{name: make_user(name, *held) for name, held in CAST.items()})


@pytest.fixture(scope="module")
def sessions(cast: SimpleNamespace) -> dict[str, str]:
    """The session of each member of the cast."""

    def session_of(user: User) -> str:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    return {member: session_of(getattr(cast, member)) for member in ALL}


@pytest.fixture(scope="module")
def records(cast: SimpleNamespace) -> dict[str, str]:
    """What the paths in the table need."""
    framework = make_framework()
    action = make_action(executive="ACC Baker", delivery="Head of Crime")
    lead = make_lead("Head of Crime", holder=cast.delivery)
    evidence = make_evidence(owner=cast.staff, contents=b"%PDF-1.7")
    characteristic = Characteristic.objects.filter(topic__question__framework=framework)[0]
    draft = make_letter(cast.governance)
    signed = make_letter(cast.governance, scan=b"%PDF-1.7")
    make_closure(make_action(), letter=signed)
    meeting = make_meeting()
    item = make_item(meeting)
    inspection = make_inspection()
    planned = make_planned()
    return {
        "user": str(cast.staff.pk),
        "meeting": meeting.held_on.isoformat(),
        "item": str(item.pk),
        "arising": str(make_arising(item, cast.staff).pk),
        "nomination": str(make_nomination(meeting, cast.deputy).pk),
        "terms": make_terms().version,
        "feed": make_feed(cast.member),
        "inspection": str(inspection.pk),
        "phase": str(make_phase(inspection).pk),
        "expected": str(make_expectation(inspection).pk),
        "inspection_feed": make_inspection_feed(InspectionFeed, cast.staff),
        "programme": str(planned.programme.pk),
        "planned": str(planned.pk),
        "peel": make_publication(type=PublicationType.PEEL).slug,
        "monitoring": str(make_monitoring().pk),
        "lead": lead.slug,
        "holder": str(lead.holders.get().pk),
        "delegate": str(make_delegate(lead, cast.staff).pk),
        "action": action.reference,
        "publication": action.publication.slug,
        "framework": framework.version,
        "improvement": str(make_improvement(framework.questions.get(number=1), lead).pk),
        "view": str(make_view(cast.staff).pk),
        "difference": str(make_difference().pk),
        "only_here": str(make_difference(make_action(), kind=DifferenceKind.ONLY_HERE).pk),
        "framework_upload": str(make_framework_upload(cast.admin).pk),
        "import": str(make_import().pk),
        "import_kept": str(make_kept_import().pk),
        "layout": str(make_profile().pk),
        "word": str(make_meaning().pk),
        "due_request": str(make_due_request(action, cast.delivery).pk),
        "closure": str(make_closure(action, letter=draft).pk),
        "letter": str(draft.pk),
        "signed_letter": str(signed.scans.get().pk),
        "report": str(make_report().pk),
        "corporate_meeting": str(make_corporate_meeting(reminded=[cast.staff]).pk),
        "practice": str(make_practice(cast.staff).pk),
        "evidence": str(evidence.pk),
        "evidence_link": str(make_link(evidence, characteristic).pk),
        "pack": str(make_pack(cast.staff).pk),
        "evidence_file": str(evidence.files.get().pk),
    }


def test_every_address_is_in_the_table() -> None:
    assert set(NAMES) == set(ADDRESSES)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_view_carries_a_rule(name: str) -> None:
    assert rule_for(NAMES[name], name) is not None


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_an_address_opens_to_those_of_the_table_and_nobody_else(
    name: str, records: dict[str, str], sessions: dict[str, str]
) -> None:
    address = ADDRESSES[name]
    path = reverse(
        name, kwargs={key: value.format(**records) for key, value in address.kwargs.items()}
    )
    opened = set()
    for member in sorted(ALL):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[member]
        response = client.get(path)
        if response.streaming:
            b"".join(response)  # Read to its end, a file is closed.
        assert response.status_code < 500
        # 405: the rule let them in, and the view then wanted a POST.
        if response.status_code not in (403, 404):
            opened.add(member)
    assert opened == (ALL if address.who == PUBLIC else address.who)

    stranger = Client().get(path)
    if address.who == PUBLIC:
        assert stranger.status_code in (200, 302)
    else:
        assert stranger.status_code == 302
        assert stranger["Location"].startswith(reverse("account_login"))
