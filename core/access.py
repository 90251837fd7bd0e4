"""Who may open an address.

Every view carries one rule, put on with `@access(...)` (functions and classes alike).
`AccessMiddleware` asks it before the view runs and refuses any view that has none, so a page
without a rule cannot be opened at all. Rules about one record (may I see *this* action?) belong to
the record's queryset.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from core.kept import kept_form

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """A rule: `everyone`, `signed_in`, or anyone who holds at least one of `permissions`.

    Args:
        signed_in: must be signed in.
        permissions: permission names such as "tracker.view_action"; any one opens the page.
    """

    signed_in: bool = True
    permissions: tuple[str, ...] = ()

    def allows(self, user: Any) -> bool:
        if not self.signed_in:
            return True
        if not user.is_authenticated:
            return False
        return not self.permissions or any(user.has_perm(name) for name in self.permissions)


everyone = Access(signed_in=False)
signed_in = Access()


def holders_of(*permissions: str) -> Access:
    """Those who hold at least one of these permissions."""
    return Access(permissions=permissions)


def access(rule: Access) -> Callable[[View], View]:
    """Put a rule on a view function or a view class."""

    def put(view: View) -> View:
        view.access = rule  # type: ignore[attr-defined]
        return view

    return put


# Views of libraries, which cannot carry a rule of their own: address name -> rule.
library_rules: dict[str, Access] = {}


def rule_for(view: Callable[..., Any], url_name: str | None) -> Access | None:
    """The rule of a resolved view, or None when it has none."""
    if url_name in library_rules:
        return library_rules[url_name]
    rule = getattr(getattr(view, "view_class", view), "access", None)
    return rule if isinstance(rule, Access) else None


def _signed_out(request: HttpRequest) -> HttpResponse:
    """The session ended while somebody was typing: what they typed is given back to them."""
    return render(request, "errors/signed_out.html", kept_form(request), status=403)


class AccessMiddleware:
    """Ask the view's rule: sign-in page for strangers, 403 for those who may not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # What only some may see is kept by no cache, so that it does not come back after sign-out.
        if getattr(request, "for_some_only", False) and "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        rule = rule_for(view, match.view_name if match else None)
        if rule is None:
            raise ImproperlyConfigured(
                f"{request.path} has no access rule: put @access on its view."
            )
        request.for_some_only = rule.signed_in  # type: ignore[attr-defined]
        if rule.allows(request.user):
            return None
        if not request.user.is_authenticated:
            if request.method == "POST":
                return _signed_out(request)
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied
