"""After several files were added: what each is, which were refused, what is kept already."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from core.access import access
from core.collisions import Overtaken
from core.numbers import capitalised, counted, keys_in
from core.refused import told_on
from evidence.adding import link_instead
from evidence.editing import change
from evidence.forms import DetailsForm
from evidence.keeping import may_keep
from evidence.linking import characteristics_named, may_link
from evidence.models import Evidence
from evidence.panels import tie_to
from evidence.views.found import evidence_or_404
from evidence.views.rules import FORM_METHODS, adders
from inspections.models import Characteristic, Framework
from people.requests import SignedInRequest

# Of a session: what was typed and what was refused, until the same person adds several again.
BEFORE = "evidence_added"
_MOST_AT_ONCE = 100


def offer(request: SignedInRequest, kept: Evidence, codes: str, action: str) -> dict[str, Any]:
    """A piece that is kept already, and what its reader may let it stand for instead.

    Args:
        request: of the reader.
        kept: the piece.
        codes: of the characteristics its file was sent for.
        action: what the form was opened for.
    """
    current = kept.withdrawn_at is None
    tie = tie_to(action, request.user) if current else None
    if not (current and may_link(kept, request.user)):
        codes = ""
    return {"kept": kept, "codes": codes.strip(), "action": action if tie else "", "tie": tie}


@access(adders)
@require_http_methods(FORM_METHODS)
def added(request: SignedInRequest) -> HttpResponse:
    """`/evidence/added/?item=1&item=2`: say of several that were just added what each is."""
    forms = _details_forms(request)
    if request.method == "POST" and all(form.is_valid() for _, form in forms):
        for item, form in forms:
            _change_details(request, item, form)
        if not any(form.errors for _, form in forms):
            messages.success(request, _thanks(len(forms)))
            return redirect(forms[0][0] if len(forms) == 1 else reverse("evidence:items"))
    kept = request.session.get(BEFORE, {}) if request.GET.get("refused") == "yes" else {}
    context = {
        "forms": forms,
        "errors": [link for _, form in forms for link in form.error_links()],
        "refused": _refused_before(request, kept),
        "again": f"{reverse('evidence:add')}?again=yes" if kept else reverse("evidence:add"),
        "cancel": reverse("evidence:items"),
    }
    return render(request, "evidence/added.html", context)


def _thanks(count: int) -> str:
    pieces = capitalised(counted(count, "piece"))
    return f"{pieces} of evidence {'is' if count == 1 else 'are'} kept."


def _details_forms(request: SignedInRequest) -> list[tuple[Evidence, DetailsForm]]:
    keys = keys_in(request.GET.getlist("item")[:_MOST_AT_ONCE])
    visible = Evidence.objects.visible_to(request.user).current().with_files()
    visible = visible.with_characteristics().select_related("meeting")
    chosen = visible.filter(pk__in=keys).order_by("pk")
    found = [each for each in chosen if may_keep(each, request.user)]
    sent = request.POST if request.method == "POST" else None
    return [
        (
            each,
            DetailsForm(
                sent,
                prefix=str(each.pk),
                initial={"title": each.title, "shows": each.shows, "version": each.version},
            ),
        )
        for each in found
    ]


def _change_details(request: SignedInRequest, item: Evidence, form: DetailsForm) -> None:
    try:
        with told_on(form):
            change(item, form.cleaned_data["version"], form.changes, actor=request.user)
    except Overtaken as overtaken:
        form.tell_overtaken(overtaken)


def _refused_before(request: SignedInRequest, kept: Mapping[str, Any]) -> list[dict[str, Any]]:
    refused = kept.get("refused", [])
    visible = Evidence.objects.visible_to(request.user)
    pieces = visible.in_bulk([each["kept"] for each in refused if each["kept"]])
    typed = kept.get("typed", {})
    codes, action = typed.get("characteristics", ""), typed.get("action", "")
    return [
        {
            **each,
            "offer": (
                offer(request, pieces[each["kept"]], codes, action)
                if each["kept"] in pieces
                else None
            ),
        }
        for each in refused
    ]


@access(adders)
@require_POST
def link_kept(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/evidence/<id>/link-instead/`: let what is kept stand for what its file was sent for."""
    found = evidence_or_404(request, pk)
    tie = tie_to(request.POST.get("action", ""), request.user)
    try:
        chosen = _named(request.POST.get("characteristics", ""))
        link_instead(found, chosen, actor=request.user, tie=tie)
    except PermissionDenied as denied:
        messages.error(request, str(denied))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"“{found}” is linked.")
    return redirect(found)


def _named(codes: str) -> list[Characteristic]:
    framework = Framework.objects.in_force()
    return characteristics_named(codes, framework) if framework else []
