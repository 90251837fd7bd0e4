from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "board"
    verbose_name = "GAIN Board"

    def ready(self) -> None:
        from board import digest
        from board.arising import asked_by_boards
        from board.calendar import boards_between
        from board.mentions import agendas_of
        from board.nominations import named_on
        from board.readers import actions_on_agenda, evidence_on_agenda
        from board.rotation import deep_dives_of
        from board.upkeep import boards_to_complete
        from core.navigation import announce
        from evidence import queries as evidence
        from inspections import calendar as inspections
        from people import roles
        from people.digests import register
        from tracker import readers as actions
        from tracker.deep_dives import deep_dives_told_by
        from tracker.deputies import nominated_by
        from tracker.mentions import mentioned_by
        from tracker.work import also_asked

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
        also_asked(boards_to_complete)
        also_asked(asked_by_boards)
        mentioned_by(agendas_of)
        roles.grant("board.read_sensitive_on_agenda", roles.BOARD_MEMBER)
        actions.readable_if(actions_on_agenda)
        evidence.readable_if(evidence_on_agenda)
        register(10, "board", "A Board in two working days", digest.before_board, at_once=True)
        register(40, "arising", "What the Board has asked of me", digest.asked_by_board)
        nominated_by(named_on)
        inspections.announce(boards_between)
        deep_dives_told_by(deep_dives_of)
        announce(27, "Board", "board:meetings")
