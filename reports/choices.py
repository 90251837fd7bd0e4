"""States of a committee report, and the sections it is made of."""

from dataclasses import dataclass

from django.db import models


class ReportState(models.TextChoices):
    """How far a report is: only a draft may change, an issued one never does again."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    RELEASED = "released", "Released"
    ISSUED = "issued", "Issued"
    SUPERSEDED = "superseded", "Superseded"


class SectionKey(models.TextChoices):
    """The sections of the paper, in its order (the paper of 10 December 2024)."""

    PURPOSE = "purpose", "Purpose"
    BACKGROUND = "background", "Background"
    POSITION = "position", "Current position"
    GOVERNANCE = "governance", "Governance and scrutiny arrangements"
    LOCAL_ACTIVITY = "local-activity", "Local inspection activity since the last update"
    PUBLICATIONS = "publications", "HMICFRS reports published since the last update"
    PROGRAMME = "programme", "PEEL inspection programme"
    PLANNED = "planned", "Other planned inspection activity"
    CONCLUSION = "conclusion", "Conclusion"
    TERMS_OF_REFERENCE = "terms-of-reference", "Terms of reference of the GAIN Board"
    FRAMEWORK = "framework", "PEEL Assessment Framework"
    PROCESS = "process", "From notice to closure"
    NUMBERS = "numbers", "Numbers behind the charts"


@dataclass(frozen=True)
class SectionShape:
    """What a section is made of.

    Args:
        appendix: stands after the numbered sections, with a letter.
        generated: what the portal puts in from its records, in words for the person who writes;
            empty for a section that is all their own text.
    """

    appendix: bool = False
    generated: str = ""


SHAPES: dict[str, SectionShape] = {
    SectionKey.POSITION: SectionShape(
        generated="the table of live activity, the comparison with the last update and two charts"
    ),
    SectionKey.GOVERNANCE: SectionShape(generated="the leads of each PAF question area"),
    SectionKey.PUBLICATIONS: SectionShape(
        generated="a paragraph for each report that brought new actions"
    ),
    SectionKey.TERMS_OF_REFERENCE: SectionShape(appendix=True),
    SectionKey.FRAMEWORK: SectionShape(
        appendix=True, generated="the framework in force, with its leads"
    ),
    SectionKey.PROCESS: SectionShape(appendix=True),
    SectionKey.NUMBERS: SectionShape(
        appendix=True, generated="the numbers of both charts as tables"
    ),
}


def shape_of(key: str) -> SectionShape:
    """The shape of a section; a plain one, all text, unless it is said otherwise."""
    return SHAPES.get(key, SectionShape())
