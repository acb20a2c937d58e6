"""Addresses: the page of an answer; surveys and their figures."""

from __future__ import annotations

from django.urls import path

from stationer.portal.surveys import answering, files, views

urlpatterns = [
    path("vote/<str:pen>/<str:token>", answering.page, name="vote"),
    path("figures/surveys/", views.listing, name="surveys"),
    path("figures/surveys/table.csv", files.table, name="surveys-file"),
    path("figures/surveys/<str:of>/<str:scale>/", views.survey, name="survey"),
    path("figures/surveys/<str:of>/<str:scale>/answers.csv", files.answers, name="survey-file"),
    path("figures/surveys/<str:of>/<str:scale>/<str:content>/", views.survey, name="survey"),
    path("figures/surveys/<str:of>/<str:scale>/<str:content>/answers.csv", files.answers, name="survey-file"),
]
