"""The list of evidence."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.access import access
from evidence.forms import SearchForm
from evidence.models import Evidence
from evidence.views import READERS
from people.requests import SignedInRequest

_ITEMS_A_PAGE = 25


@access(READERS)
@require_safe
def items(request: SignedInRequest) -> HttpResponse:
    form = SearchForm(request.GET if request.GET.get("q", "").strip() else None)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    visible = Evidence.objects.visible_to(request.user).current()
    found = visible.titled(words).with_files().latest_first()
    page = Paginator(found, _ITEMS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "evidence/items.html", {"form": form, "words": words, "page": page})
