"""Pages of the committee reports: list, new, preview, front, section, PDF."""

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, holders_of
from core.collisions import Overtaken
from core.dates import today
from core.markdown import parts, to_html
from core.pdf import PdfError, render_pdf
from core.refused import told_on
from people.requests import SignedInRequest
from reports import writing
from reports.document import Paper, compose
from reports.figures import Snapshot
from reports.forms import FrontForm, NewReportForm, SectionForm
from reports.identities import Problem, checked_snapshot, culprits
from reports.models import CommitteeReport, ReportSection
from reports.standing import standing_front

logger = logging.getLogger("portal.reports")
readers = holders_of("reports.view_committeereport")
writers = holders_of("reports.write_report")


def _report(request: SignedInRequest, pk: int) -> CommitteeReport:
    return get_object_or_404(CommitteeReport.objects.visible_to(request.user), pk=pk)


def _draft(request: SignedInRequest, pk: int) -> CommitteeReport:
    """A report that may still be changed; 403 where it may only be read."""
    report = _report(request, pk)
    if not report.is_draft:
        raise PermissionDenied("This report is no longer a draft: it cannot be changed.")
    return report


def _may_write(request: SignedInRequest) -> bool:
    return request.user.has_perm("reports.write_report")


@access(readers)
@require_safe
def reports(request: SignedInRequest) -> HttpResponse:
    found = CommitteeReport.objects.visible_to(request.user)
    return render(
        request, "reports/reports.html", {"reports": found, "may_write": _may_write(request)}
    )


@access(writers)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    form = NewReportForm(request.POST or None, initial=_beginning(request))
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            report = writing.open_report(actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, "The report is open. Its figures are filled in.")
            return redirect(report)
    return render(request, "reports/new.html", {"form": form})


def _beginning(request: SignedInRequest) -> dict[str, object]:
    """What the new form says at first: the last report's front, or the standing one."""
    last = CommitteeReport.objects.visible_to(request.user).latest_meeting()
    source = last or standing_front()
    kept = {name: getattr(source, name) for name in ("committee", "title", "presenting_officer")}
    if last:
        kept |= {"marking": last.marking, "status_line": last.status_line}
        kept["previous_as_at"] = last.as_at
    return {**kept, "as_at": today()}


@access(readers)
@require_safe
def report(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _report(request, pk)
    return _preview(request, found, *checked_snapshot(found))


def _preview(
    request: SignedInRequest,
    found: CommitteeReport,
    figures: Snapshot,
    problems: list[Problem],
    status: int = 200,
) -> HttpResponse:
    sections = list(found.sections.all())
    context = {
        "paper": compose(found, sections, figures, links_wanted=True),
        "report": found,
        "left_out": [section for section in sections if not section.included],
        "problems": problems,
        "culprits": culprits(figures, reader=request.user) if problems else None,
        "may_write": _may_write(request) and found.is_draft,
    }
    return render(request, "reports/report.html", context, status=status)


@access(readers)
@require_safe
def paper(request: SignedInRequest, pk: int) -> HttpResponse:
    """The PDF; the preview with what is wrong (409) when the figures do not add up."""
    found = _report(request, pk)
    figures, problems = checked_snapshot(found)
    if problems:
        return _preview(request, found, figures, problems, status=409)
    document = compose(found, found.sections.all(), figures)
    try:
        pdf = render_pdf("reports/paper/pdf.html", paper_context(document))
    except PdfError as error:
        logger.exception("The paper of report %s cannot be made", pk)
        messages.error(request, f"{error} Look at what was last written into the sections.")
        return redirect(found)
    name = f"{slugify(found.committee)}-report-{found.meeting_on.isoformat()}.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def paper_context(document: Paper) -> dict[str, object]:
    """What the PDF's template is given."""
    found = document.report
    return {
        "paper": document,
        "title": found.title,
        "marking": found.marking,
        "footer": str(found),
    }


@access(writers)
@require_http_methods(["GET", "HEAD", "POST"])
def front(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _draft(request, pk)
    form = FrontForm(request.POST or None, instance=found, initial={"version": found.version})
    context: dict[str, object] = {"form": form, "report": found}
    if request.method == "POST" and form.is_valid():
        changes = form.changes
        try:
            writing.change_front(
                found, actor=request.user, version=form.cleaned_data["version"], **changes
            )
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken)
        except writing.NotADraft as error:
            raise PermissionDenied(str(error)) from error
        else:
            messages.success(request, "The front page is saved.")
            return redirect(found)
    return render(request, "reports/front.html", context)


@access(writers)
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    found = _draft(request, pk)
    part = get_object_or_404(ReportSection, report=found, key=key)
    form = SectionForm(request.POST or None, instance=part, initial={"version": part.version})
    context: dict[str, object] = {"form": form, "report": found, "section": part}
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            context["shown"] = _shown(part, form.changes)
        elif _saved(request, part, form):
            messages.success(request, f"“{form.cleaned_data['title']}” is saved.")
            return redirect(f"{found.get_absolute_url()}#section-{part.key}")
    return render(request, "reports/section.html", context)


def _saved(request: SignedInRequest, part: ReportSection, form: SectionForm) -> bool:
    try:
        writing.change_section(
            part, actor=request.user, version=form.cleaned_data["version"], **form.changes
        )
    except Overtaken as overtaken:
        form.tell_overtaken(overtaken)
        return False
    except writing.NotADraft as error:
        raise PermissionDenied(str(error)) from error
    return True


def _shown(part: ReportSection, changes: dict[str, str]) -> list[object]:
    """The texts as the paper would show them."""
    texts = [changes.get("body", ""), changes.get("after", "")]
    if part.shape.appendix:
        return [to_html(text) for text in texts if text]
    return [each.html for text in texts for each in parts(text)]
