"""Error pages, pages for machines, and the headers every page carries."""

import logging
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from people.models import User

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/sign-in/"


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """Failures are made on purpose here; their tracebacks would hide others."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def failing(settings: Any) -> Client:
    """A stranger's browser on a portal where some addresses fail."""
    settings.ROOT_URLCONF = "tests.config.failing_urls"
    return Client(raise_request_exception=False)


def heading(response: Any) -> str:
    """The text of the page's one top heading."""
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.DOTALL)
    assert len(found) == 1
    return " ".join(found[0].split())


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/fail/broken/", 500),
        ("/fail/database-gone/", 503),
        ("/fail/connection-lost/", 503),
        ("/fail/tampered/", 400),
        ("/fail/forbidden/", 403),
        ("/no-such-page/", 404),
    ],
)
def test_each_failure_has_its_status_and_a_page_of_its_own(
    failing: Client, address: str, status: int
) -> None:
    response = failing.get(address)
    assert response.status_code == status
    assert heading(response)
    assert b"the reason, which no page may show" not in response.content


def test_failures_of_different_kinds_have_different_headings(failing: Client) -> None:
    addresses = ["broken", "database-gone", "tampered", "forbidden"]
    headings = {heading(failing.get(f"/fail/{each}/")) for each in addresses}
    assert len({*headings, heading(failing.get("/no-such-page/"))}) == 5


@pytest.mark.parametrize("failure", ["broken", "database-gone"])
def test_the_page_of_a_broken_server_asks_the_database_nothing(
    failing: Client, failure: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        failing.get(f"/fail/{failure}/")


def test_the_page_of_a_broken_server_names_the_request_for_the_log(failing: Client) -> None:
    response = failing.get("/fail/broken/")
    assert response["X-Request-ID"] in response.content.decode()


def test_a_database_that_is_gone_asks_to_come_back(failing: Client) -> None:
    assert failing.get("/fail/database-gone/")["Retry-After"] == "30"


def test_a_page_without_an_access_rule_cannot_be_opened(failing: Client) -> None:
    response = failing.get("/without-rule/")
    assert response.status_code == 500
    assert b"never seen" not in response.content


def test_a_form_without_its_token_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post(SIGN_IN, {"login": "staff"})
    assert response.status_code == 403
    assert heading(response)


def test_a_host_name_that_is_not_ours_is_a_bad_request(client: Client) -> None:
    assert client.get(SIGN_IN, headers={"host": "elsewhere.example"}).status_code == 400


def test_a_missing_page_is_404_for_someone_signed_in_too(
    cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    assert sign_in(cast.staff).get("/no-such-page/").status_code == 404


def test_a_stranger_is_led_to_the_sign_in_page_and_back(client: Client) -> None:
    response = client.get("/actions/?level=2")
    assert response.status_code == 302
    assert response["Location"] == f"{SIGN_IN}?next=/actions/%3Flevel%3D2"


def test_each_request_has_an_id_of_its_own(client: Client) -> None:
    first, second = (client.get("/healthz")["X-Request-ID"] for _ in range(2))
    assert re.fullmatch(r"[0-9a-f]{12}", first)
    assert first != second


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_pages_for_machines_say_ok(client: Client, address: str) -> None:
    response = client.get(address)
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_a_request_beyond_all_measure_is_not_read(client: Client, settings: Any) -> None:
    settings.REQUEST_MAX_BYTES = 1000
    response = client.post(SIGN_IN, {"login": "x" * 2000})
    assert response.status_code == 413
    assert "larger than the portal takes" in response.content.decode()


def test_what_only_some_may_see_is_kept_by_no_cache(
    cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    signed_in = sign_in(cast.staff)
    for address in ("/", "/actions/", "/actions/?export=csv", "/portal/imports/"):
        assert "no-store" in signed_in.get(address)["Cache-Control"]
    assert "no-store" not in signed_in.get("/brand.css")["Cache-Control"]


@pytest.mark.parametrize("path", ["/actions/%00/", "/paf/%00/", "/publications/a%00b/"])
def test_an_address_with_a_nul_character_is_a_bad_request(
    cast: SimpleNamespace, sign_in: Callable[[User], Client], path: str
) -> None:
    response = sign_in(cast.staff).get(path)
    assert response.status_code == 400
    assert "This request cannot be read" in response.content.decode()


def test_healthz_asks_the_database_nothing(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        client.get("/healthz")


def test_readyz_is_503_while_the_database_is_gone(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", gone)
        response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "database unavailable"})


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_pages_for_machines_answer_over_plain_http(settings: Any, address: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(address).status_code == 200


def test_other_pages_are_redirected_to_https(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get(SIGN_IN)
    assert (response.status_code, response["Location"]) == (301, f"https://testserver{SIGN_IN}")


@pytest.mark.parametrize("address", [SIGN_IN, "/no-such-page/", "/healthz", "/fail/broken/"])
def test_every_answer_carries_the_security_headers(failing: Client, address: str) -> None:
    headers = failing.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("address", [SIGN_IN, "/no-such-page/", "/fail/broken/"])
def test_every_page_carries_a_policy_without_inline_code(failing: Client, address: str) -> None:
    policy = failing.get(address).headers["Content-Security-Policy"]
    given = dict(part.strip().split(" ", 1) for part in policy.split(";") if part.strip())
    assert given["default-src"] == "'none'"
    assert given["script-src"] == given["style-src"] == given["form-action"] == "'self'"
    assert given["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy and "*" not in policy


def test_the_brand_style_sheet_holds_the_forces_colour(client: Client, settings: Any) -> None:
    settings.FORCE_COLOUR = "#123456"
    response = client.get("/brand.css")
    assert response["Content-Type"] == "text/css"
    assert b"--force-colour: #123456" in response.content
