"""A report as a document: numbered sections of paragraphs, tables and figures.

The same document is shown on screen and made into the PDF: what was read is what is printed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.charts import as_image, inline
from core.dates import long_date, short_date
from core.markdown import parts, to_html
from reports import blocks, charts, links, wording
from reports.blocks import Block
from reports.choices import SectionKey
from reports.figures import Snapshot
from reports.models import CommitteeReport, ReportSection
from tracker.choices import Register, Stage
from tracker.position import Row


@dataclass
class Section:
    """A section of the paper as it is laid out.

    Args:
        key: its key in the report.
        label: "3" or "Appendix B".
        title: its heading.
        blocks: what stands in it, in order.
    """

    key: str
    label: str
    title: str
    appendix: bool
    blocks: list[Block] = field(default_factory=list)
    _paragraphs: int = 0

    @property
    def heading(self) -> str:
        """ "3. Current position", "Appendix B: PEEL Assessment Framework"."""
        return f"{self.label}{':' if self.appendix else '.'} {self.title}"

    @property
    def anchor(self) -> str:
        return f"section-{self.key}"

    def next_number(self) -> str:
        self._paragraphs += 1
        return f"{self.label}.{self._paragraphs}"

    def say(self, sentence: str) -> None:
        """Add a generated paragraph."""
        html = format_html("<p>{}</p>", sentence)
        if self.appendix:
            self.blocks.append(blocks.Text(html))
        else:
            self.blocks.append(blocks.Numbered(_with_number(self.next_number(), html)))

    def write(self, text: str) -> None:
        """Add what people wrote (Markdown), numbered by paragraph except in appendices."""
        if self.appendix:
            if text.strip():
                self.blocks.append(blocks.Text(to_html(text)))
            return
        self.blocks += [
            blocks.Numbered(_with_number(self.next_number(), part.html)) for part in parts(text)
        ]


def _with_number(number: str, html: SafeString) -> SafeString:
    """Put the number into the paragraph's first line, so that no page break comes between them."""
    label = format_html('<span class="paper-number">{}</span> ', number)
    rest = html.removeprefix("<p>")
    # What begins with a list or a subheading gets a line of its own for the number.
    after = rest if rest != html else f"</p>{html}"
    return format_html("<p>{}{}", label, mark_safe(after))


@dataclass(frozen=True)
class Paper:
    """A report laid out.

    Args:
        report: its front matter.
        sections: numbered sections, then appendices.
    """

    report: CommitteeReport
    sections: tuple[Section, ...]


class _Composer:
    """Lays out the generated parts, counting tables and figures through the whole paper."""

    def __init__(self, snapshot: Snapshot, *, links_wanted: bool) -> None:
        self.snapshot = snapshot
        self.links_wanted = links_wanted
        self.tables = 0
        self.figures = 0
        self.generators: dict[str, Callable[[Section], None]] = {
            SectionKey.POSITION: self.position,
            SectionKey.GOVERNANCE: self.governance,
            SectionKey.PUBLICATIONS: self.publications,
            SectionKey.FRAMEWORK: self.framework,
            SectionKey.NUMBERS: self.numbers,
        }

    def section(self, section: ReportSection, label: str) -> Section:
        laid_out = Section(section.key, label, section.title, section.shape.appendix)
        laid_out.write(section.body)
        if generate := self.generators.get(section.key):
            generate(laid_out)
        laid_out.write(section.after)
        return laid_out

    def cell(self, number: int, href: str) -> blocks.Cell:
        return blocks.Cell(f"{number:,}", href if self.links_wanted and number else "")

    def table_caption(self, words: str) -> str:
        self.tables += 1
        return f"Table {self.tables}. {words}"

    def figure(self, words: str, svg: str, alt: str) -> blocks.Figure:
        self.figures += 1
        return blocks.Figure(f"Figure {self.figures}. {words}", inline(svg), as_image(svg), alt)

    def position(self, section: Section) -> None:
        """Section 3: the table, the comparison, the movement and the trend (paper 3.2, 3.3)."""
        snapshot = self.snapshot
        since, as_at = long_date(snapshot.since), long_date(snapshot.as_at)
        section.say(wording.table_intro(snapshot))
        section.blocks.append(self.live_table())
        section.say(wording.comparison(snapshot))
        section.blocks.append(
            self.figure(
                f"Movement of live actions, {since} to {as_at}",
                charts.movement_svg(snapshot),
                wording.movement_alt(snapshot),
            )
        )
        section.say(wording.stage_split(snapshot))
        section.say(wording.trend(snapshot))
        section.blocks.append(
            self.figure(
                f"Live actions over time, {since} to {as_at}",
                charts.trend_svg(snapshot),
                wording.trend_alt(snapshot),
            )
        )

    def live_table(self) -> blocks.Table:
        table = self.snapshot.table
        return blocks.Table(
            caption=self.table_caption(
                f"Live actions by HMICFRS activity level at {short_date(table.as_at)}"
            ),
            headings=("HMICFRS activity level", "Local", "National", "Total"),
            rows=tuple(
                [self.live_row(row) for row in table.rows]
                + [self.live_row(table.total, total=True)]
            ),
        )

    def live_row(self, row: Row, *, total: bool = False) -> blocks.TableRow:
        day = self.snapshot.as_at
        return blocks.TableRow(
            heading=row.label,
            cells=(
                self.cell(row.local, links.row(day, row, "local")),
                self.cell(row.national, links.row(day, row, "national")),
                self.cell(row.total, links.row(day, row)),
            ),
            total=total,
        )

    def governance(self, section: Section) -> None:
        """Section 4: who leads each question area (paper 4.2)."""
        framework = self.snapshot.framework
        if framework is None or not framework.has_leads:
            return
        section.say(
            "Each PAF question area has an executive lead at Chief Officer level and a delivery "
            "lead among senior officers and staff:"
        )
        section.blocks.append(
            blocks.Table(
                caption=self.table_caption(
                    f"Leads of the PAF question areas at {short_date(self.snapshot.as_at)}"
                ),
                headings=("Question area", "Executive lead", "Delivery lead"),
                rows=tuple(
                    blocks.TableRow(
                        f"{question.number}. {question.text}",
                        (
                            blocks.Cell(question.executive_lead or "Not named yet"),
                            blocks.Cell(question.delivery_lead or "Not named yet"),
                        ),
                    )
                    for question in framework.questions
                ),
                numeric=False,
            )
        )

    def publications(self, section: Section) -> None:
        """Section 6: a paragraph for each publication that brought new actions (paper 6.1-6.8)."""
        snapshot = self.snapshot
        if not snapshot.publications:
            section.say(
                f"No new actions were received between {long_date(snapshot.since)} and "
                f"{long_date(snapshot.as_at)}."
            )
        for facts in snapshot.publications:
            href = links.change(snapshot.since, snapshot.as_at, "new", publication=facts.slug)
            section.blocks.append(
                blocks.Entry(
                    number=section.next_number(),
                    title=f"{facts.title} ({facts.published_month})",
                    text=wording.publication(facts),
                    href=href if self.links_wanted else "",
                )
            )

    def framework(self, section: Section) -> None:
        """Appendix B: the framework in force."""
        framework = self.snapshot.framework
        if framework is None:
            section.say("No framework has been loaded yet.")
            return
        led = f", with the leads at {long_date(self.snapshot.as_at)}" if framework.has_leads else ""
        section.say(
            f"{framework.name} {framework.version}: core questions, topic areas and "
            f"characteristics of good{led}. {framework.licence}".strip()
        )
        section.blocks += [blocks.Question(question) for question in framework.questions]

    def numbers(self, section: Section) -> None:
        """The last appendix: what the two charts are drawn from."""
        section.blocks.append(self.movement_table())
        if self.snapshot.stages.known:
            section.blocks.append(self.stage_table())
        section.blocks.append(self.trend_table())

    def movement_table(self) -> blocks.Table:
        snapshot, move = self.snapshot, self.snapshot.movement
        since, as_at = snapshot.since, snapshot.as_at
        rows = [("Live at " + long_date(since), move.opening, "opening"), ("New", move.new, "new")]
        if move.reopened:
            rows.append(("Re-opened", move.reopened, "reopened"))
        rows.append(("Closed", move.closed, "closed"))
        found = [
            blocks.TableRow(name, (self.cell(number, links.change(since, as_at, change)),))
            for name, number, change in rows
        ]
        outside = links.change(since, as_at, "closed", portal="no")
        found.append(
            blocks.TableRow(
                "Closed, of which not on the portal",
                (self.cell(move.closed_not_on_portal, outside),),
            )
        )
        closing = links.change(since, as_at, "closing")
        found.append(
            blocks.TableRow(
                "Live at " + long_date(as_at), (self.cell(move.closing, closing),), total=True
            )
        )
        caption = self.table_caption(
            f"Movement of live actions, {short_date(since)} to {short_date(as_at)}"
        )
        return blocks.Table(caption, ("Step", "Actions"), tuple(found))

    def stage_table(self) -> blocks.Table:
        stages, day = self.snapshot.stages, self.snapshot.as_at
        found = [
            blocks.TableRow(
                Stage(stage).label,
                (
                    self.cell(number, links.actions(day, stage=stage)),
                    self.cell(outside, links.actions(day, stage=stage, portal="no")),
                ),
            )
            for stage, number, outside in (
                (Stage.IN_PROGRESS, stages.in_progress, stages.in_progress_not_on_portal),
                (Stage.LOCAL_CLOSURE, stages.local_closure, stages.local_closure_not_on_portal),
                (Stage.WITH_HMICFRS, stages.with_hmicfrs, stages.with_hmicfrs_not_on_portal),
            )
        ]
        total = (
            self.cell(stages.live, links.actions(day)),
            self.cell(stages.not_on_portal, links.actions(day, portal="no")),
        )
        return blocks.Table(
            self.table_caption(f"Live actions by stage at {short_date(day)}"),
            ("Stage", "Actions", "Of which not on the portal"),
            (*found, blocks.TableRow("Total live", total, total=True)),
        )

    def trend_table(self) -> blocks.Table:
        found = []
        for point in self.snapshot.trend:
            day, hmicfrs = point.day, Register.HMICFRS
            found.append(
                blocks.TableRow(
                    short_date(day),
                    (
                        self.cell(point.local, links.actions(day, register=hmicfrs, scope="local")),
                        self.cell(
                            point.national, links.actions(day, register=hmicfrs, scope="national")
                        ),
                        self.cell(
                            point.super_complaint,
                            links.actions(day, register=Register.SUPER_COMPLAINT),
                        ),
                        self.cell(point.total, links.actions(day)),
                    ),
                )
            )
        return blocks.Table(
            self.table_caption("Live actions over time"),
            ("At", "Local", "National", "Super-complaint", "Total"),
            tuple(found),
        )


def compose(
    report: CommitteeReport,
    sections: Iterable[ReportSection],
    snapshot: Snapshot,
    *,
    links_wanted: bool = False,
) -> Paper:
    """Lay a report out.

    Args:
        report: its front matter.
        sections: its sections in order; those not included are left out and take no number.
        snapshot: every number in it.
        links_wanted: whether figures lead to their actions (the screen; a public PDF does not).
    """
    composer = _Composer(snapshot, links_wanted=links_wanted)
    included = [section for section in sections if section.included]
    body = [section for section in included if not section.shape.appendix]
    appendices = [section for section in included if section.shape.appendix]
    laid_out = [composer.section(each, str(n)) for n, each in enumerate(body, start=1)]
    laid_out += [
        composer.section(each, f"Appendix {chr(ord('A') + n)}") for n, each in enumerate(appendices)
    ]
    return Paper(report, tuple(laid_out))
