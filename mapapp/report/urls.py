"""Addresses of reports and votes. None holds a report's number."""

from django.urls import path

from mapapp.report import figure, status, useful, views

urlpatterns = [
    path("report", views.report_page, name="report"),
    path("report/status", status.status_page, name="report_status"),
    path("report/vote", status.vote_page, name="report_vote"),
    path("vote", useful.useful_page, name="vote"),
    path("satisfaction", figure.satisfaction_page, name="satisfaction"),
]
