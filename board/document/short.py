"""A Board in a few sentences, for whoever has three minutes."""

from collections import Counter
from collections.abc import Iterable

from board.choices import Section
from board.document.closures import DECISIONS
from board.document.withheld import Document
from core.numbers import capitalised, counted, in_words, listed


def short_of(document: Document) -> list[Document]:
    """What a Board has before it and what it has decided, from the parts of its document.

    Returns:
        Sentences (`text`), each with the `anchor` of the part that says more.
    """
    items = {section["key"]: section["items"] for section in document["sections"]}
    at = {section["key"]: section["anchor"] for section in document["sections"]}
    lines = [
        (
            at[Section.CLOSURES],
            _closures([each.get("closure") or each for each in items[Section.CLOSURES]]),
        ),
        (at[Section.CLOSURES], _between(document["between"])),
        (at[Section.EXCEPTIONS], _exceptions(document["exceptions"]["counts"])),
        (
            at[Section.PUBLICATIONS],
            _counted(items[Section.PUBLICATIONS], "new publication", " to assign"),
        ),
        (at[Section.DEEP_DIVE], _deep_dives(items[Section.DEEP_DIVE])),
        (at[Section.MINUTES], _carried(document["arising"]["carried"])),
        ("arising", _counted(document["arising"]["new"], "action", " arising from this Board")),
    ]
    return [
        {"text": capitalised(line if line.endswith("?") else f"{line}."), "anchor": anchor}
        for anchor, said in lines
        for line in said
    ]


def _counted(parts: list[Document], thing: str, more: str) -> list[str]:
    return [f"{counted(len(parts), thing)}{more}"] if parts else []


def _closures(parts: list[Document]) -> Iterable[str]:
    """A closure that is withheld counts too."""
    if not parts:
        yield "no closure to decide"
        return
    waiting = [part for part in parts if part.get("open")]
    decided = Counter(part["decision"]["kind"] for part in parts if part.get("decision"))
    if waiting:
        yield counted(len(waiting), "closure to decide", "closures to decide")
    conflicts = sum(bool(part.get("conflict")) for part in waiting)
    if conflicts:
        yield f"the chair may not decide {in_words(conflicts)} of them: see who decides instead"
    if decided:
        words = [
            f"{in_words(decided[kind])} {kind.label.lower()}" for kind in DECISIONS if decided[kind]
        ]
        yield f"closures: {listed(words)}"


def _between(parts: list[Document]) -> list[str]:
    return _counted(parts, "decision", " taken between meetings")


def _exceptions(counts: dict[str, int]) -> Iterable[str]:
    if not counts["all"]:
        yield "no exceptions"
        return
    new = f", {in_words(counts['new'])} of them new since the last Board" if counts["new"] else ""
    yield f"{counted(counts['all'], 'exception')}{new}"


def _deep_dives(parts: list[Document]) -> Iterable[str]:
    for part in parts:
        yield f"deep dive: {part['title'].rstrip('.')}"


def _carried(parts: list[Document]) -> Iterable[str]:
    waiting = [part for part in parts if not part.get("done")]
    if waiting:
        late = sum(bool(part.get("overdue")) for part in waiting)
        words = f", {in_words(late)} of them overdue" if late else ""
        yield f"{counted(len(waiting), 'action', 'actions')} of earlier Boards to answer for{words}"
