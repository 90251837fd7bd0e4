"""What the version before became in a version of the framework, and carrying over to it."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, holders_of
from core.numbers import counted
from inspections.carrying import (
    CannotBeCarried,
    CarriedOver,
    Left,
    carry_over,
    what_would_be_carried,
    why_not,
)
from inspections.mapping import FrameworkMapping, NotMapped, before, map_question, mapping_of
from inspections.models import Framework
from people.requests import SignedInRequest
from tracker.mapping_forms import MappingForm
from tracker.views.rules import FORM_METHODS

_mappers = holders_of("inspections.change_framework")
# So many parts and records are named of what stays behind for one reason.
_NAMED = 5


@access(_mappers)
@require_safe
def overview(request: SignedInRequest, version: str) -> HttpResponse:
    """`/paf/<version>/mapping/`: every part of the version before, and what it became."""
    new = get_object_or_404(Framework, version=version)
    old = before(new)
    if old is None:
        return _nothing_before(request, new)
    mapping = mapping_of(old, new)
    only_open = request.GET.get("show") == "open"
    context = {
        "new": new,
        "old": old,
        "mapping": mapping,
        "total": len(mapping.parts),
        "to_decide": len(mapping.parts) - mapping.decided,
        "areas": _areas(mapping, only_open),
        "tabs": _tabs(mapping, only_open),
        "unreached": mapping.unreached(),
    }
    return render(request, "tracker/mapping.html", context)


def _nothing_before(request: SignedInRequest, new: Framework) -> HttpResponse:
    return render(request, "tracker/mapping_nothing.html", {"new": new})


def _tabs(mapping: FrameworkMapping, only_open: bool) -> list[dict[str, Any]]:
    total = len(mapping.parts)
    return [
        {"text": "All", "href": "?", "count": total, "current": not only_open},
        {
            "text": "Still to be said",
            "href": "?show=open",
            "count": total - mapping.decided,
            "current": only_open,
        },
    ]


def _areas(mapping: FrameworkMapping, only_open: bool) -> list[dict[str, Any]]:
    """The old question areas with their parts, with how far each is."""
    areas = []
    for question in (each for each in mapping.parts.values() if each.part.level == 0):
        number = question.part.record.number
        parts = mapping.of_question(number)
        shown = [each for each in parts if not (only_open and each.decided)]
        if shown:
            decided = sum(each.decided for each in parts)
            areas.append(
                {
                    "number": number,
                    "text": question.part.text,
                    "parts": shown,
                    "decided": decided,
                    "total": len(parts),
                }
            )
    return areas


@access(_mappers)
@require_http_methods(FORM_METHODS)
def question(request: SignedInRequest, version: str, number: int) -> HttpResponse:
    """`/paf/<version>/mapping/<n>/`: what one question area of the version before became."""
    new = get_object_or_404(Framework, version=version)
    old = before(new)
    if old is None:
        return _nothing_before(request, new)
    found = old.questions.filter(number=number).first()
    if found is None:
        raise Http404
    sent = request.method == "POST"
    form = MappingForm(
        request.POST if sent else None,
        mapping=mapping_of(old, new),
        number=number,
        fill=request.GET.get("fill") == "alike",
    )
    if form.is_valid():
        try:
            changed = map_question(found, new, said=form.said, seen=form.seen, actor=request.user)
        except NotMapped as refusal:
            form.told(refusal.errors, refusal.now)
        else:
            messages.success(request, f"Question area {number}: {_kept(changed)}.")
            return redirect("tracker:mapping", version)
    context = {
        "form": form,
        "old": old,
        "new": new,
        "question": found,
        "heading": f"What became of question area {number}?",
        "cancel": reverse("tracker:mapping", args=[version]),
        "can_fill": not sent and request.GET.get("fill") != "alike",
    }
    return render(request, "tracker/mapping_question.html", context)


def _kept(changed: int) -> str:
    return f"what {counted(changed, 'part')} became is kept" if changed else "nothing changed"


@access(_mappers)
@require_http_methods(FORM_METHODS)
def carry(request: SignedInRequest, version: str) -> HttpResponse:
    """`/paf/<version>/carry-over/`: say what would be carried over, then carry it over."""
    new = get_object_or_404(Framework, version=version)
    old = before(new)
    if old is None:
        return _nothing_before(request, new)
    refusal = why_not(new)
    if request.method == "POST":
        try:
            done = carry_over(old, new, actor=request.user)
        except CannotBeCarried as error:
            refusal = str(error)
        else:
            messages.success(request, _done(done))
            return redirect("tracker:carry_over", version)
    found = what_would_be_carried(old, new)
    mapping = mapping_of(old, new)
    context = {
        "old": old,
        "new": new,
        "found": found,
        "left": _left(found, mapping),
        "to_decide": len(mapping.parts) - mapping.decided,
        "refusal": refusal,
    }
    return render(request, "tracker/carry_over.html", context)


def _done(done: CarriedOver) -> str:
    records = sum(each.records for each in done.kinds)
    if not records:
        return "There was nothing to carry over."
    return f"{counted(records, 'record').capitalize()} carried over to {done.new.version}."


def _left(found: CarriedOver, mapping: FrameworkMapping) -> list[dict[str, Any]]:
    """What stays behind, question area by question area: a line for each kind and reason."""
    by_reason: dict[tuple[int, str, str], list[Left]] = defaultdict(list)
    for things, left in found.left:
        area = mapping.parts[left.code].part.question
        by_reason[area, things, left.because or left.why].append(left)
    areas: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for (area, things, because), every in sorted(by_reason.items(), key=lambda each: each[0][0]):
        areas[area].append(_line(things, because, every))
    return [
        {"number": area, "text": mapping.parts[str(area)].part.text, "lines": lines}
        for area, lines in areas.items()
    ]


def _line(things: str, because: str, every: list[Left]) -> dict[str, Any]:
    codes = list(dict.fromkeys(left.code for left in every))
    whats = list(dict.fromkeys(left.what for left in every))
    whys = {left.why for left in every}
    return {
        "things": things,
        "number": len(every),
        "why": whys.pop() if len(whys) == 1 else because,
        "codes": codes[:_NAMED],
        "more_codes": max(0, len(codes) - _NAMED),
        "named": whats[:_NAMED],
        "more": max(0, len(whats) - _NAMED),
    }
