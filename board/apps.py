from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "board"
    verbose_name = "GAIN Board"

    def ready(self) -> None:
        from board.nominations import named_on
        from core.navigation import announce
        from people import roles
        from tracker.deputies import nominated_by

        readers = (
            roles.BOARD_MEMBER,
            roles.CHAIR,
            roles.DEPUTY,
            roles.GOVERNANCE,
            roles.EXECUTIVE_SUPPORT,
            roles.ASSURANCE,
        )
        roles.grant("board.read_pack", *readers)
        roles.grant("board.compile_agenda", roles.EXECUTIVE_SUPPORT, roles.GOVERNANCE)
        roles.grant("board.manage_meetings", roles.GOVERNANCE)
        roles.grant("board.nominate_deputy", roles.GOVERNANCE, roles.CHAIR)
        nominated_by(named_on)
        announce(27, "Board", "board:meetings")
