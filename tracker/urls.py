"""Addresses of StART: actions, and the pages about what actions come from and who leads them."""

from django.urls import path

from tracker.views import (
    actions,
    allocation,
    closures,
    due_dates,
    editing,
    frameworks,
    leads,
    new_actions,
    outcomes,
    proposals,
    publication_forms,
    publications,
    queues,
    updates,
    work,
)
from tracker.views.publication_list import PublicationListPage

app_name = "tracker"
urlpatterns = [
    path("actions/", actions.ActionListPage.as_view(), name="actions"),
    path("actions/allocate/", allocation.several, name="allocate_several"),
    path("actions/due-dates/", allocation.due_dates, name="due_dates"),
    path("actions/<str:reference>/", actions.action, name="action"),
    path("actions/<str:reference>/allocate/", allocation.one, name="allocate"),
    path("actions/<str:reference>/agreed-date/", allocation.agreed_date, name="agreed_date"),
    path("actions/<str:reference>/edit/", editing.edit, name="edit_action"),
    path("actions/<str:reference>/update/", updates.update, name="update"),
    path("actions/<str:reference>/due-date/", due_dates.due_date, name="due_date"),
    path(
        "actions/<str:reference>/propose-closure/",
        proposals.propose_closure,
        name="propose_closure",
    ),
    path(
        "actions/<str:reference>/evidence/add/",
        proposals.attach_evidence,
        name="attach_evidence",
    ),
    path(
        "actions/<str:reference>/verification/",
        outcomes.VerificationPage.as_view(),
        name="verification",
    ),
    path("actions/<str:reference>/outcome/", outcomes.DecisionPage.as_view(), name="outcome"),
    path("actions/<str:reference>/level/", outcomes.LevelPage.as_view(), name="level"),
    path("actions/<str:reference>/supersede/", outcomes.SupersedePage.as_view(), name="supersede"),
    path("actions/<str:reference>/withdraw/", outcomes.WithdrawPage.as_view(), name="withdraw"),
    path(
        "actions/<str:reference>/not-accept/", outcomes.NotAcceptPage.as_view(), name="not_accept"
    ),
    path("actions/<str:reference>/reopen/", outcomes.ReopenPage.as_view(), name="reopen"),
    path("actions/<str:reference>/error/", outcomes.entered_in_error, name="error"),
    path(
        "actions/<str:reference>/history/<int:sequence>/",
        outcomes.correct_day,
        name="correct_day",
    ),
    path("due-dates/<int:pk>/", due_dates.due_request, name="due_request"),
    path("closures/", queues.closures, name="closures"),
    path("closures/return/", queues.send_back_several, name="return_closures"),
    path("closures/<int:pk>/", closures.closure, name="closure"),
    path("closures/<int:pk>/change/", proposals.change_proposal, name="change_proposal"),
    path("closures/<int:pk>/return/", closures.send_back, name="return_closure"),
    path("closures/<int:pk>/defer/", closures.defer, name="defer_closure"),
    path("closures/<int:pk>/summary/", closures.summary, name="closure_summary"),
    path("work/", work.work, name="work"),
    path("work/notices/", work.notices_read, name="notices_read"),
    path("publications/", PublicationListPage.as_view(), name="publications"),
    path("publications/add/", publication_forms.add, name="publication_add"),
    path("publications/<slug:slug>/", publications.publication, name="publication"),
    path("publications/<slug:slug>/edit/", publication_forms.change, name="publication_edit"),
    path(
        "publications/<slug:slug>/response/",
        publication_forms.response,
        name="publication_response",
    ),
    path("publications/<slug:slug>/actions/add/", new_actions.add, name="actions_add"),
    path("paf/", frameworks.frameworks, name="frameworks"),
    path("paf/<str:version>/", frameworks.framework, name="framework"),
    path("paf/<str:version>/<int:number>/", frameworks.question, name="question"),
    path("people/", leads.leads, name="leads"),
]
