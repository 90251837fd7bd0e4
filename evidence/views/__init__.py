"""Pages of FIVES: what there is, one piece of it, its files, adding to it and changing it."""

from core.access import holders_of

READERS = holders_of("evidence.view_evidence")
ADDERS = holders_of("evidence.add_evidence")
FORM_METHODS = ["GET", "HEAD", "POST"]
