"""What this room carries over to the next framework: assessments, improvement items, publications,
inspections, and who leads a question area.
"""

from typing import Any

from django.db import models

from core.bulk import create_all
from inspections.carrying import (
    Carrier,
    Finding,
    Left,
    MovedByQuestion,
    codes_by_record,
    copied,
    reason,
    why_in_short,
    why_left,
)
from inspections.choices import ImprovementState, Judgement
from inspections.mapping import FrameworkMapping
from inspections.models import (
    Assessment,
    Framework,
    ImprovementItem,
    Inspection,
    Publication,
    QuestionLead,
)
from people.models import User

_OWN_HOLDS = "An assessment made for the new version holds."
_LEAST_GOOD_HOLDS = "Merged with others of a less good judgement, which holds."


class _Assessments:
    """Assessments with those before them, each copied to every counterpart. What was said for the
    new framework itself is never covered by a copy; of several judgements that became one, the
    least good holds until somebody confirms one.
    """

    things = "assessments"
    to_confirm = True

    def find(self, mapping: FrameworkMapping) -> Finding:
        rows = Assessment.objects.filter(characteristic__topic__question__framework=mapping.old)
        done = _carried_already(
            Assessment.objects.filter(
                carried_from__in=rows, characteristic__topic__question__framework=mapping.new
            )
        )
        rows = rows.order_by("made_on", "pk")
        return _that_may_hold(copied(rows, done, mapping, what=_assessed), list(rows), mapping)

    def carry(self, finding: Finding, mapping: FrameworkMapping, actor: User | None) -> None:
        create_all(
            [
                Assessment(
                    characteristic=characteristic,
                    judgement=row.judgement,
                    narrative=row.narrative,
                    made_on=row.made_on,
                    made_by_id=row.made_by_id,
                    carried_from=row,
                    confirmed=False,
                )
                for row, characteristic in finding.moves
            ],
            actor=actor,
            reason=reason(mapping),
        )


def _assessed(row: Assessment) -> str:
    return f"Assessment: {row}"


def _that_may_hold(finding: Finding, rows: list[Assessment], mapping: FrameworkMapping) -> Finding:
    """Leave behind the copies that would hold in place of what has to hold.

    Args:
        finding: what there is to copy.
        rows: all assessments of the old framework, the earliest first.
        mapping: of the frameworks.
    """
    own = set(
        Assessment.objects.filter(
            characteristic__topic__question__framework=mapping.new, carried_from=None
        )
        .order_by()
        .values_list("characteristic_id", flat=True)
    )
    codes = codes_by_record(mapping, 2)
    new_codes = {part.record.pk: code for code, part in mapping.targets.items()}
    least = _least_good(rows, mapping)
    result = Finding(already=finding.already, left=finding.left)
    for row, target in finding.moves:
        code, new_code = codes[row.characteristic_id], new_codes[target.pk]
        held = least.get(target.pk)
        if target.pk in own:
            why = f"{new_code} has an assessment made for {mapping.new.version}, which holds."
            result.left.append(Left(code, _assessed(row), why, _OWN_HOLDS))
        elif held and row.characteristic_id != held.characteristic_id and _is_later(row, held):
            why = (
                f"{new_code} was merged from characteristics with different judgements; the least "
                f"good, “{held.get_judgement_display()}” of {codes[held.characteristic_id]}, holds."
            )
            result.left.append(Left(code, _assessed(row), why, _LEAST_GOOD_HOLDS))
        else:
            result.moves.append((row, target))
    return result


def _least_good(rows: list[Assessment], mapping: FrameworkMapping) -> dict[int, Assessment]:
    """New characteristic (primary key) -> the least good of the judgements that hold for the
    characteristics that became it, where these differ. “Not assessed” is no judgement.
    """
    holding = {row.characteristic_id: row for row in rows}
    became_one: dict[int, list[Assessment]] = {}
    for old, targets in mapping.counterparts(2).items():
        row = holding.get(old)
        if row is not None and row.judgement != Judgement.NOT_ASSESSED:
            for target in targets:
                became_one.setdefault(target.pk, []).append(row)
    return {
        target: max(said, key=lambda row: (Judgement.values.index(row.judgement), row.made_on))
        for target, said in became_one.items()
        if len({row.judgement for row in said}) > 1
    }


def _is_later(row: Assessment, other: Assessment) -> bool:
    return (row.made_on, row.pk) > (other.made_on, other.pk)


def _carried_already(rows: models.QuerySet[Any]) -> set[tuple[int, int]]:
    return set(rows.order_by().values_list("carried_from_id", "characteristic_id"))


class _Leads:
    """Who leads a question area now, from the day the new framework is in force; who leads its
    counterpart already stays.
    """

    things = "leads of question areas"
    to_confirm = False

    def find(self, mapping: FrameworkMapping) -> Finding:
        counterparts = mapping.counterparts(0)
        codes = codes_by_record(mapping, 0)
        led = _led(mapping.new)
        finding = Finding()
        for duty in QuestionLead.objects.filter(
            question__framework=mapping.old, ended_on=None
        ).select_related("lead"):
            code = codes[duty.question_id]
            what = f"{duty.get_role_display()} {duty.lead}"
            targets = counterparts.get(duty.question_id, [])
            if not targets:
                finding.left.append(
                    Left(code, what, why_left(mapping, code), why_in_short(mapping, code))
                )
            for target in targets:
                leads = led.get((target.pk, duty.role))
                if leads is None:
                    led[target.pk, duty.role] = duty.lead_id
                    finding.moves.append((duty, target))
                elif leads == duty.lead_id:
                    finding.already += 1
                else:
                    why = f"{target.number} of {mapping.new.version} has another lead already."
                    finding.left.append(Left(code, what, why, "Another lead already."))
        return finding

    def carry(self, finding: Finding, mapping: FrameworkMapping, actor: User | None) -> None:
        create_all(
            [
                QuestionLead(
                    question=question,
                    role=duty.role,
                    lead_id=duty.lead_id,
                    started_on=mapping.new.in_force_from,
                )
                for duty, question in finding.moves
            ],
            actor=actor,
            reason=reason(mapping),
        )


def _led(framework: Framework) -> dict[tuple[int, str], int]:
    """Question area and role -> who leads it now, of a framework."""
    now = QuestionLead.objects.filter(question__framework=framework, ended_on=None)
    return {(duty.question_id, duty.role): duty.lead_id for duty in now}


def _publications(framework: Framework) -> models.QuerySet[Publication]:
    return Publication.objects.filter(question__framework=framework).order_by("pk")


def _inspections(framework: Framework) -> models.QuerySet[Inspection]:
    return Inspection.objects.filter(question__framework=framework).order_by("pk")


def _improvements(framework: Framework) -> models.QuerySet[ImprovementItem]:
    """What is still to be done; what is done or dropped stays with the framework it was for."""
    open_items = ImprovementItem.objects.filter(state=ImprovementState.OPEN)
    return open_items.filter(question__framework=framework).order_by("pk")


OWN: tuple[Carrier, ...] = (
    _Assessments(),
    MovedByQuestion("open improvement items", _improvements, lambda item: f"“{item.text[:80]}”"),
    MovedByQuestion("publications", _publications, lambda each: f"“{each.title[:80]}”"),
    # An internal review that is only proposed is not for everybody: none is named.
    MovedByQuestion("inspections", _inspections, lambda each: "An inspection"),
    _Leads(),
)
