"""Accounts: administrators make them, give roles and passwords, and say who holds which lead."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, holders_of
from core.dates import long_date, today
from core.refused import told_on
from people import accounts
from people.account_forms import AccountForm, HolderForm, LeadForm, NewAccountForm, NewPasswordForm
from people.leads import add_lead, change_lead
from people.models import Lead, LeadHolder, User
from people.queries import people_with_roles
from people.requests import SignedInRequest

_administrators = holders_of("people.manage_people")


@access(_administrators)
@require_safe
def account_list(request: SignedInRequest) -> HttpResponse:
    return render(request, "people/accounts.html", {"people": people_with_roles()})


@access(_administrators)
@require_http_methods(["GET", "HEAD", "POST"])
def account_add(request: SignedInRequest) -> HttpResponse:
    form = NewAccountForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            user = accounts.create_account(actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"{user} can now sign in as “{user.username}”.")
            return redirect("people:accounts")
    return _form_page(request, form, "Add a person", "Add person")


@access(_administrators)
@require_http_methods(["GET", "HEAD", "POST"])
def account_change(request: SignedInRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    form = AccountForm(
        request.POST or None,
        person=user,
        initial={
            "name": user.name,
            "email": user.email,
            "roles": user.role_names,
            "active": user.is_active,
        },
    )
    if form.is_valid():
        with told_on(form):
            accounts.change_account(user, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"{form.cleaned_data['name']}: changes saved.")
            return redirect("people:accounts")
    return _form_page(request, form, f"Change {user}", "Save changes")


@access(_administrators)
@require_http_methods(["GET", "HEAD", "POST"])
def account_password(request: SignedInRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    form = NewPasswordForm(request.POST or None, person=user)
    if form.is_valid():
        accounts.set_password(user, actor=request.user, password=form.cleaned_data["password"])
        messages.success(request, f"{user} has a new password. Tell them in person.")
        return redirect("people:accounts")
    return _form_page(request, form, f"New password for {user}", "Set password")


@access(_administrators)
@require_http_methods(["GET", "HEAD", "POST"])
def lead_add(request: SignedInRequest) -> HttpResponse:
    form = LeadForm(request.POST or None)
    if form.is_valid():
        with told_on(form, "name"):
            lead = add_lead(actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"{lead} can now lead actions and question areas.")
            return redirect("people:lead", slug=lead.slug)
    return _form_page(request, form, "Add a lead", "Add lead", back=reverse("tracker:leads"))


@access(_administrators)
@require_http_methods(["GET", "HEAD", "POST"])
def lead_change(request: SignedInRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Lead, slug=slug)
    initial = {"name": found.name, "chief_officer": found.chief_officer}
    form = LeadForm(request.POST or None, initial=initial)
    here = reverse("people:lead", args=[slug])
    if form.is_valid():
        with told_on(form, "name"):
            changed = change_lead(found, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"{changed}: changes saved.")
            return redirect(here)
    return _form_page(request, form, f"Change {found}", "Save changes", back=here)


@access(_administrators)
@require_http_methods(["GET", "HEAD", "POST"])
def lead(request: SignedInRequest, slug: str) -> HttpResponse:
    """Who holds a lead, and a form to let somebody hold it."""
    found = get_object_or_404(Lead, slug=slug)
    form = HolderForm(request.POST or None, initial={"since": today()})
    if form.is_valid():
        with told_on(form):
            holder = accounts.hold_lead(found, actor=request.user, **form.cleaned_data)
        if not form.errors:
            said = f"{holder.user} now holds {found}."
            if holder.started_on > today():
                said = f"{holder.user} holds {found} from {long_date(holder.started_on)} on."
            messages.success(request, said)
            return redirect("people:lead", slug=slug)
    context = {"lead": found, "holders": found.holders.latest_first(), "form": form}
    return render(request, "people/lead.html", context)


@access(_administrators)
@require_http_methods(["GET", "HEAD", "POST"])
def holder_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End a holding today, once that is confirmed."""
    holder = get_object_or_404(LeadHolder.objects.select_related("lead", "user"), pk=pk)
    if request.method != "POST" and holder.ended_on is None:
        return render(request, "people/holder_end.html", {"holder": holder})
    if holder.ended_on is None:
        accounts.end_holding(holder, actor=request.user, on=max(today(), holder.started_on))
        messages.success(request, f"{holder.user} no longer holds {holder.lead}.")
    return redirect("people:lead", slug=holder.lead.slug)


def _form_page(
    request: SignedInRequest, form: object, heading: str, button: str, back: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "button": button,
        "back": back or reverse("people:accounts"),
    }
    return render(request, "people/form.html", context)
