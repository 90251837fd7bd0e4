"""Pages on which those who hold a lead say who posts for it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from core.access import access, holders_of
from core.dates import today
from core.refused import told_on
from people.account_forms import DelegateForm
from people.delegates import end_delegation, name_delegate
from people.models import Lead, LeadDelegate
from people.requests import SignedInRequest

_readers = holders_of("people.view_lead")


@access(_readers)
@require_http_methods(["GET", "HEAD", "POST"])
def delegates(request: SignedInRequest) -> HttpResponse:
    """`/people/delegates/`: who posts for the leads I hold, and a form to name somebody."""
    held = Lead.objects.held_by(request.user, today())
    form = DelegateForm(request.POST or None, held=held, holder=request.user)
    if form.is_valid():
        with told_on(form):
            named = name_delegate(actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"{named.user} may post for {named.lead}, and is told so.")
            return redirect("people:delegates")
    context = {
        "held": held,
        "delegates": LeadDelegate.objects.filter(lead__in=held).not_over_by(today()),
        "form": form,
    }
    return render(request, "people/delegates.html", context)


@access(_readers)
@require_http_methods(["GET", "HEAD", "POST"])
def delegate_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End today that somebody posts for a lead, once that is confirmed."""
    held = Lead.objects.held_by(request.user, today())
    found = get_object_or_404(
        LeadDelegate.objects.filter(lead__in=held).select_related("lead", "user"), pk=pk
    )
    if request.method != "POST":
        return render(request, "people/delegate_end.html", {"delegate": found})
    end_delegation(found, actor=request.user)
    messages.success(request, f"{found.user} no longer posts for {found.lead}.")
    return redirect("people:delegates")
