"""What the views of evidence share: who may open them, and how the page of a form is asked for."""

from core.access import holders_of

readers = holders_of("evidence.view_evidence")
adders = holders_of("evidence.add_evidence")
FORM_METHODS = ["GET", "HEAD", "POST"]
