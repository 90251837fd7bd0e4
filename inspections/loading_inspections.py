"""Inspections with their dates, the planned programme and the monitoring of the force, from a
document of the shape of `fixtures/inspections.json`.

It may be run again: what the document says differently of an inspection or a subject is corrected;
what somebody has recorded beside it stays, and nothing is removed.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from inspections.choices import (
    InspectionStatus,
    Involvement,
    PhaseKind,
    Precision,
    PublicationType,
    Scope,
)
from inspections.keeping import keep
from inspections.loading import Document, DocumentNotUsable, Loaded
from inspections.models import (
    Inspection,
    MonitoringScheme,
    MonitoringStage,
    PlannedInspection,
    Programme,
)
from inspections.monitoring import begin_stage
from inspections.phasing import add_phase
from people.models import User

_KINDS = {
    label.removesuffix(" inspection").casefold(): value for value, label in PublicationType.choices
}
_STATUSES = {label.casefold(): value for value, label in InspectionStatus.choices}
_REASON = "Inspections loaded"
_ISO_MONTH = re.compile(r"^\d{4}-\d{2}$")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_PROGRAMME = "Programme of thematic inspections"


@dataclass(frozen=True)
class _Told:
    """A part of an inspection as a document tells it, for `phasing.add_phase`."""

    kind: PhaseKind
    precision: Precision
    starts_on: dt.date
    ends_on: dt.date | None = None
    open_ended: bool = False
    words: str = ""
    note: str = ""


@transaction.atomic
def load_inspections(document: Document, *, actor: User | None) -> Loaded:
    """Load what a document tells of inspections, the planned programme and monitoring.

    Args:
        document: `inspections`, `planned_programme` with `programme_note`, `monitoring_schemes`
            with their stages, `monitoring` with the stages of the force; each may be missing.
        actor: who loads it; None for a command.

    Raises:
        DocumentNotUsable: a key is missing, a word or a date is not known, or the stages of
            monitoring do not follow one another.
    """
    loaded = Loaded()
    try:
        for each in document.get("inspections", []):
            _load_inspection(each, loaded, actor)
        if "planned_programme" in document:
            _load_programme(document, loaded, actor)
        for each in document.get("monitoring_schemes", []):
            _load_scheme(each, loaded, actor)
        for each in document.get("monitoring", []):
            _load_stage(each, loaded, actor)
    except KeyError as error:
        raise DocumentNotUsable(f"The document has no {error}.") from error
    except ValidationError as error:
        raise DocumentNotUsable(" ".join(error.messages)) from error
    return loaded


def _load_inspection(told: Document, loaded: Loaded, actor: User | None) -> None:
    kind = _named(_KINDS, told["kind"], "kind of inspection")
    there = Inspection.objects.filter(title=told["title"], kind=kind).first()
    fields = {
        "body": told["body"],
        "scope": Scope(told["scope"].casefold()),
        "note": told.get("note", ""),
    }
    if there is None:
        # Afterwards people say how far it is.
        fields["involvement"] = Involvement.INVOLVED
        fields["status"] = _named(_STATUSES, told["status"], "status of an inspection")
    inspection = _kept(there, Inspection(title=told["title"], kind=kind), fields, loaded, actor)
    for phase in _phases(told):
        if inspection.phases.filter(kind=phase.kind, starts_on=phase.starts_on).exists():
            loaded.unchanged["inspection phase"] += 1
        else:
            add_phase(inspection, actor=actor, **vars(phase))
            loaded.made["inspection phase"] += 1


def _phases(told: Document) -> Iterator[_Told]:
    """The parts of an inspection that a document knows the time of."""
    if "evidence_collection_from" in told:
        since = _month(told["evidence_collection_from"])
        yield _Told(PhaseKind.EVIDENCE, Precision.MONTH, since, open_ended=True)
    if "fieldwork_month" in told:
        yield _Told(PhaseKind.FIELDWORK, Precision.MONTH, _month(told["fieldwork_month"]))
    for monday in told.get("fieldwork_weeks_commencing", []):
        yield _Told(PhaseKind.FIELDWORK, Precision.WEEK, dt.date.fromisoformat(monday))
    for key, kind in (("expected", PhaseKind.EXPECTED), ("report_expected", PhaseKind.REPORT)):
        if key in told:
            yield replace(_as_known(kind, told[key]), note=told.get(f"{key}_note", ""))


def _as_known(kind: PhaseKind, text: str) -> _Told:
    """ "2025-03" as a month; "late 2026 or early 2027" as its years, in words."""
    if _ISO_MONTH.match(text):
        return _Told(kind, Precision.MONTH, _month(text))
    years = [int(year) for year in _YEAR.findall(text)]
    if not years:
        raise DocumentNotUsable(f"“{text}” names no year.")
    first, last = dt.date(min(years), 1, 1), dt.date(max(years), 1, 1)
    precision = Precision.YEAR if first == last else Precision.YEARS
    return _Told(kind, precision, first, last, words=text)


def _load_programme(document: Document, loaded: Loaded, actor: User | None) -> None:
    title = document.get("programme_title", _PROGRAMME)
    there = Programme.objects.filter(title=title).first()
    note = {"note": document.get("programme_note", "")}
    programme = _kept(there, Programme(title=title), note, loaded, actor)
    for part in document["planned_programme"]:
        from_year, to_year = (int(year) for year in part["years"].split("-"))
        for subject in part["titles"]:
            planned = programme.planned.filter(title=subject).first()
            new = PlannedInspection(programme=programme, title=subject)
            years = {"from_year": from_year, "to_year": to_year}
            _kept(planned, new, years, loaded, actor)


def _load_scheme(told: Document, loaded: Loaded, actor: User | None) -> None:
    there = MonitoringScheme.objects.filter(name=told["name"]).first()
    note = {"note": told.get("note", "")}
    scheme = _kept(there, MonitoringScheme(name=told["name"]), note, loaded, actor)
    for order, each in enumerate(told["stages"], start=1):
        stage = scheme.stages.filter(name=each["name"]).first()
        new = MonitoringStage(scheme=scheme, name=each["name"])
        fields = {"order": order, "meaning": each.get("meaning", "")}
        _kept(stage, new, fields, loaded, actor)


def _load_stage(told: Document, loaded: Loaded, actor: User | None) -> None:
    """A stage of monitoring; a document that tells one the force has left since adds nothing."""
    stages = MonitoringStage.objects.filter(scheme__name=told["scheme"], name=told["stage"])
    stage = stages.first()
    if stage is None:
        raise DocumentNotUsable(f"There is no stage {told['stage']} of {told['scheme']}.")
    since = _month(told["from"])
    if stage.periods.filter(started_on=since).exists():
        loaded.unchanged["monitoring period"] += 1
        return
    begin_stage(stage, actor=actor, since=since, precision=Precision(told["precision"]))
    loaded.made["monitoring period"] += 1


def _kept(there: Any, new: Any, fields: dict[str, Any], loaded: Loaded, actor: User | None) -> Any:
    """The record that is there, corrected where it differs; else the new one."""
    kind = str(new._meta.verbose_name)
    record = there or new
    if there is not None and all(getattr(there, name) == each for name, each in fields.items()):
        loaded.unchanged[kind] += 1
        return there
    for name, value in fields.items():
        setattr(record, name, value)
    (loaded.corrected if there is not None else loaded.made)[kind] += 1
    return keep(record, actor=actor, reason=_REASON)


def _named(words: dict[str, str], name: str, what: str) -> str:
    found = words.get(name.casefold())
    if found is None:
        raise DocumentNotUsable(f"“{name}” is not a {what}.")
    return found


def _month(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise DocumentNotUsable(f"“{text}” is not a month like 2024-10.") from error
