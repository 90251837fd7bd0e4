"""The PAF position statement: the overview and each question area as a document to hand round."""

import datetime as dt

from django.conf import settings

from core.dates import long_date
from core.markings import Marking
from core.pdf import render_pdf
from evidence.coverage import coverage
from inspections.models import Assessment, Framework, ImprovementItem
from tracker.paf.area import topics_in
from tracker.paf.overview import overview


def statement_pdf(framework: Framework, as_at: dt.date) -> bytes:
    """The statement as a tagged PDF.

    It holds counts, judgements and what is OFFICIAL, so it is the same for every reader.

    Raises:
        PdfError: it cannot be made.
    """
    return render_pdf("tracker/paf/statement/pdf.html", statement_context(framework, as_at))


def statement_context(framework: Framework, as_at: dt.date) -> dict[str, object]:
    """What the PDF's template is given; a fixed number of queries."""
    covered = coverage(framework, as_at)
    holding = Assessment.objects.holding(framework, as_at)
    every = ImprovementItem.objects.open_on(as_at).filter(question__framework=framework)
    plans: dict[int, list[tuple[ImprovementItem, bool]]] = {}
    for item in every.in_plan_order():
        late = item.due_on is not None and item.due_on < as_at
        plans.setdefault(item.question_id, []).append((item, late))
    standing = overview(framework, as_at, None)
    return {
        "title": f"PAF position statement, {long_date(as_at)}",
        "marking": Marking.OFFICIAL,
        "footer": f"{settings.FORCE_NAME}, PAF position statement",
        "framework": framework,
        "as_at": as_at,
        "overview": standing,
        "sections": [
            {
                "stands": row,
                "topics": topics_in(covered[row.question.number], holding),
                "plan": plans.get(row.question.pk, []),
            }
            for row in standing.rows
        ],
    }


def statement_name(framework: Framework, as_at: dt.date) -> str:
    """The name of its file: paf-2023-25-position-2024-11-25-official.pdf."""
    return f"paf-{framework.version}-position-{as_at.isoformat()}-official.pdf"
