"""Addresses of the trial, below /trial/."""

from __future__ import annotations

from django.urls import path

from stationer.portal.trial import views

urlpatterns = [
    path("", views.begin, name="trial"),
    path("code/", views.code, name="trial-code"),
    path("sent/", views.sent, name="trial-sent"),
    path("keep/<str:token>/", views.keep, name="trial-keep"),
    path("keep/<str:token>/mail/", views.mail, name="trial-mail"),
]
