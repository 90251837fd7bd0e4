from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "board"
    verbose_name = "GAIN Board"

    def ready(self) -> None:
        from board import digest
        from core.navigation import announce
        from people import roles
        from people.digests import register

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
        register(10, "board", "A Board in two working days", digest.before_board)
        register(40, "arising", "What the Board has asked of me", digest.asked_by_board)
        announce(27, "Board", "board:meetings")
