"""The frame of every page, and the pages that say that something went wrong."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from config import views
from core.forms import GovukForm
from core.middleware import current_request_id
from people.models import User

SignIn = Callable[[User], Client]
TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))


def page(request: HttpRequest, template: str = "base.html", **context: object) -> str:
    return " ".join(render_to_string(template, context, request=request).split())


@pytest.fixture
def stranger(rf: RequestFactory) -> HttpRequest:
    return rf.get("/account/sign-in/")


# Frame


def test_a_page_is_in_english_and_names_product_and_force(stranger: HttpRequest) -> None:
    html = page(stranger)
    assert '<html lang="en-GB"' in html
    assert "StART – Cleveland Police</title>" in html
    assert 'href="/brand.css"' in html


def test_the_first_thing_on_a_page_leads_to_its_main_part(stranger: HttpRequest) -> None:
    html = page(stranger)
    assert html.index('href="#main-content" class="govuk-skip-link"') < html.index("<header")
    assert 'id="main-content"' in html


def test_a_page_whose_form_has_errors_says_so_in_its_title(stranger: HttpRequest) -> None:
    class Form(GovukForm):
        title = forms.CharField()

    assert "<title>Error: " in page(stranger, form=Form({}))
    assert "Error: " not in page(stranger, form=Form())


def test_a_demonstration_says_so_on_every_page(
    stranger: HttpRequest, settings: SimpleNamespace
) -> None:
    assert "Demonstration data" not in page(stranger)
    settings.DEMO = True
    assert "Today is 25 November 2024." in page(stranger)


def test_somebody_signed_in_sees_the_way_round_and_the_way_out(
    cast: SimpleNamespace, rf: RequestFactory
) -> None:
    request = rf.get("/")
    request.user = cast.staff
    html = page(request)
    assert "Signed in as </span>Staff" in html
    assert '<form class="app-header__sign-out" method="post" action="/account/sign-out/">' in html
    assert 'class="govuk-service-navigation__link" href="/actions/"' in html


def test_a_stranger_sees_neither(stranger: HttpRequest) -> None:
    html = page(stranger)
    assert "Sign out" not in html
    assert "govuk-service-navigation" not in html


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_inline_style_or_script(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


def test_nothing_of_gov_uk_identity_is_shown(stranger: HttpRequest) -> None:
    html = page(stranger).lower()
    assert "crown" not in html
    assert "crest" not in html
    assert "gds transport" not in html


# Pages of errors


@pytest.mark.parametrize(
    ("view", "status", "heading"),
    [
        (views.bad_request, 400, "This request cannot be read"),
        (views.forbidden, 403, "You may not open this page"),
        (views.not_found, 404, "Page not found"),
    ],
)
def test_an_error_page_says_what_happened_in_plain_words(
    rf: RequestFactory, view: Callable[..., HttpResponse], status: int, heading: str
) -> None:
    response = view(rf.get("/nowhere/"), Http404())
    assert response.status_code == status
    assert f'<h1 class="govuk-heading-l">{heading}</h1>' in response.content.decode()


def test_a_page_that_is_not_there_keeps_the_way_round(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    response = sign_in(cast.staff).get("/nowhere/")
    assert response.status_code == 404
    assert "govuk-service-navigation" in response.content.decode()


def test_a_form_without_its_token_says_that_nothing_was_saved(rf: RequestFactory) -> None:
    request = rf.post("/")
    request.user = AnonymousUser()
    response = views.csrf_failure(request, reason="no cookie")
    assert response.status_code == 403
    assert "Nothing was saved" in response.content.decode()


def test_a_fault_is_told_without_asking_the_database(rf: RequestFactory) -> None:
    # No `db` fixture here: a query would fail the test.
    response = views.server_error(rf.get("/"))
    html = response.content.decode()
    assert response.status_code == 500
    assert "Something went wrong" in html
    assert f"Reference: {current_request_id()}" in html


def test_a_database_that_is_away_is_told_as_such(rf: RequestFactory) -> None:
    try:
        raise OperationalError
    except OperationalError:
        response = views.server_error(rf.get("/"))
    assert response.status_code == 503
    assert "StART is not available just now" in response.content.decode()


@pytest.mark.parametrize("name", ["500", "503"])
def test_the_pages_of_faults_need_no_list_of_built_files(
    name: str, settings: SimpleNamespace, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    html = render_to_string(
        f"errors/{name}.html", {"product_name": "StART", "force_name": "A force"}
    )
    assert 'href="/static/portal.css"' in html


def test_too_many_requests_have_a_page_too(stranger: HttpRequest) -> None:
    assert "Wait five minutes" in page(stranger, "429.html")
