"""Response clocks: by when a publication must be answered."""

import datetime as dt

from inspections.choices import ResponseRule


def response_due(rule: ResponseRule | str, published_on: dt.date) -> dt.date | None:
    """The day by which the response is due by a rule, None when no rule gives one.

    Section 55(5A) Police Act 1996 gives 56 days *beginning with* the day of publication, so the
    last of them is publication + 55. Super-complaints are answered in practice by publication + 56.
    Another duty has a day of its own, which no rule gives.
    """
    if rule == ResponseRule.SECTION_55:
        return published_on + dt.timedelta(days=55)
    if rule == ResponseRule.SUPER_COMPLAINT:
        return published_on + dt.timedelta(days=56)
    return None
