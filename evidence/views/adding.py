"""Adding evidence: one form for one or several files, or a link, and what came of it.

Without a script the form brings all files at once: good ones are kept, each for itself, and the
page that follows names the others with the reason of each. Where none was good the form comes back
as it was typed. With the script (`static/src/adding.js`) the details are checked first, then each
file is sent alone, with its progress; the answers are JSON then.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from core.access import access
from core.dates import today
from core.forms import DateField
from core.numbers import key_in
from core.refused import told_on
from core.uploads import too_large
from evidence.adding import Outcome, RefusedFile, add_files, add_one, same_link
from evidence.choices import Source
from evidence.forms import AddForm
from evidence.linking import characteristics_named
from evidence.models import CorporateMeeting, Evidence
from evidence.panels import Tie, tie_to
from evidence.recording import AlreadyKept
from evidence.views.added import BEFORE, offer
from evidence.views.rules import FORM_METHODS, adders
from inspections.models import Characteristic, Framework
from people.requests import SignedInRequest

_OFFER = "evidence/includes/kept_already.html"
# What the next form begins with; the promise about personal data is made anew for every file.
_TYPED = set(AddForm.base_fields) - {"uploads", "taken_out"}


@access(adders)
@require_http_methods(FORM_METHODS)
def add(request: SignedInRequest) -> HttpResponse:
    """`/evidence/add/`: `?meeting=`, `date`, `characteristic`, `action`, `title` and `source` fill
    it in; `?again=yes` brings back what was typed before.
    """
    if request.method != "POST":
        return _form_page(request, AddForm(initial=_begun(request)))
    details_only = request.POST.get("step") == "details"
    form = AddForm(request.POST, request.FILES, files_follow=details_only)
    by_script = request.headers.get("Accept") == "application/json"
    if not form.is_valid():
        return _form_page(request, form)
    if details_only:
        return HttpResponse(status=204)
    fields = {**form.cleaned_data}
    tie = tie_to(fields.pop("action"), request.user)
    uploads = fields.pop("uploads")
    if fields["link"]:
        return _link_added(request, form, fields, tie)
    several = len(uploads) > 1 or request.POST.get("several") == "yes"
    outcome = add_files(uploads, actor=request.user, shared=fields, several=several, tie=tie)
    if by_script and len(uploads) == 1:
        return _told_to_script(request, form, outcome)
    return _files_added(request, form, outcome, tie)


def _begun(request: SignedInRequest) -> dict[str, Any]:
    """What the form begins with; what the address says wrongly is left out."""
    if request.GET.get("again") == "yes" and BEFORE in request.session:
        return dict(request.session[BEFORE]["typed"])
    wanted = request.GET
    first: dict[str, Any] = {
        "characteristics": wanted.get("characteristic", ""),
        "action": wanted.get("action", ""),
        "title": wanted.get("title", ""),
        "dated_on": _day(wanted.get("date", "")) or today(),
    }
    if wanted.get("source") in Source.values:
        first["source"] = wanted["source"]
    key = key_in(wanted.get("meeting", ""))
    meeting = CorporateMeeting.objects.filter(pk=key).first() if key else None
    if meeting is not None:
        first |= {"meeting": meeting, "source": Source.MEETING}
    return first


def _day(text: str) -> Any:
    try:
        return DateField(required=False).clean(text)
    except ValidationError:
        return None


def _form_page(
    request: SignedInRequest,
    form: AddForm,
    *,
    refused: list[RefusedFile] | None = None,
) -> HttpResponse:
    tie = tie_to(str(form["action"].value() or ""), request.user)
    framework = Framework.objects.in_force()
    context = {
        "chosen": _chosen(str(form["characteristics"].value() or ""), framework),
        "characteristics": Characteristic.objects.in_order(framework) if framework else (),
        **_where_from(request, framework, tie),
        "form": form,
        "tie": tie,
        "offers": _offers(request, form, refused or []),
        "limit": settings.UPLOAD_MAX_BYTES,
        "too_large": too_large(),
        "heading": "Add evidence",
        "button": "Add evidence",
    }
    return render(request, "evidence/add.html", context)


def _chosen(codes: str, framework: Framework | None) -> list[Characteristic]:
    """What the field of numbers names, to be shown in words; nothing where it cannot be read."""
    try:
        return characteristics_named(codes, framework) if framework else []
    except ValidationError:
        return []


def _where_from(
    request: SignedInRequest, framework: Framework | None, tie: Tie | None
) -> dict[str, str]:
    """Where the form was opened, for who goes back: what the evidence is for, the question area of
    the characteristic in its address, or the list.
    """
    if tie is not None and tie.address:
        return {"cancel": tie.address, "back_words": tie.named}
    asked = _chosen(request.GET.get("characteristic", ""), framework)
    if framework is None or not asked:
        return {"cancel": reverse("evidence:items"), "back_words": "Evidence"}
    question = asked[0].topic.question
    return {
        "cancel": reverse("tracker:question", args=[framework.version, question.number]),
        "back_words": str(question),
    }


def _offers(
    request: SignedInRequest, form: AddForm, refused: list[RefusedFile]
) -> list[dict[str, Any]]:
    """The pieces that are kept already, each with what it may stand for instead."""
    codes, action = form["characteristics"].value() or "", form["action"].value() or ""
    return [offer(request, each.kept, codes, action) for each in refused if each.kept is not None]


def _link_added(
    request: SignedInRequest, form: AddForm, fields: dict[str, Any], tie: Tie | None
) -> HttpResponse:
    refused = []
    try:
        added = add_one(actor=request.user, tie=tie, **fields)
    except AlreadyKept as already:
        refused = [RefusedFile("", already.said, already.evidence)]
        form.add_error("link", already.said)
    except ValidationError as error:
        with told_on(form):
            raise error
    else:
        if same := same_link(added, request.user):
            messages.info(request, f"The same link is kept as “{same}” too.")
        return _one_added(request, added, tie)
    return _form_page(request, form, refused=refused)


def _one_added(request: SignedInRequest, added: Evidence, tie: Tie | None) -> HttpResponse:
    """To what it was added for; else to the piece."""
    if tie is not None and tie.address:
        messages.success(request, f"“{added}” is kept and attached to {tie.named}.")
        return redirect(tie.address)
    messages.success(request, f"“{added}” is kept.")
    return redirect(added)


def _told_to_script(request: SignedInRequest, form: AddForm, outcome: Outcome) -> JsonResponse:
    """What came of the one file that a script has sent; of one that is kept already, also what
    its piece may stand for instead.
    """
    for each in outcome.kept:
        kept = {"pk": each.pk, "title": str(each), "address": each.get_absolute_url()}
        return JsonResponse({"kept": kept})
    [refused] = outcome.refused
    told: dict[str, Any] = {"said": refused.said}
    if refused.kept is not None:
        told["kept"] = {"title": str(refused.kept), "address": refused.kept.get_absolute_url()}
        [offered] = _offers(request, form, outcome.refused)
        told["offer"] = render_to_string(_OFFER, {"offer": offered}, request)
    return JsonResponse({"refused": told})


def _files_added(
    request: SignedInRequest, form: AddForm, outcome: Outcome, tie: Tie | None
) -> HttpResponse:
    """To where one piece belongs, or to the page on several; back to the form where none was."""
    if not outcome.kept:
        for each in outcome.refused:
            form.add_error("uploads", f"{each.name}: {each.said}")
        return _form_page(request, form, refused=outcome.refused)
    if len(outcome.kept) == 1 and not outcome.refused:
        [added] = outcome.kept
        return _one_added(request, added, tie)
    request.session[BEFORE] = {
        "typed": {name: request.POST.get(name, "") for name in form.fields if name in _TYPED},
        "refused": [
            {"name": each.name, "said": each.said, "kept": each.kept.pk if each.kept else None}
            for each in outcome.refused
        ],
    }
    query = [("item", str(each.pk)) for each in outcome.kept]
    if outcome.refused:
        query.append(("refused", "yes"))
    return redirect(f"{reverse('evidence:added')}?{urlencode(query)}")
