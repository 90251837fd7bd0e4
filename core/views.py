"""Saved views and column choices, of whatever list they belong to."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import saved_views
from core.access import access, signed_in
from core.forms import GovukForm
from core.listing import ListPage
from core.listing.page import ROWS
from core.models import SavedView, Sharing
from core.refused import told_on


class SavedViewForm(GovukForm):
    """A view's name and, for those who may share, whom it is offered to."""

    name = forms.CharField(label="Name", max_length=60)
    sharing = forms.ChoiceField(
        label="Who sees it",
        choices=Sharing.choices,
        widget=forms.RadioSelect,
        initial=Sharing.PRIVATE,
        error_messages={"required": "Select who sees it"},
    )
    role = forms.ModelChoiceField(
        label="Role",
        queryset=Group.objects.order_by("name"),
        required=False,
        empty_label="Select a role",
        help_text="Only for a view shared with everyone who has a role.",
    )

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["sharing"], self.fields["role"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("sharing") == Sharing.ROLE and not cleaned.get("role"):
            self.add_error("role", "Select the role to share the view with")
        return cleaned

    def save(self, view: SavedView, actor: Any) -> bool:
        """Keep the view; False, with errors on the form, when it cannot be kept."""
        with told_on(self, "name"):
            saved_views.save_view(
                view,
                actor=actor,
                name=self.cleaned_data["name"],
                sharing=self.cleaned_data.get("sharing", Sharing.PRIVATE),
                role=self.cleaned_data.get("role"),
            )
        return not self.errors


def _known_list(request: HttpRequest, key: str) -> type[ListPage]:
    """A list this person may open; 404 otherwise."""
    page = ListPage.known.get(key)
    if page is None or not page.access.allows(request.user):  # type: ignore[attr-defined]
        raise Http404
    return page


def _form_page(request: HttpRequest, form: SavedViewForm, **context: Any) -> HttpResponse:
    return render(request, "core/views/form.html", {"form": form, "button": "Save", **context})


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def view_add(request: HttpRequest) -> HttpResponse:
    """Save the list that the address describes (`list`, `query`) as a view."""
    source = request.POST if request.method == "POST" else request.GET
    if not source.get("list"):
        return redirect("lists:views")
    page = _known_list(request, source.get("list", ""))
    view = SavedView(list_key=page.key)
    form = SavedViewForm(
        request.POST if request.method == "POST" else None,
        may_share=saved_views.may_share(request.user),
    )
    try:
        view.query = saved_views.query_of(page.key, source.get("query", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(page.key)
    if form.is_bound and form.is_valid() and form.save(view, request.user):
        messages.success(request, f"The view “{view.name}” is saved.")
        return redirect(view.list_address)
    back = f"{reverse(page.key)}?{view.query}"
    return _form_page(
        request,
        form,
        heading="Save this view",
        lead=f"{page.title}: filters, order and columns as they are now.",
        hidden=[("list", page.key), ("query", view.query)],
        cancel=back,
    )


@access(signed_in)
@require_safe
def view_open(request: HttpRequest, pk: int) -> HttpResponse:
    """A saved view's own address leads to the list with its filters."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    _known_list(request, view.list_key)
    return redirect(view.list_address)


@access(signed_in)
@require_safe
def views(request: HttpRequest) -> HttpResponse:
    """My saved views, to rename, share or delete; and those shared with me, to open."""
    visible = SavedView.objects.visible_to(request.user).select_related("owner", "role")
    known = [
        (view, ListPage.known[view.list_key].title)
        for view in visible
        if view.list_key in ListPage.known
    ]
    return render(
        request,
        "core/views/list.html",
        {
            "mine": [(view, title) for view, title in known if view.owner == request.user],
            "shared": [(view, title) for view, title in known if view.owner != request.user],
        },
    )


def _own(request: HttpRequest, pk: int) -> SavedView:
    """My view; 404 for one I cannot see, 403 for one that is only shared with me."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    if view.owner != request.user:
        raise PermissionDenied
    return view


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def view_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a view, or share it."""
    view = _own(request, pk)
    form = SavedViewForm(
        request.POST if request.method == "POST" else None,
        initial={"name": view.name, "sharing": view.sharing, "role": view.role},
        may_share=saved_views.may_share(request.user),
    )
    if form.is_bound and form.is_valid() and form.save(view, request.user):
        messages.success(request, f"The view “{view.name}” is saved.")
        return redirect("lists:views")
    return _form_page(request, form, heading="Change a saved view", cancel=reverse("lists:views"))


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first, then delete a view."""
    view = _own(request, pk)
    if request.method == "POST":
        name = view.name
        saved_views.delete_view(view, actor=request.user)
        messages.success(request, f"The view “{name}” is deleted.")
        return redirect("lists:views")
    return render(request, "core/views/delete.html", {"view": view})


@access(signed_in)
@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """Keep somebody's choice of columns and rows for a list, and go back to it."""
    page = _known_list(request, request.POST.get("list", ""))
    if "usual" in request.POST:
        saved_views.usual_columns(page.key, actor=request.user)
    else:
        rows = request.POST.get("rows", "")
        saved_views.choose_columns(
            page.key,
            actor=request.user,
            columns=request.POST.getlist("columns"),
            rows=int(rows) if rows in {str(number) for number in ROWS} else None,
        )
    query = QueryDict(request.POST.get("query", ""), mutable=True)
    # The choice that was just made stands; one in the address would hide it.
    for name in ("columns", "rows", "view"):
        query.pop(name, None)
    text = query.urlencode(safe=",:")
    return redirect(f"{reverse(page.key)}?{text}" if text else page.key)
