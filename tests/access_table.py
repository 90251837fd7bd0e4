"""Who may open which address: every URL name of the portal, and the members of the cast it opens
to.

A page that is missing here fails `test_access.py`; so does one whose real rule differs.
"""

from dataclasses import dataclass, field

PUBLIC = "public"
ALL = frozenset(
    {
        "staff",
        "delivery",
        "executive",
        "assurance",
        "governance",
        "chair",
        "deputy",
        "corporate",
        "admin",
        "support",
        "member",
    }
)
ACTION_LEADS = frozenset({"delivery", "executive"})
ADMIN = frozenset({"admin"})
GOVERNANCE = frozenset({"governance"})
# Who reconciles takes in what HMICFRS's portal holds.
IMPORTERS = ADMIN | GOVERNANCE
ERROR_SETTLERS = frozenset({"governance", "assurance"})
# Delivery leads the action of the test.
ATTACHERS = frozenset({"assurance", "governance", "delivery"})
ASSURERS = frozenset({"assurance"})
REPORT_WRITERS = frozenset({"corporate"})
REPORT_READERS = frozenset({"corporate", "chair", "deputy", "governance"})
BOARD_READERS = frozenset({"member", "chair", "deputy", "governance", "support", "assurance"})
BOARD_COMPILERS = frozenset({"support", "governance"})
NOMINATORS = frozenset({"governance", "chair"})
# They keep the list of corporate meetings and the register of good practice too.
MEETING_KEEPERS = frozenset({"governance", "assurance"})
# Who made the pack of the test; nobody else is told that it is there.
PACK_MAKER = frozenset({"staff"})
# The Head of Crime owns the improvement item of the test; staff may post for that lead.
ITEM_KEEPERS = frozenset({"staff", "delivery", "governance"})
# Staff own the evidence of the test.
EVIDENCE_KEEPERS = frozenset({"staff", "assurance", "governance"})


@dataclass(frozen=True)
class Address:
    """Who may open an address, and what its path needs.

    Args:
        who: names of the cast, or PUBLIC.
        kwargs: path arguments; "{action}" and the like are filled from the records of the test.
    """

    who: frozenset[str] | str
    kwargs: dict[str, str] = field(default_factory=dict)


ADDRESSES: dict[str, Address] = {
    "board:meetings": Address(BOARD_READERS),
    "board:plan": Address(GOVERNANCE),
    "board:series": Address(GOVERNANCE),
    "board:change": Address(GOVERNANCE, {"day": "{meeting}"}),
    "board:cancel": Address(GOVERNANCE, {"day": "{meeting}"}),
    "board:attendance": Address(BOARD_COMPILERS, {"day": "{meeting}"}),
    "board:apologies": Address(BOARD_READERS, {"day": "{meeting}"}),
    "board:deputy": Address(NOMINATORS, {"day": "{meeting}"}),
    "board:deputy_end": Address(NOMINATORS, {"day": "{meeting}", "pk": "{nomination}"}),
    "board:terms": Address(BOARD_READERS),
    "board:terms_new": Address(GOVERNANCE),
    "board:terms_version": Address(BOARD_READERS, {"version": "{terms}"}),
    "board:terms_edit": Address(GOVERNANCE, {"version": "{terms}"}),
    "board:terms_approve": Address(GOVERNANCE, {"version": "{terms}"}),
    "board:calendar": Address(BOARD_READERS),
    # Whoever has the secret of somebody's calendar.
    "board:feed": Address(PUBLIC, {"token": "{feed}"}),
    "board:ics": Address(BOARD_READERS, {"day": "{meeting}"}),
    "board:meeting": Address(BOARD_READERS, {"day": "{meeting}"}),
    "board:compile": Address(BOARD_COMPILERS, {"day": "{meeting}"}),
    "board:item_add": Address(BOARD_COMPILERS, {"day": "{meeting}"}),
    "board:swap": Address(BOARD_COMPILERS, {"day": "{meeting}"}),
    "board:item_edit": Address(BOARD_COMPILERS, {"day": "{meeting}", "pk": "{item}"}),
    "board:notes": Address(BOARD_COMPILERS, {"day": "{meeting}", "pk": "{item}"}),
    "board:item_remove": Address(BOARD_COMPILERS, {"day": "{meeting}", "pk": "{item}"}),
    "board:item_restore": Address(BOARD_COMPILERS, {"day": "{meeting}", "pk": "{item}"}),
    "board:item_up": Address(BOARD_COMPILERS, {"day": "{meeting}", "pk": "{item}"}),
    "board:approve": Address(BOARD_READERS, {"day": "{meeting}", "pk": "{item}"}),
    "board:return": Address(BOARD_READERS, {"day": "{meeting}", "pk": "{item}"}),
    "board:defer": Address(BOARD_READERS, {"day": "{meeting}", "pk": "{item}"}),
    "board:arising_add": Address(BOARD_COMPILERS, {"day": "{meeting}", "pk": "{item}"}),
    # Its owner, who is "staff" in the test, opens it too.
    "board:arising": Address(BOARD_READERS | {"staff"}, {"pk": "{arising}"}),
    "board:arising_edit": Address(BOARD_COMPILERS, {"pk": "{arising}"}),
    "board:arising_done": Address(BOARD_COMPILERS | {"staff"}, {"pk": "{arising}"}),
    "board:exceptions": Address(BOARD_READERS, {"day": "{meeting}"}),
    "board:pack": Address(BOARD_READERS, {"day": "{meeting}"}),
    "board:close": Address(BOARD_COMPILERS, {"day": "{meeting}"}),
    "board:deep_dive": Address(BOARD_READERS, {"day": "{meeting}", "number": "1"}),
    "board:commission": Address(BOARD_COMPILERS, {"day": "{meeting}"}),
    "home": Address(ALL),
    "brand": Address(PUBLIC),
    "healthz": Address(PUBLIC),
    "readyz": Address(PUBLIC),
    "account": Address(ALL),
    "account_mails": Address(ALL),
    "account_make_mails": Address(ALL),
    "account_mail_settings": Address(ALL),
    "account_login": Address(PUBLIC),
    "account_logout": Address(PUBLIC),
    "account_inactive": Address(PUBLIC),
    "account_signup": Address(PUBLIC),
    "account_change_password": Address(ALL),
    "account_reauthenticate": Address(ALL),
    "people:accounts": Address(ADMIN),
    "people:account_add": Address(ADMIN),
    "people:account_change": Address(ADMIN, {"pk": "{user}"}),
    "people:account_password": Address(ADMIN, {"pk": "{user}"}),
    "people:lead_add": Address(ADMIN),
    "people:lead_change": Address(ADMIN, {"slug": "{lead}"}),
    "people:lead": Address(ADMIN, {"slug": "{lead}"}),
    "people:holder_end": Address(ADMIN, {"pk": "{holder}"}),
    "people:delegates": Address(ALL),
    "people:delegate_end": Address(frozenset({"delivery"}), {"pk": "{delegate}"}),
    "tracker:allocate_several": Address(GOVERNANCE),
    "tracker:due_dates": Address(GOVERNANCE),
    "tracker:allocate": Address(GOVERNANCE, {"reference": "{action}"}),
    "tracker:agreed_date": Address(GOVERNANCE, {"reference": "{action}"}),
    "tracker:work": Address(ALL),
    "tracker:notices_read": Address(ALL),
    "tracker:actions": Address(ALL),
    "tracker:action": Address(ALL, {"reference": "{action}"}),
    # Staff are named to post for the delivery lead of the test.
    "tracker:update": Address(frozenset({"delivery", "staff"}), {"reference": "{action}"}),
    "tracker:due_date": Address(frozenset({"delivery", "staff"}), {"reference": "{action}"}),
    "tracker:due_request": Address(ALL, {"pk": "{due_request}"}),
    "tracker:propose_closure": Address(ACTION_LEADS, {"reference": "{action}"}),
    "tracker:attach_evidence": Address(ATTACHERS, {"reference": "{action}"}),
    "tracker:attach_existing": Address(ATTACHERS, {"reference": "{action}"}),
    "tracker:take_off_evidence": Address(ATTACHERS, {"reference": "{action}", "pk": "{evidence}"}),
    "tracker:attach_to_action": Address(ALL, {"pk": "{evidence}"}),
    "tracker:verification": Address(GOVERNANCE, {"reference": "{action}"}),
    "tracker:outcome": Address(GOVERNANCE, {"reference": "{action}"}),
    "tracker:level": Address(GOVERNANCE, {"reference": "{action}"}),
    "tracker:supersede": Address(GOVERNANCE, {"reference": "{action}"}),
    "tracker:withdraw": Address(GOVERNANCE, {"reference": "{action}"}),
    "tracker:not_accept": Address(ALL, {"reference": "{action}"}),
    "tracker:reopen": Address(GOVERNANCE, {"reference": "{action}"}),
    "tracker:error": Address(ERROR_SETTLERS, {"reference": "{action}"}),
    "tracker:correct_day": Address(GOVERNANCE, {"reference": "{action}", "sequence": "1"}),
    "tracker:closures": Address(ALL),
    "tracker:return_closures": Address(ASSURERS),
    "tracker:closure": Address(ALL, {"pk": "{closure}"}),
    "tracker:change_proposal": Address(ACTION_LEADS, {"pk": "{closure}"}),
    "tracker:return_closure": Address(ALL, {"pk": "{closure}"}),
    "tracker:defer_closure": Address(ALL, {"pk": "{closure}"}),
    "tracker:closure_summary": Address(GOVERNANCE, {"pk": "{closure}"}),
    "tracker:record_upload": Address(GOVERNANCE, {"pk": "{closure}"}),
    "tracker:letters": Address(ALL),
    "tracker:draft_letter": Address(GOVERNANCE),
    "tracker:letter": Address(ALL, {"pk": "{letter}"}),
    "tracker:letter_pdf": Address(ALL, {"pk": "{letter}"}),
    "tracker:change_letter": Address(GOVERNANCE, {"pk": "{letter}"}),
    "tracker:discard_letter": Address(GOVERNANCE, {"pk": "{letter}"}),
    "tracker:file_letter": Address(GOVERNANCE, {"pk": "{letter}"}),
    "tracker:replace_letter": Address(GOVERNANCE, {"pk": "{letter}"}),
    "tracker:signed_letter": Address(ALL, {"pk": "{signed_letter}"}),
    "tracker:publications": Address(ALL),
    "tracker:registers": Address(ALL),
    "tracker:publication": Address(ALL, {"slug": "{publication}"}),
    "tracker:publication_add": Address(GOVERNANCE),
    "tracker:publication_edit": Address(GOVERNANCE, {"slug": "{publication}"}),
    "tracker:publication_response": Address(GOVERNANCE, {"slug": "{publication}"}),
    "tracker:plenary": Address(GOVERNANCE, {"slug": "{publication}"}),
    "tracker:plenary_items": Address(GOVERNANCE, {"slug": "{publication}"}),
    "tracker:actions_add": Address(GOVERNANCE, {"slug": "{publication}"}),
    "inspections:inspections": Address(ALL),
    "inspections:add": Address(GOVERNANCE),
    "inspections:add_phase": Address(GOVERNANCE, {"pk": "{inspection}"}),
    "inspections:change_phase": Address(GOVERNANCE, {"pk": "{phase}"}),
    "inspections:remove_phase": Address(GOVERNANCE, {"pk": "{phase}"}),
    "inspections:add_expectation": Address(GOVERNANCE, {"pk": "{inspection}"}),
    "inspections:change_expectation": Address(GOVERNANCE, {"pk": "{expected}"}),
    "inspections:calendar": Address(ALL),
    "inspections:calendar_address": Address(ALL),
    "inspections:feed": Address(PUBLIC, {"token": "{inspection_feed}"}),
    "inspections:programme": Address(ALL),
    "inspections:add_programme": Address(GOVERNANCE),
    "inspections:change_programme": Address(GOVERNANCE, {"pk": "{programme}"}),
    "inspections:add_planned": Address(GOVERNANCE, {"pk": "{programme}"}),
    "inspections:change_planned": Address(GOVERNANCE, {"pk": "{planned}"}),
    "inspections:grades": Address(ALL),
    "inspections:record_grades": Address(GOVERNANCE, {"slug": "{peel}"}),
    "inspections:monitoring": Address(ALL),
    "inspections:add_scheme": Address(IMPORTERS),
    "inspections:begin_stage": Address(IMPORTERS),
    "inspections:correct_stage": Address(IMPORTERS, {"pk": "{monitoring}"}),
    "tracker:inspection": Address(ALL, {"pk": "{inspection}"}),
    "tracker:inspection_edit": Address(GOVERNANCE, {"pk": "{inspection}"}),
    "tracker:inspection_status": Address(GOVERNANCE, {"pk": "{inspection}"}),
    "tracker:inspection_report": Address(GOVERNANCE, {"pk": "{inspection}"}),
    "tracker:edit_action": Address(GOVERNANCE, {"reference": "{action}"}),
    "tracker:frameworks": Address(ALL),
    "tracker:framework": Address(ALL, {"version": "{framework}"}),
    "tracker:paf_statement": Address(ALL, {"version": "{framework}"}),
    "tracker:question": Address(ALL, {"version": "{framework}", "number": "1"}),
    "tracker:characteristic": Address(
        ALL, {"version": "{framework}", "number": "1", "topic": "1", "characteristic": "1"}
    ),
    # The cast leads no question area; who does may, too (tests of the pages).
    "tracker:assess": Address(GOVERNANCE, {"version": "{framework}", "number": "1"}),
    "tracker:improvement_add": Address(GOVERNANCE, {"version": "{framework}", "number": "1"}),
    "tracker:improvement": Address(
        ITEM_KEEPERS, {"version": "{framework}", "number": "1", "pk": "{improvement}"}
    ),
    "tracker:improvement_end": Address(
        ITEM_KEEPERS, {"version": "{framework}", "number": "1", "pk": "{improvement}"}
    ),
    "tracker:leads": Address(ALL),
    "lists:views": Address(ALL),
    "lists:view_add": Address(ALL),
    "lists:view": Address(frozenset({"staff"}), {"pk": "{view}"}),
    "lists:view_change": Address(frozenset({"staff"}), {"pk": "{view}"}),
    "lists:view_delete": Address(frozenset({"staff"}), {"pk": "{view}"}),
    "lists:columns": Address(ALL),
    "tracker:mapping": Address(IMPORTERS, {"version": "{framework}"}),
    "tracker:map_question": Address(IMPORTERS, {"version": "{framework}", "number": "1"}),
    "tracker:carry_over": Address(IMPORTERS, {"version": "{framework}"}),
    "versions:send": Address(IMPORTERS),
    "versions:upload": Address(IMPORTERS, {"pk": "{framework_upload}"}),
    "portal:reconciliation": Address(ALL),
    "portal:compare": Address(GOVERNANCE),
    "portal:for_hmicfrs": Address(GOVERNANCE),
    "portal:own_several": Address(GOVERNANCE),
    "portal:wait_several": Address(GOVERNANCE),
    "portal:difference": Address(ALL, {"pk": "{difference}"}),
    "portal:owner": Address(GOVERNANCE, {"pk": "{difference}"}),
    # The owner writes it, and governance.
    "portal:note": Address(GOVERNANCE, {"pk": "{difference}"}),
    "portal:answer": Address(GOVERNANCE, {"pk": "{difference}"}),
    "portal:adopt": Address(GOVERNANCE, {"pk": "{difference}"}),
    "portal:name": Address(GOVERNANCE, {"pk": "{only_here}"}),
    "portal:imports": Address(IMPORTERS),
    "portal:guide": Address(ADMIN),
    "portal:empty": Address(ADMIN),
    "portal:empty_updates": Address(ADMIN),
    "portal:import": Address(ADMIN, {"pk": "{import}"}),
    "portal:sheet": Address(ADMIN, {"pk": "{import}"}),
    "portal:columns": Address(ADMIN, {"pk": "{import}"}),
    "portal:words": Address(ADMIN, {"pk": "{import}"}),
    "portal:layouts": Address(ADMIN | GOVERNANCE),
    "portal:layout": Address(ADMIN, {"pk": "{layout}"}),
    "portal:delete_layout": Address(ADMIN, {"pk": "{layout}"}),
    "portal:forget_word": Address(ADMIN, {"pk": "{word}"}),
    "portal:discard": Address(ADMIN, {"pk": "{import}"}),
    "portal:otherwise": Address(IMPORTERS, {"pk": "{import}"}),
    "portal:apply": Address(ADMIN, {"pk": "{import}"}),
    "portal:file": Address(ADMIN, {"pk": "{import_kept}"}),
    "portal:choose": Address(IMPORTERS, {"pk": "{import}"}),
    "portal:choose_columns": Address(IMPORTERS, {"pk": "{import}"}),
    "portal:progress": Address(ADMIN, {"pk": "{import}"}),
    "portal:undo": Address(ADMIN, {"pk": "{import}"}),
    "portal:again": Address(IMPORTERS, {"pk": "{import}"}),
    "evidence:items": Address(ALL),
    "tracker:packs": Address(ALL),
    "tracker:new_pack": Address(ALL),
    "tracker:pack": Address(PACK_MAKER, {"pk": "{pack}"}),
    "tracker:pack_progress": Address(PACK_MAKER, {"pk": "{pack}"}),
    "tracker:pack_archive": Address(PACK_MAKER, {"pk": "{pack}"}),
    "tracker:build_pack_again": Address(PACK_MAKER, {"pk": "{pack}"}),
    "tracker:remove_pack": Address(PACK_MAKER, {"pk": "{pack}"}),
    "evidence:add": Address(ALL),
    "evidence:added": Address(ALL),
    "evidence:item": Address(ALL, {"pk": "{evidence}"}),
    "evidence:add_version": Address(EVIDENCE_KEEPERS, {"pk": "{evidence}"}),
    "evidence:edit": Address(EVIDENCE_KEEPERS, {"pk": "{evidence}"}),
    "evidence:withdraw": Address(EVIDENCE_KEEPERS, {"pk": "{evidence}"}),
    "evidence:restore": Address(EVIDENCE_KEEPERS - {"staff"}, {"pk": "{evidence}"}),
    "evidence:link_instead": Address(ALL, {"pk": "{evidence}"}),
    "evidence:link_areas": Address(EVIDENCE_KEEPERS, {"pk": "{evidence}"}),
    "evidence:link_characteristics": Address(EVIDENCE_KEEPERS, {"pk": "{evidence}", "number": "1"}),
    "evidence:unlink": Address(EVIDENCE_KEEPERS, {"pk": "{evidence_link}"}),
    "evidence:confirm_link": Address(ALL, {"pk": "{evidence_link}"}),
    "evidence:file": Address(ALL, {"pk": "{evidence_file}"}),
    "evidence:preview": Address(ALL, {"pk": "{evidence_file}"}),
    "evidence:meetings": Address(ALL),
    "evidence:meeting": Address(ALL, {"pk": "{corporate_meeting}"}),
    "evidence:meeting_add": Address(MEETING_KEEPERS),
    "evidence:meeting_change": Address(MEETING_KEEPERS, {"pk": "{corporate_meeting}"}),
    "evidence:meeting_end": Address(MEETING_KEEPERS, {"pk": "{corporate_meeting}"}),
    "evidence:meeting_remind": Address(MEETING_KEEPERS, {"pk": "{corporate_meeting}"}),
    "evidence:stop_reminding": Address(
        MEETING_KEEPERS, {"pk": "{corporate_meeting}", "user": "{user}"}
    ),
    # Staff are reminded of the meeting of the test.
    "evidence:nothing_to_keep": Address(MEETING_KEEPERS | {"staff"}, {"pk": "{corporate_meeting}"}),
    "evidence:practices": Address(ALL),
    "evidence:practice": Address(ALL, {"pk": "{practice}"}),
    "evidence:practice_add": Address(ALL),
    # Staff recorded the practice of the test; the delivery lead holds a lead.
    "evidence:practice_change": Address(MEETING_KEEPERS | {"staff"}, {"pk": "{practice}"}),
    "evidence:practice_take_up": Address(MEETING_KEEPERS | {"delivery"}, {"pk": "{practice}"}),
    "process": Address(ALL),
    "reports:reports": Address(REPORT_READERS),
    "reports:new": Address(REPORT_WRITERS),
    "reports:report": Address(REPORT_READERS, {"pk": "{report}"}),
    "reports:front": Address(REPORT_WRITERS, {"pk": "{report}"}),
    "reports:section": Address(REPORT_WRITERS, {"pk": "{report}", "key": "purpose"}),
    "reports:paper": Address(REPORT_READERS, {"pk": "{report}"}),
}
