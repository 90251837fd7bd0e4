"""What the tracker's views share: who may open them, and how the page of a form is asked for."""

from core.access import holders_of

GOVERN = "tracker.govern_actions"
readers = holders_of("tracker.view_action")
governance = holders_of(GOVERN)
FORM_METHODS = ["GET", "HEAD", "POST"]
