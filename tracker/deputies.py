"""Which deputies are nominated to decide for the Board on a day (paper, Appendix A).

Nominations belong to the meetings of the Board, a room further up; it says here whom they name.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from people.models import User

# What an upper room knows of a day: key of a deputy -> whether the chair is away, so that they
# decide everything; otherwise they decide where the chair may not.
Rule = Callable[[dt.date], Mapping[int, bool]]
_rules: list[Rule] = []


def nominated_by(rule: Rule) -> None:
    """Let an upper room say who is nominated on a day (called from `ready`)."""
    if rule not in _rules:
        _rules.append(rule)


@dataclass(frozen=True)
class Nominated:
    """The deputies nominated for a day.

    Args:
        named: key of a deputy -> whether they stand in for the chair in everything.
    """

    named: Mapping[int, bool] = field(default_factory=dict)

    def stands_in(self, user: "User") -> bool:
        """Whether somebody decides like the chair, who is away."""
        return self.named.get(user.pk, False)

    def another_than(self, user: "User") -> bool:
        """Whether deputies are nominated, and this person is none of them."""
        return bool(self.named) and user.pk not in self.named


def nominated_on(day: dt.date) -> Nominated:
    """The deputies nominated for a day, by every rule."""
    named: dict[int, bool] = {}
    for rule in _rules:
        for key, stands_in in rule(day).items():
            named[key] = stands_in or named.get(key, False)
    return Nominated(named)
