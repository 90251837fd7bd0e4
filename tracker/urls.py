"""Addresses of StART: actions, and the pages about what actions come from and who leads them."""

from django.urls import path

from tracker import framework_views, lead_views, publication_views, views
from tracker.publication_list import PublicationListPage

app_name = "tracker"
urlpatterns = [
    path("actions/", views.ActionListPage.as_view(), name="actions"),
    path("actions/<str:reference>/", views.action, name="action"),
    path("publications/", PublicationListPage.as_view(), name="publications"),
    path("publications/<slug:slug>/", publication_views.publication, name="publication"),
    path("paf/", framework_views.frameworks, name="frameworks"),
    path("paf/<str:version>/", framework_views.framework, name="framework"),
    path("paf/<str:version>/<int:number>/", framework_views.question, name="question"),
    path("people/", lead_views.leads, name="leads"),
]
