"""Small makers of records for tests: each gives a valid record and takes whatever the test is
about.
"""

import datetime as dt
import itertools
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from board.choices import Section
from board.models import ActionArising, AgendaItem, Meeting, Nomination, TermsOfReference
from core.models import SavedView
from core.stored import fingerprint
from evidence.choices import Every
from evidence.models import (
    CharacteristicEvidence,
    CorporateMeeting,
    Evidence,
    EvidenceFile,
    GoodPractice,
    PackRequest,
)
from evidence.words import keep_words
from inspections.choices import (
    InspectionStatus,
    Judgement,
    LeadRole,
    PhaseKind,
    PublicationType,
    ResponseRule,
    Scope,
)
from inspections.models import (
    Assessment,
    Characteristic,
    CoreQuestion,
    Expectation,
    Framework,
    ImprovementItem,
    Inspection,
    InspectionPhase,
    MonitoringPeriod,
    MonitoringScheme,
    MonitoringStage,
    PlannedInspection,
    Plenary,
    Programme,
    Publication,
    TopicArea,
)
from people.models import Lead, LeadDelegate, LeadHolder, User
from portal.models import (
    DifferenceKind,
    FrameworkUpload,
    Meaning,
    PortalDifference,
    PortalRecord,
    PortalStatus,
    Profile,
    Purpose,
    SpreadsheetImport,
    State,
)
from reports.models import CommitteeReport
from reports.writing import open_report
from tracker.choices import CloseReason, ClosureStep, Kind, Register, Status
from tracker.models import (
    Action,
    ActionLead,
    Closure,
    Confidence,
    DueDate,
    DueDateRequest,
    Letter,
    PortalPresence,
    ProgressUpdate,
    SignedLetter,
    StatusPeriod,
)

_numbers = itertools.count(1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def make_user(username: str, *roles: str, **fields: Any) -> User:
    user = User.objects.create_user(
        username,
        email=f"{username}@example.test",
        password=fields.pop("password", "a-long-test-password"),
        name=fields.pop("name", username.title()),
        **fields,
    )
    user.take_roles(*roles)
    return user


def make_lead(name: str, holder: User | None = None, **fields: Any) -> Lead:
    lead, _ = Lead.objects.get_or_create(
        slug=name.lower().replace(" ", "-").replace(",", ""), defaults={"name": name, **fields}
    )
    if holder:
        LeadHolder.objects.create(lead=lead, user=holder, started_on=day("2020-01-01"))
    return lead


def make_delegate(
    lead: Lead, user: User, since: str = "2024-11-01", until: str | None = None
) -> LeadDelegate:
    """Somebody who may post for a lead, until the day before `until`."""
    return LeadDelegate.objects.create(
        lead=lead, user=user, started_on=day(since), ended_on=day(until) if until else None
    )


def make_view(owner: User, name: str = "My view", **fields: Any) -> SavedView:
    """A saved view of the action list, private unless told."""
    values: dict[str, Any] = {"list_key": "tracker:actions", "query": "level=2", **fields}
    return SavedView.objects.create(owner=owner, name=name, **values)


def make_framework(version: str = "2023-25", questions: int = 2) -> Framework:
    framework = Framework.objects.create(
        name="PEEL Assessment Framework", version=version, in_force_from=day("2023-04-01")
    )
    for number in range(1, questions + 1):
        question = CoreQuestion.objects.create(
            framework=framework, number=number, text=f"How good is the force at thing {number}?"
        )
        topic = TopicArea.objects.create(question=question, number=1, text=f"Topic {number}")
        Characteristic.objects.create(topic=topic, number=1, text="The force does this well.")
    return framework


def make_publication(title: str = "", **fields: Any) -> Publication:
    number = next(_numbers)
    values: dict[str, Any] = {
        "title": title or f"An inspection of subject {number}",
        "slug": f"publication-{number}",
        "published_on": day("2023-01-10"),
        "type": PublicationType.NATIONAL_THEMATIC,
        "scope": Scope.NATIONAL,
        "response_rule": ResponseRule.NONE,
    }
    return Publication.objects.create(**{**values, **fields})


def make_plenary(publication: Publication, held_on: str = "2024-11-14", **fields: Any) -> Plenary:
    """The session on receipt of a report."""
    return Plenary.objects.create(publication=publication, held_on=day(held_on), **fields)


def make_inspection(title: str = "Quality of case files", **fields: Any) -> Inspection:
    """An internal review that the Board of 16 October 2024 commissioned."""
    values: dict[str, Any] = {
        "kind": PublicationType.INTERNAL_REVIEW,
        "body": "Cleveland Police",
        "status": InspectionStatus.SCHEDULED,
        "why": "Too many files come back from the Crown Prosecution Service.",
        "commissioned_on": day("2024-10-16"),
    }
    return Inspection.objects.create(title=title, **{**values, **fields})


def make_phase(inspection: Inspection, starts_on: str = "2024-12-02", **fields: Any) -> Any:
    """Fieldwork on one day."""
    values: dict[str, Any] = {"kind": PhaseKind.FIELDWORK, "ends_on": day(starts_on), **fields}
    return InspectionPhase.objects.create(inspection=inspection, starts_on=day(starts_on), **values)


def make_expectation(inspection: Inspection, **fields: Any) -> Expectation:
    """Something that is expected of the force on 9 December 2024."""
    values: dict[str, Any] = {"text": "Send the statement.", "due_on": day("2024-12-09")}
    return Expectation.objects.create(inspection=inspection, **{**values, **fields})


def make_planned(title: str = "Economic crime", **fields: Any) -> PlannedInspection:
    """A subject on a programme, in the years 2025 to 2029."""
    programme, _ = Programme.objects.get_or_create(title="Programme of HMICFRS")
    values: dict[str, Any] = {"programme": programme, "from_year": 2025, "to_year": 2029}
    return PlannedInspection.objects.create(title=title, **{**values, **fields})


def make_monitoring(stage: str = "Scan", since: str = "2023-09-01") -> MonitoringPeriod:
    """The force at a stage of the scheme Scan / Engage."""
    scheme, _ = MonitoringScheme.objects.get_or_create(name="Scan / Engage")
    made, _ = MonitoringStage.objects.get_or_create(
        scheme=scheme, name=stage, defaults={"order": scheme.stages.count() + 1}
    )
    return MonitoringPeriod.objects.create(stage=made, started_on=day(since))


def make_improvement(question: CoreQuestion, owner: Lead, **fields: Any) -> ImprovementItem:
    """An open item of the improvement plan of a question area."""
    values: dict[str, Any] = {"text": "Train the sergeants.", "due_on": day("2025-03-31")}
    return ImprovementItem.objects.create(question=question, owner=owner, **{**values, **fields})


def make_assessment(
    characteristic: Characteristic, judgement: str = Judgement.MEETS, **fields: Any
) -> Assessment:
    """What somebody said of a characteristic."""
    values: dict[str, Any] = {"narrative": "Audits show it.", "made_on": day("2024-10-01")}
    return Assessment.objects.create(
        characteristic=characteristic, judgement=judgement, **{**values, **fields}
    )


def make_action(
    reference: str = "",
    *,
    received: str | dt.date = "2023-01-11",
    status: str = Status.IN_PROGRESS,
    since: str | dt.date | None = None,
    level: int | None = 2,
    executive: str = "",
    delivery: str = "",
    due: str | dt.date | None = None,
    update: str = "",
    updated: str | dt.date | None = None,
    confidence: str = "",
    on_portal: bool = True,
    gone_since: str | dt.date | None = None,
    **fields: Any,
) -> Action:
    """An action received on a day, in progress, and since a later day (if told) in `status`."""
    number = next(_numbers)
    received_on = _as_day(received)
    register = fields.get("register", Register.HMICFRS)
    kind = fields.get("kind", Kind.RECOMMENDATION)
    if register != Register.HMICFRS or kind == Kind.CAUSE_OF_CONCERN:
        level = None
    values: dict[str, Any] = {
        "reference": reference or f"T-{number:04}",
        "kind": kind,
        "register": register,
        "scope": Scope.NATIONAL,
        "text": f"Chief constables should see to thing {number}.",
        **fields,
    }
    if "publication" not in values:
        values["publication"] = make_publication()
    action = Action.objects.create(**values)
    make_periods(action, received_on, status, _as_day(since) if since else None, level)
    for role, name in ((LeadRole.EXECUTIVE, executive), (LeadRole.DELIVERY, delivery)):
        if name:
            ActionLead.objects.create(
                action=action, role=role, lead=make_lead(name), started_on=received_on
            )
    if on_portal:
        PortalPresence.objects.create(
            action=action,
            started_on=received_on,
            ended_on=_as_day(gone_since) if gone_since else None,
        )
    if due:
        DueDate.objects.create(action=action, due_on=_as_day(due), agreed_on=received_on)
    if update or confidence or updated:
        ProgressUpdate.objects.create(
            action=action,
            made_on=_as_day(updated) if updated else received_on,
            text=update or "Work has begun.",
            confidence=Confidence.objects.get(name=confidence) if confidence else None,
        )
    return action


def make_periods(
    action: Action,
    received_on: dt.date,
    status: str,
    since: dt.date | None,
    level: int | None,
) -> None:
    steps: list[tuple[str, dt.date]] = [(status, received_on)]
    if since is not None:
        steps = [(Status.IN_PROGRESS, received_on), (status, since)]
    for index, (step, start) in enumerate(steps):
        StatusPeriod.objects.create(
            action=action,
            sequence=index + 1,
            status=step,
            level=level,
            started_on=start,
            ended_on=steps[index + 1][1] if index + 1 < len(steps) else None,
            close_reason=CloseReason.COMPLETED if step == Status.CLOSED else "",
        )


def _as_day(value: str | dt.date) -> dt.date:
    return day(value) if isinstance(value, str) else value


def make_closure(action: Action, **fields: Any) -> Closure:
    """A closure that came with the first list and waits to be completed."""
    values: dict[str, Any] = {
        "carried_over": True,
        "route": "local_closure",
        "step": ClosureStep.TO_COMPLETE,
        "proposed_on": day("2024-10-16"),
    }
    return Closure.objects.create(action=action, **{**values, **fields})


def make_due_request(action: Action, asked_by: User, **fields: Any) -> DueDateRequest:
    """An open request that an action be due on 31 March 2025."""
    values: dict[str, Any] = {"due_on": day("2025-03-31"), "reason": "The trainer is away."}
    return DueDateRequest.objects.create(action=action, asked_by=asked_by, **{**values, **fields})


def make_letter(author: User, *, scan: bytes | None = None) -> Letter:
    """A letter that covers no closure; with these contents as its signed scan, a PDF."""
    letter = Letter.objects.create(introduction="Dear colleague,", drafted_by=author)
    if scan is not None:
        SignedLetter.objects.create(
            letter=letter, signed_on=day("2024-11-20"), **_stored(scan, "letter.pdf", author)
        )
    return letter


def _stored(contents: bytes, name: str, owner: User) -> dict[str, Any]:
    """The fields of a stored PDF."""
    file = ContentFile(contents, name)
    return {
        "file": file,
        "original_name": name,
        "content_type": "application/pdf",
        "size": file.size,
        "sha256": fingerprint(file),
        "stored_by": owner,
    }


def make_meeting(held_on: str = "2024-11-27", **fields: Any) -> Meeting:
    """A planned Board, its agenda not compiled yet."""
    return Meeting.objects.create(held_on=day(held_on), **fields)


def make_nomination(
    meeting: Meeting,
    deputy: User,
    since: str = "2024-11-25",
    last_day: str = "2024-11-29",
    **fields: Any,
) -> Nomination:
    """Somebody who decides where the chair may not, on these days."""
    ended_on = day(last_day) + dt.timedelta(days=1)
    return Nomination.objects.create(
        meeting=meeting, deputy=deputy, started_on=day(since), ended_on=ended_on, **fields
    )


def make_terms(version: str = "1.1", approved: str = "", **fields: Any) -> TermsOfReference:
    """A draft of the terms of reference, or a version approved on a day."""
    values: dict[str, Any] = {
        "status": "Draft",
        "dated_on": day("2024-11-01"),
        "approved_on": day(approved) if approved else None,
        "members": ["Deputy Chief Constable (Chair)", "Assistant Chief Constables"],
        **fields,
    }
    return TermsOfReference.objects.create(version=version, **values)


def make_item(meeting: Meeting, section: str = Section.OTHER, **fields: Any) -> AgendaItem:
    """Something on an agenda, beneath the head of its section."""
    values: dict[str, Any] = {"title": "A thing to talk about", "order": 1, **fields}
    return AgendaItem.objects.create(meeting=meeting, section=section, **values)


def make_arising(item: AgendaItem, owner: User, **fields: Any) -> ActionArising:
    values: dict[str, Any] = {"text": "Write it up.", "due_on": day("2024-12-10"), **fields}
    return ActionArising.objects.create(item=item, owner=owner, **values)


def make_import(**fields: Any) -> SpreadsheetImport:
    """An import that was previewed and holds nothing."""
    values: dict[str, Any] = {"original_name": "list.xlsx", "sha256": "0" * 64, "size": 1}
    return SpreadsheetImport.objects.create(**{**values, **fields})


def make_framework_upload(user: User) -> FrameworkUpload:
    """An invented version of the framework that was sent and not taken in."""
    characteristic = {"number": 1, "text": "The force does this well."}
    topic = {"number": 1, "topic": "Invented topic", "characteristics": [characteristic]}
    document = {
        "framework": "Invented framework",
        "version": "Test-9",
        "in_force_from": "2024-11-01",
        "questions": [{"number": 1, "question": "Invented question?", "topics": [topic]}],
    }
    return FrameworkUpload.objects.create(
        original_name="test-9.json", sha256="0" * 64, document=document, uploaded_by=user
    )


def make_kept_import(contents: bytes = b"x", **fields: Any) -> SpreadsheetImport:
    """An import whose file is kept."""
    found = make_import(**fields)
    found.file.save(found.original_name, ContentFile(contents))
    return found


def make_export(as_at: str = "2024-11-20", **fields: Any) -> SpreadsheetImport:
    """An export of HMICFRS's portal that was taken in."""
    values: dict[str, Any] = {
        "purpose": Purpose.EXPORT,
        "as_at": day(as_at),
        "original_name": f"portal-{as_at}.xlsx",
        "state": State.APPLIED,
        "applied_at": timezone.now(),
    }
    return make_import(**{**values, **fields})


def make_record(reference: str = "", seen: str = "2024-11-20", **fields: Any) -> PortalRecord:
    """A record of the portal, open at activity level 2, as the export of a day showed it."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "reference": reference or f"REC-{number:05}",
        "publication": f"An inspection of subject {number}",
        "kind": Kind.RECOMMENDATION,
        "text": f"Chief constables should see to thing {number}.",
        "level": 2,
        "scope": Scope.NATIONAL,
        "status": PortalStatus.OPEN,
        "first_seen_on": day(seen),
        "last_seen_on": day(seen),
        **fields,
    }
    return PortalRecord.objects.create(**values)


def make_difference(action: Action | None = None, **fields: Any) -> PortalDifference:
    """An open difference of status: ours is closed, the portal says it is open."""
    if action is None and "record" not in fields:
        action = make_action(status=Status.CLOSED, portal_reference=f"REC-{next(_numbers):05}")
    values: dict[str, Any] = {
        "action": action,
        "kind": DifferenceKind.STATUS,
        "ours": "Closed",
        "theirs": "Open",
        "opened_on": day("2024-11-20"),
        **fields,
    }
    if "record" not in values and action is not None and action.portal_reference:
        values["record"] = make_record(action.portal_reference)
    return PortalDifference.objects.create(**values)


def make_profile(name: str = "Corporate list", **fields: Any) -> Profile:
    """A saved layout that reads a reference and a due date."""
    values: dict[str, Any] = {
        "purpose": Purpose.LIST,
        "fields": {"our number": "reference", "when": "due", "notes": ""},
    }
    return Profile.objects.create(name=name, **{**values, **fields})


def make_meaning(said: str = "corp", meant: str = "Head of Crime", **fields: Any) -> Meaning:
    """A word of a list that is remembered."""
    values: dict[str, Any] = {"purpose": Purpose.LIST, "field": "delivery"}
    return Meaning.objects.create(said=said, meant=meant, **{**values, **fields})


def make_report(meeting: str = "2024-12-10", **fields: Any) -> CommitteeReport:
    """A draft for a meeting, with its standing sections."""
    values: dict[str, Any] = {
        "actor": None,
        "committee": "Audit Committee",
        "title": "Update on areas for improvement",
        "meeting_on": day(meeting),
        "presenting_officer": "Head of Corporate Services",
        "status_line": "For information",
        "marking": "OFFICIAL",
        "as_at": day("2024-11-20"),
        "previous_as_at": day("2023-10-31"),
    }
    return open_report(**{**values, **fields})


def make_evidence(
    title: str = "", *, owner: User | None = None, contents: bytes | None = None, **fields: Any
) -> Evidence:
    """Evidence without a file, or with these contents as version 1 of its file."""
    number = next(_numbers)
    evidence = Evidence.objects.create(
        title=title or f"Audit {number}",
        owner=owner or make_user(f"owner-{number}"),
        **{"dated_on": day("2024-10-01"), **fields},
    )
    keep_words(evidence.pk)
    if contents is not None:
        make_evidence_file(evidence, contents)
    return evidence


def make_corporate_meeting(
    name: str = "", *, reminded: Any = (), **fields: Any
) -> CorporateMeeting:
    """A monthly meeting, on the third Wednesday unless told."""
    values = {"every": Every.MONTH, "first_on": day("2024-01-17"), **fields}
    meeting = CorporateMeeting.objects.create(
        name=name or f"Force Performance Board {next(_numbers)}", **values
    )
    meeting.reminded.set(reminded)
    return meeting


def make_practice(recorded_by: User | None = None, **fields: Any) -> GoodPractice:
    """A good practice of another force, unless told where it comes from."""
    number = next(_numbers)
    if not {"evidence", "publication"} & set(fields):
        fields.setdefault("other_force", "Another force")
    values = {"title": f"Practice {number}", "what": "It works, and others could use it.", **fields}
    return GoodPractice.objects.create(
        recorded_by=recorded_by or make_user(f"recorder-{number}"), **values
    )


def make_evidence_file(evidence: Evidence, contents: bytes, **fields: Any) -> EvidenceFile:
    """The next version of the file of a piece of evidence, a PDF unless told."""
    values = _stored(contents, "audit.pdf", evidence.owner)
    values["version"] = evidence.files.count() + 1
    file = EvidenceFile.objects.create(evidence=evidence, **{**values, **fields})
    keep_words(evidence.pk)
    return file


def make_link(
    evidence: Evidence, characteristic: Characteristic, **fields: Any
) -> CharacteristicEvidence:
    """That a piece of evidence supports a characteristic."""
    return CharacteristicEvidence.objects.create(
        evidence=evidence, characteristic=characteristic, **fields
    )


def make_pack(maker: User, **fields: Any) -> PackRequest:
    """A pack of one action that somebody has asked for and waits for."""
    values: dict[str, Any] = {
        "chosen": {"questions": [], "actions": ["ST-0045"]},
        "words": ["ST-0045"],
        **fields,
    }
    return PackRequest.objects.create(made_by=maker, **values)
