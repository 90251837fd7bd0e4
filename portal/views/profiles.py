"""Saved layouts and remembered words: to see, to rename, to forget."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access
from core.refused import told_on
from people.models import User
from people.requests import SignedInRequest
from portal.imports.purposes import rules_of
from portal.layouts.meanings import forget
from portal.layouts.profiles import delete_profile, rename_profile
from portal.models import Meaning, Profile, Purpose
from portal.setting_up_forms import LayoutForm
from portal.views.found import importers, may_take_in

_WORDS_A_PAGE = 50


@access(importers)
@require_safe
def layouts(request: SignedInRequest) -> HttpResponse:
    """What is remembered of how spreadsheets are laid out and what their words mean."""
    purposes = _purposes(request.user)
    saved = Profile.objects.filter(purpose__in=purposes).select_related("created_by")
    known = Meaning.objects.filter(purpose__in=purposes).select_related("recorded_by")
    words = _Words()
    page = Paginator(known, _WORDS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "profiles": [
            {"profile": each, "read": sum(bool(field) for field in each.fields.values())}
            for each in saved
        ],
        "page": page,
        "words": [
            {
                "meaning": each,
                "field": _field_name(each.purpose, each.field),
                "meant": words.meant(each),
            }
            for each in page.object_list
        ],
    }
    return render(request, "portal/layouts/layouts.html", context)


@access(importers)
@require_http_methods(["GET", "HEAD", "POST"])
def layout(request: SignedInRequest, pk: int) -> HttpResponse:
    """One saved layout, and calling it something else."""
    profile = _profile_or_404(request.user, pk)
    form = LayoutForm(
        request.POST if request.method == "POST" else None, initial={"name": profile.name}
    )
    if form.is_valid():
        with told_on(form, "name"):
            rename_profile(profile, name=form.cleaned_data["name"], actor=request.user)
            messages.success(request, "The layout is renamed.")
            return redirect("portal:layouts")
    headers = [
        {
            "header": profile.headers.get(key, key),
            "field": _field_name(profile.purpose, field) if field else "",
        }
        for key, field in profile.fields.items()
    ]
    context = {"profile": profile, "form": form, "headers": headers}
    return render(request, "portal/layouts/layout.html", context)


@access(importers)
@require_http_methods(["GET", "HEAD", "POST"])
def delete_layout(request: SignedInRequest, pk: int) -> HttpResponse:
    profile = _profile_or_404(request.user, pk)
    if request.method == "POST":
        delete_profile(profile, actor=request.user)
        messages.success(request, f"The layout “{profile.name}” is deleted.")
        return redirect("portal:layouts")
    return render(request, "portal/layouts/delete.html", {"profile": profile})


@access(importers)
@require_http_methods(["GET", "HEAD", "POST"])
def forget_word(request: SignedInRequest, pk: int) -> HttpResponse:
    known = Meaning.objects.filter(purpose__in=_purposes(request.user))
    meaning: Meaning = get_object_or_404(known, pk=pk)
    if request.method == "POST":
        forget(meaning, actor=request.user)
        messages.success(request, f"“{meaning.as_written}” is forgotten, and is asked for again.")
        return redirect("portal:layouts")
    context = {
        "meaning": meaning,
        "field": _field_name(meaning.purpose, meaning.field),
        "meant": _Words().meant(meaning),
    }
    return render(request, "portal/layouts/forget.html", context)


class _Words:
    """Words that columns know, as people read them; each column is asked once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], dict[str, str]] = {}

    def meant(self, meaning: Meaning) -> str:
        """What a word means; "" where it is read as an empty cell."""
        key = (meaning.purpose, meaning.field)
        if key not in self._known:
            column = rules_of(meaning.purpose).columns.by_field.get(meaning.field)
            self._known[key] = dict(column.choices()) if column and column.choices else {}
        return self._known[key].get(meaning.meant, meaning.meant)


def _purposes(user: User) -> list[Purpose]:
    return [each for each in Purpose if may_take_in(user, each)]


def _profile_or_404(user: User, pk: int) -> Profile:
    profile: Profile = get_object_or_404(Profile, pk=pk, purpose__in=_purposes(user))
    return profile


def _field_name(purpose: str, field: str) -> str:
    """A field as people call it; its own name where the columns no longer have it."""
    column = rules_of(purpose).columns.by_field.get(field)
    return column.headers[0] if column else field
