"""The process page: how work goes from notice to closure, and how much is at each step."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import charts
from core.access import access, signed_in
from core.dates import today
from people.requests import SignedInRequest
from reports.process import process_now
from reports.process_drawing import drawing


@access(signed_in)
@require_safe
def process(request: SignedInRequest) -> HttpResponse:
    """`/process/`: the steps as a list and as a drawing, with numbers that lead to their lists."""
    steps = process_now(request.user, today())
    context = {"steps": steps, "drawing": charts.inline(drawing(steps, linked=True))}
    return render(request, "reports/process.html", context)
