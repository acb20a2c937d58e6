"""Addresses of the Publish page, its versions, what a draft reaches, and of trying a mail."""

from __future__ import annotations

from django.urls import path

from stationer.portal.publishing.views import publish, reach, trial, versions

urlpatterns = [
    path("publish/", publish.page, name="publish"),
    path("publish/reach/", reach.publishing, name="publish-reach"),
    path("publish/undo/", versions.undo, name="undo"),
    path("publish/versions/", versions.listing, name="versions"),
    path("publish/versions/<str:publication>/", versions.page, name="version"),
    path("publish/versions/<str:publication>/restore/", versions.restore, name="restore-version"),
    path("campaigns/<str:campaign>/reach/", reach.campaign, name="campaign-reach"),
    path("try/", trial.page, name="try"),
    path("try/mail/", trial.mail, name="try-mail"),
    path("try/send/", trial.send, name="try-send"),
]
