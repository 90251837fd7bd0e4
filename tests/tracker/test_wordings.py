"""What the closing words of a list mean."""

import pytest

from tracker.choices import CloseReason, Kind, Register
from tracker.wordings import close_reason_of


@pytest.mark.parametrize(
    ("wording", "level", "reason"),
    [
        ("Closed by the force; letter held on file.", 2, CloseReason.COMPLETED),
        ("Level 2: closed by the force; letter uploaded 17.01.24.", 2, CloseReason.COMPLETED),
        ("Closed by the force; accepted by HMICFRS.", 2, CloseReason.COMPLETED),
        ("Closed by HMICFRS following verification.", 3, CloseReason.VERIFIED),
        ("Verified by  HMICFRS", 4, CloseReason.VERIFIED),
        ("Superseded by the final report of September 2021.", 2, CloseReason.SUPERSEDED),
        ("Not accepted by the force.", 2, CloseReason.NOT_ACCEPTED),
        ("Withdrawn by HMICFRS.", 3, CloseReason.WITHDRAWN),
        ("No follow-up required.", None, CloseReason.NO_FOLLOW_UP),
        ("anything at all", 1, CloseReason.NO_FOLLOW_UP),
    ],
)
def test_known_words_have_their_meaning(
    wording: str, level: int | None, reason: CloseReason
) -> None:
    assert close_reason_of(
        wording, kind=Kind.RECOMMENDATION, register=Register.HMICFRS, level=level
    ) == (reason, True)


@pytest.mark.parametrize(
    ("kind", "register", "level", "reason"),
    [
        (Kind.RECOMMENDATION, Register.HMICFRS, 2, CloseReason.COMPLETED),
        (Kind.RECOMMENDATION, Register.HMICFRS, None, CloseReason.COMPLETED),
        (Kind.RECOMMENDATION, Register.SUPER_COMPLAINT, None, CloseReason.COMPLETED),
        (Kind.AFI, Register.HMICFRS, 3, CloseReason.VERIFIED),
        (Kind.RECOMMENDATION, Register.HMICFRS, 4, CloseReason.VERIFIED),
        (Kind.CAUSE_OF_CONCERN, Register.HMICFRS, None, CloseReason.VERIFIED),
    ],
)
def test_unknown_words_are_taken_as_the_usual_end_of_the_route(
    kind: Kind, register: Register, level: int | None, reason: CloseReason
) -> None:
    found = close_reason_of("Tidied away.", kind=kind, register=register, level=level)
    assert found == (reason, False)


def test_super_complaints_say_so_themselves() -> None:
    assert close_reason_of(
        "Super-complaint: data publication in place.",
        kind=Kind.RECOMMENDATION,
        register=Register.SUPER_COMPLAINT,
        level=None,
    ) == (CloseReason.COMPLETED, True)
