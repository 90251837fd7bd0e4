"""The sentences of a report, made from its snapshot: words up to nine, figures from ten."""

from django.conf import settings

from core.dates import long_date
from core.numbers import capitalised, counted, in_words, listed
from reports.figures import PublicationFacts, Snapshot
from tracker.choices import Kind
from tracker.position import ReceivedGroup, TrendPoint

_NOUNS = {
    Kind.CAUSE_OF_CONCERN: ("cause of concern", "causes of concern"),
    Kind.RECOMMENDATION: ("recommendation", "recommendations"),
    Kind.AFI: ("AFI", "AFIs"),
}
_KIND_ORDER = [Kind.CAUSE_OF_CONCERN, Kind.RECOMMENDATION, Kind.AFI]


def table_intro(snapshot: Snapshot) -> str:
    """What the table shows, and why the portal may show something else (paper 3.2)."""
    return (
        f"The table below gives the force’s live actions by HMICFRS activity level at "
        f"{long_date(snapshot.as_at)}. Changes take time to appear on the HMICFRS portal, which is "
        f"outside the force’s control, so what the force holds may differ from what the portal "
        f"shows{_lag(snapshot)}. Super-complaints are not on the portal; the force tracks them "
        f"itself, so that their findings are dealt with too."
    )


def _lag(snapshot: Snapshot) -> str:
    """How many differences were open, and by which export; nothing before the first export."""
    lag = snapshot.portal
    if lag is None:
        return ""
    when = "" if lag.export_on == snapshot.as_at else f" at {long_date(snapshot.as_at)}"
    number = capitalised(counted(lag.differences, "difference"))
    return (
        f". {number} with the portal {_were(lag.differences)} open{when}, by its export of "
        f"{long_date(lag.export_on)}"
    )


def comparison(snapshot: Snapshot) -> str:
    """How the position compares with the last update (paper 3.3)."""
    move = snapshot.movement
    change = move.closing - move.opening
    since = long_date(snapshot.since)
    if change:
        word = "risen" if change > 0 else "fallen"
        first = (
            f"Since the last update the number of live actions has {word} by "
            f"{in_words(abs(change))}, from {move.opening} at {since} to {move.closing} at "
            f"{long_date(snapshot.as_at)}."
        )
    else:
        first = (
            f"The number of live actions is the same as at the last update: {move.closing}, "
            f"as at {since}."
        )
    return " ".join(part for part in (first, flow(snapshot), local_share(snapshot)) if part)


def flow(snapshot: Snapshot) -> str:
    """How many came and went in the window."""
    move = snapshot.movement
    came = [f"{in_words(move.new)} new {_plural(move.new, 'action was', 'actions were')} received"]
    if move.reopened:
        came.append(f"{in_words(move.reopened)} {_were(move.reopened)} re-opened")
    came.append(f"{_none(move.closed)} {_plural(move.closed or 1, 'was', 'were')} closed")
    sentence = f"In that time {listed(came)}."
    if move.closed_and_reopened:
        sentence += (
            f" {capitalised(counted(move.closed_and_reopened, 'action'))} "
            f"{_were(move.closed_and_reopened)} closed and re-opened within the period and "
            f"{'is' if move.closed_and_reopened == 1 else 'are'} counted in neither."
        )
    return sentence


def local_share(snapshot: Snapshot) -> str:
    """How many of the live actions are the force's own; nothing when none is live."""
    total = snapshot.table.total
    if not total.total:
        return ""
    if total.local == total.total:
        whole = "It is" if total.total == 1 else "All of them are"
        return f"{whole} specific to {settings.FORCE_NAME}."
    are = "is" if total.local == 1 else "are"
    return (
        f"Of the {in_words(total.total)} live {_plural(total.total, 'action', 'actions')}, "
        f"{_none(total.local)} {are} specific to {settings.FORCE_NAME}."
    )


def stage_split(snapshot: Snapshot) -> str:
    """Where the live actions stand, and what of it is not on the portal (paper 3.3, chart)."""
    stages, move = snapshot.stages, snapshot.movement
    if not stages.live:
        return "There are no live actions."
    if not stages.known:
        return (
            f"How far the live actions had come at {long_date(snapshot.as_at)} is not known: the "
            f"list with which the force’s record began tells only the latest stage of each."
        )
    sentence = (
        f"At {long_date(snapshot.as_at)}, {_none(stages.in_progress)} of the live actions "
        f"{_be(stages.in_progress)} in progress, {_none(stages.local_closure)} "
        f"{_be(stages.local_closure)} going through local closure and "
        f"{_none(stages.with_hmicfrs)} {_be(stages.with_hmicfrs)} with HMICFRS for closure."
    )
    if stages.not_on_portal:
        sentence += (
            f" Of these, {in_words(stages.not_on_portal)} {_be(stages.not_on_portal)} not on the "
            f"portal."
        )
    if move.closed_not_on_portal:
        sentence += (
            f" Of the {in_words(move.closed)} closed, {in_words(move.closed_not_on_portal)} "
            f"{_were(move.closed_not_on_portal)} not on the portal."
        )
    return sentence


def trend(snapshot: Snapshot) -> str:
    """The course of the window in one sentence."""
    points = snapshot.trend
    highest, lowest = max(points, key=_total), min(points, key=_total)
    if highest.total == lowest.total:
        return f"The number of live actions is {highest.total} on every day of the chart below."
    return (
        f"In the chart below the number of live actions is highest on {long_date(highest.day)} "
        f"({highest.total}) and lowest on {long_date(lowest.day)} ({lowest.total})."
    )


def movement_alt(snapshot: Snapshot) -> str:
    """The movement chart in words, for those who do not see it."""
    move, stages = snapshot.movement, snapshot.stages
    reopened = f" plus {move.reopened} re-opened" if move.reopened else ""
    split = (
        f": {stages.in_progress} in progress, {stages.local_closure} going through local closure "
        f"and {stages.with_hmicfrs} with HMICFRS for closure"
        if stages.known
        else ""
    )
    return (
        f"Bridge chart: {move.opening} live actions at {long_date(snapshot.since)}, plus "
        f"{move.new} new{reopened}, minus {move.closed} closed (of which "
        f"{move.closed_not_on_portal} not on the portal), leaves {move.closing} live at "
        f"{long_date(snapshot.as_at)}{split}."
    )


def trend_alt(snapshot: Snapshot) -> str:
    """The trend chart in words, for those who do not see it."""
    first, last = snapshot.trend[0], snapshot.trend[-1]
    return (
        f"Stacked bars of live actions at {len(snapshot.trend)} dates, from {first.total} at "
        f"{long_date(first.day)} ({_parts(first)}) to {last.total} at {long_date(last.day)} "
        f"({_parts(last)}). {trend(snapshot)}"
    )


def publication(facts: PublicationFacts) -> str:
    """The paragraph of section 6 about one publication (paper 6.1-6.8)."""
    return " ".join(part for part in (_issued(facts), _aligned(facts), _state(facts)) if part)


def _issued(facts: PublicationFacts) -> str:
    what = listed([_group(group) for group in _in_order(facts.received)])
    whom = settings.FORCE_NAME if facts.is_local else "all forces"
    if facts.super_complaint_response:
        opening = (
            "A super-complaint response from HMICFRS, the College of Policing and the Independent "
            f"Office for Police Conduct, with {what} for {whom}"
        )
    else:
        opening = f"{capitalised(facts.described_as)} with {what} issued to {whom}"
    if facts.before_window:
        opening += ", received since the last update although the report was published before it"
    return opening + "."


def _in_order(groups: tuple[ReceivedGroup, ...]) -> list[ReceivedGroup]:
    return sorted(groups, key=lambda g: (_KIND_ORDER.index(Kind(g.kind)), g.level or 0))


def _group(group: ReceivedGroup) -> str:
    one, several = _NOUNS[Kind(group.kind)]
    level = f"level {group.level} " if group.level else ""
    return counted(group.count, f"{level}{one}", f"{level}{several}")


def _aligned(facts: PublicationFacts) -> str:
    if facts.question and facts.executive_lead:
        lead = facts.executive_lead
        return f"Locally aligned to PAF {facts.question} with {lead} as executive lead."
    if facts.question:
        return f"Locally aligned to PAF {facts.question}."
    return f"The executive lead is {facts.executive_lead}." if facts.executive_lead else ""


def _state(facts: PublicationFacts) -> str:
    response = (
        f"The force’s response was published on {long_date(facts.response_published_on)}"
        if facts.response_published_on
        else ""
    )
    if facts.live:
        return f"{response}. {_work(facts)}" if response else _work(facts)
    return f"{response} and {_ended(facts)}" if response else capitalised(_ended(facts))


def _work(facts: PublicationFacts) -> str:
    """What is still being done, where something is."""
    note = f" {facts.local_note}" if facts.local_note else ""
    if facts.live == facts.new:
        return f"Work to address {_these(facts)} is ongoing{note}."
    closed = facts.new - facts.live
    word = "completed" if facts.completed == closed else "closed"
    have = "has" if closed == 1 else "have"
    rest = "one" if facts.live == 1 else in_words(facts.live)
    return (
        f"{capitalised(in_words(closed))} of the {in_words(facts.new)} actions {have} been {word} "
        f"and work to address the other {rest} is ongoing{note}."
    )


def _these(facts: PublicationFacts) -> str:
    kinds = {Kind(group.kind) for group in facts.received}
    if len(kinds) > 1:
        return "these actions"
    return f"the {_NOUNS[kinds.pop()][facts.new > 1]}"


def _ended(facts: PublicationFacts) -> str:
    """That nothing is left to do; "closed" where some ended without being completed."""
    word = "completed" if facts.completed == facts.new else "closed"
    when = f"{facts.last_closed_on:%B %Y}"
    if facts.new == 1:
        return f"{_these(facts)} was {word} in {when}."
    return f"all actions were {word} by {when}."


def _parts(point: TrendPoint) -> str:
    return (
        f"{point.local} local, {point.national} national, {point.super_complaint} super-complaint"
    )


def _total(point: TrendPoint) -> int:
    return point.total


def _plural(number: int, one: str, several: str) -> str:
    return one if number == 1 else several


def _were(number: int) -> str:
    return _plural(number, "was", "were")


def _be(number: int) -> str:
    return _plural(number, "is", "are")


def _none(number: int) -> str:
    return in_words(number) if number else "none"
