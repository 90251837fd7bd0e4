"""Reference data from documents: a PAF framework, its question leads, and publications.

Each loader may be run again: what is there stays, what the document says differently is corrected,
and nothing is removed. The shapes of the documents are those of the files in `fixtures/`.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction

from core.dates import today
from core.history import attribute
from inspections.choices import DatePrecision, LeadRole, PublicationType, ResponseRule, Scope
from inspections.clocks import response_due
from inspections.models import (
    Characteristic,
    CoreQuestion,
    Framework,
    Publication,
    QuestionLead,
    TopicArea,
)
from inspections.queries import address_of
from people.leads import lead_named
from people.models import User

Document = dict[str, Any]
_TYPES = {label.casefold(): value for value, label in PublicationType.choices}


class DocumentNotUsable(ValueError):
    """The document is not of the expected shape; the message says what is wrong and where."""


@dataclass
class Loaded:
    """What a loader did: how many records it made, corrected and left as they were, by kind."""

    made: Counter[str] = field(default_factory=Counter)
    corrected: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        words = [
            f"{title}: {', '.join(f'{n} {kind}' for kind, n in sorted(counts.items()))}"
            for title, counts in (
                ("made", self.made),
                ("corrected", self.corrected),
                ("unchanged", self.unchanged),
            )
            if counts
        ]
        return "; ".join(words) or "nothing to load"


@dataclass(frozen=True)
class _Writer:
    """Keeps records as a document gives them, and counts what it did."""

    loaded: Loaded
    actor: User | None
    reason: str

    def keep(self, record: models.Model | None, model: type[models.Model], **values: Any) -> Any:
        """Make the record, or correct it where it differs.

        Args:
            record: the record already there, if any.
            model: what to make otherwise.
            values: every field that the document decides.
        """
        kind = str(model._meta.verbose_name)
        if record is None:
            record = model(**values)
            self.loaded.made[kind] += 1
        elif all(getattr(record, name) == value for name, value in values.items()):
            self.loaded.unchanged[kind] += 1
            return record
        else:
            for name, value in values.items():
                setattr(record, name, value)
            self.loaded.corrected[kind] += 1
        attribute(record, self.actor, self.reason)
        record.full_clean()
        record.save()
        return record


@transaction.atomic
def load_framework(document: Document, *, actor: User | None) -> Loaded:
    """Load a version of the PEEL Assessment Framework (paper, Appendix B).

    Args:
        document: as `fixtures/paf-2023-25.json`: version, `in_force_from`, and questions with
            topics with characteristics.
        actor: who loads it; None for a command.

    Raises:
        DocumentNotUsable: a key is missing, or the counts it states are not those it holds.
    """
    loaded = Loaded()
    try:
        _load_framework(document, _Writer(loaded, actor, "Framework loaded"))
    except KeyError as error:
        raise DocumentNotUsable(f"The framework document has no {error}.") from error
    return loaded


def _load_framework(document: Document, write: _Writer) -> None:
    _check_counts(document)
    version = document["version"]
    framework = write.keep(
        Framework.objects.filter(version=version).first(),
        Framework,
        version=version,
        name=document["framework"],
        in_force_from=dt.date.fromisoformat(document["in_force_from"]),
        source=document.get("source", ""),
        licence=document.get("licence", ""),
    )
    for each in document["questions"]:
        question = write.keep(
            CoreQuestion.objects.filter(framework=framework, number=each["number"]).first(),
            CoreQuestion,
            framework=framework,
            number=each["number"],
            text=each["question"],
        )
        for topic in each["topics"]:
            _load_topic(question, topic, write)


def _load_topic(question: CoreQuestion, topic: Document, write: _Writer) -> None:
    area = write.keep(
        TopicArea.objects.filter(question=question, number=topic["number"]).first(),
        TopicArea,
        question=question,
        number=topic["number"],
        text=topic["topic"],
    )
    for each in topic["characteristics"]:
        write.keep(
            Characteristic.objects.filter(topic=area, number=each["number"]).first(),
            Characteristic,
            topic=area,
            number=each["number"],
            text=each["text"],
        )


def _check_counts(document: Document) -> None:
    topics = [topic for question in document["questions"] for topic in question["topics"]]
    found = {
        "questions": len(document["questions"]),
        "topics": len(topics),
        "characteristics": sum(len(topic["characteristics"]) for topic in topics),
    }
    stated = document.get("counts", found)
    if stated != found:
        raise DocumentNotUsable(f"The framework states {stated} but holds {found}.")


@transaction.atomic
def load_question_leads(
    document: Document, *, framework: Framework, since: dt.date, actor: User | None
) -> Loaded:
    """Record who leads each question area (paper 4.2); a lead of today is left alone if the same.

    Args:
        document: holds `paf_question_leads`: question number, executive and delivery lead by name.
        framework: whose question areas they lead.
        since: from when, for those that are new.
        actor: who loads it; None for a command.

    Raises:
        DocumentNotUsable: it names a question that the framework does not have.
    """
    loaded = Loaded()
    write = _Writer(loaded, actor, "Question leads loaded")
    questions = {question.number: question for question in framework.questions.all()}
    for each in document.get("paf_question_leads", []):
        question = questions.get(each["question"])
        if question is None:
            raise DocumentNotUsable(f"{framework} has no question {each['question']}.")
        for role in LeadRole:
            _lead_question(question, role, each[role.value], since, write)
    return loaded


def _lead_question(
    question: CoreQuestion, role: LeadRole, name: str, since: dt.date, write: _Writer
) -> None:
    lead = lead_named(
        name,
        chief_officer=role == LeadRole.EXECUTIVE,
        actor=write.actor,
        source=write.reason,
    )
    now = QuestionLead.objects.filter(question=question, role=role, ended_on=None).first()
    started_on = since
    if now is not None and now.lead_id != lead.pk:
        started_on = max(since, now.started_on)
        write.keep(now, QuestionLead, ended_on=started_on)
        now = None
    if now is not None:
        started_on = now.started_on
    write.keep(now, QuestionLead, question=question, role=role, lead=lead, started_on=started_on)


@transaction.atomic
def load_publications(document: Document, *, actor: User | None) -> Loaded:
    """Load publications: `publications`, and those of `later_publications` that are out by today.

    Args:
        document: as `fixtures/publications.json`; `key` becomes the address. Optional additions:
            `described_as` and `local_note`, for the committee paper.
        actor: who loads them; None for a command.

    Raises:
        DocumentNotUsable: a key is missing, a type is unknown, or there is no framework for a
            question.
    """
    loaded = Loaded()
    write = _Writer(loaded, actor, "Publications loaded")
    later = document.get("later_publications", [])
    out_by_now = [each for each in later if dt.date.fromisoformat(each["published"]) <= today()]
    framework = Framework.objects.in_force()
    for each in [*document["publications"], *out_by_now]:
        try:
            values = _publication_values(each, framework, write)
        except KeyError as error:
            name = each.get("title", "A publication")
            raise DocumentNotUsable(f"{name}: there is no {error}.") from error
        write.keep(_publication_there(each), Publication, **values)
    return loaded


def _publication_there(each: Document) -> Publication | None:
    published_on = dt.date.fromisoformat(each["published"])
    return (
        Publication.objects.filter(slug=each["key"]).first()
        or Publication.objects.filter(title=each["title"], published_on=published_on).first()
    )


def _publication_values(
    each: Document, framework: Framework | None, write: _Writer
) -> dict[str, Any]:
    lead = None
    if each["executive_lead"]:
        lead = lead_named(
            each["executive_lead"], chief_officer=True, actor=write.actor, source=write.reason
        )
    answered = each["response_published"]
    return {
        "slug": each["key"],
        "title": each["title"],
        "published_on": dt.date.fromisoformat(each["published"]),
        "date_precision": DatePrecision(each["date_precision"]),
        "type": _publication_type(each),
        "scope": Scope(each["applies"]),
        "question": _question(each, framework),
        "executive_lead": lead,
        "response_published_on": dt.date.fromisoformat(answered) if answered else None,
        "source_url": each["source_url"] or "",
        "note": each["note"] or "",
        "described_as": each.get("described_as", ""),
        "local_note": each.get("local_note", ""),
        **_response_duty(each),
    }


def _publication_type(each: Document) -> str:
    name = each["source_type"]
    found = _TYPES.get(name.casefold())
    if found is None:
        raise DocumentNotUsable(f"{each['title']}: “{name}” is not a type of publication.")
    return found


def _question(each: Document, framework: Framework | None) -> CoreQuestion | None:
    number = each["paf_question"]
    if number is None:
        return None
    question = framework.questions.filter(number=number).first() if framework else None
    if question is None:
        raise DocumentNotUsable(
            f"{each['title']}: the framework in force has no question {number}. "
            "Load the framework first."
        )
    return question


def _response_duty(each: Document) -> dict[str, Any]:
    """Which clock runs, and the day it ends; a day that is not the rule's carries a reason."""
    if each["s55_applies"]:
        rule, stated = ResponseRule.SECTION_55, each["s55_response_due"]
    elif each["other_response_due"]:
        rule, stated = ResponseRule.SUPER_COMPLAINT, each["other_response_due"]
    else:
        rule, stated = ResponseRule.NONE, None
    by_rule = response_due(rule, dt.date.fromisoformat(each["published"]))
    due = dt.date.fromisoformat(stated) if stated else by_rule
    return {
        "response_rule": rule,
        "response_due_on": due,
        "response_due_reason": "" if due == by_rule else "As stated when it was loaded.",
    }


def record_from_list(
    *,
    title: str,
    published_on: dt.date,
    publication_type: str,
    scope: str,
    source: str,
    actor: User | None,
) -> Publication:
    """Record a publication that a force's list names and that is not here yet.

    A list says little about it: question area and leads are left for somebody to fill in. A report
    of HMICFRS has to be answered (section 55, Police Act 1996), so its clock runs.

    Args:
        title, published_on, publication_type, scope: as the list gives them.
        source: where it was named, e.g. the name of the file.
        actor: who imports the list; None for a command.
    """
    not_hmicfrs = (PublicationType.SUPER_COMPLAINT, PublicationType.OTHER_BODY)
    rule = ResponseRule.NONE if publication_type in not_hmicfrs else ResponseRule.SECTION_55
    publication = Publication(
        title=title,
        slug=address_of(title),
        published_on=published_on,
        type=publication_type,
        scope=scope,
        response_rule=rule,
        response_due_on=response_due(rule, published_on),
        note=f"Recorded from {source}. Check its details and its response duty.",
    )
    attribute(publication, actor, f"Named in {source}")
    publication.full_clean()
    publication.save()
    return publication
