"""Who may open the pages of the Board."""

from core.access import holders_of

FORM_METHODS = ["GET", "HEAD", "POST"]

readers = holders_of("board.read_pack")
compilers = holders_of("board.compile_agenda")
planners = holders_of("board.manage_meetings")
nominators = holders_of("board.nominate_deputy")
