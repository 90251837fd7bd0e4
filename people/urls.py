"""Addresses of accounts and lead holders (who leads what is a page of tracker)."""

from django.urls import path

from people import delegate_views, views

app_name = "people"
urlpatterns = [
    path("accounts/", views.account_list, name="accounts"),
    path("accounts/add/", views.account_add, name="account_add"),
    path("accounts/<int:pk>/", views.account_change, name="account_change"),
    path("accounts/<int:pk>/password/", views.account_password, name="account_password"),
    path("leads/add/", views.lead_add, name="lead_add"),
    path("leads/<slug:slug>/", views.lead, name="lead"),
    path("leads/<slug:slug>/change/", views.lead_change, name="lead_change"),
    path("delegates/", delegate_views.delegates, name="delegates"),
    path("delegates/<int:pk>/end/", delegate_views.delegate_end, name="delegate_end"),
    path("holders/<int:pk>/end/", views.holder_end, name="holder_end"),
]
