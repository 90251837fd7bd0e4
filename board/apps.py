from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "board"
    verbose_name = "GAIN Board"

    def ready(self) -> None:
        from board.readers import actions_on_agenda, evidence_on_agenda
        from core.navigation import announce
        from evidence import queries as evidence
        from people import roles
        from tracker import readers as actions

        pack_readers = (
            roles.BOARD_MEMBER,
            roles.CHAIR,
            roles.DEPUTY,
            roles.GOVERNANCE,
            roles.EXECUTIVE_SUPPORT,
            roles.ASSURANCE,
        )
        roles.grant("board.read_pack", *pack_readers)
        roles.grant("board.compile_agenda", roles.EXECUTIVE_SUPPORT, roles.GOVERNANCE)
        roles.grant("board.manage_meetings", roles.GOVERNANCE)
        roles.grant("board.nominate_deputy", roles.GOVERNANCE, roles.CHAIR)
        roles.grant("board.read_sensitive_on_agenda", roles.BOARD_MEMBER)
        actions.readable_if(actions_on_agenda)
        evidence.readable_if(evidence_on_agenda)
        announce(27, "Board", "board:meetings")
