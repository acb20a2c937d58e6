"""Addresses of the pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from stationer.portal.site import beginning, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.front, name="home"),
    path("invitation/<str:token>/", beginning.invitation, name="invitation"),
    path("companies/new/", beginning.new_company, name="new-company"),
    path("first-run/", views.first_run, name="first-run"),
    path("theme/", views.theme, name="theme"),
    path("language/", set_language, name="set_language"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("styleguide/mail/<str:view>/", views.styleguide_mail, name="styleguide-mail"),
    path("", include("stationer.portal.company.urls")),
    path("", include("stationer.portal.directories.urls")),  # before people/<member>/
    path("", include("stationer.portal.people.urls")),
    path("", include("stationer.portal.access.urls")),
    path("", include("stationer.portal.content.urls")),
    path("", include("stationer.portal.publishing.urls")),
    path("", include("stationer.portal.audit.urls")),
    path("", include("stationer.portal.statistics.visiting.urls")),
    path("", include("stationer.portal.statistics.linking.urls")),
    path("", include("stationer.portal.statistics.privacy.urls")),
    path("", include("stationer.portal.alerts.urls")),
    path("", include("stationer.portal.hooks.urls")),
    path("", include("stationer.portal.providers.urls")),
    path("", include("stationer.portal.visits.urls")),
    path("", include("stationer.portal.partners.urls")),
    path("", include("stationer.portal.surveys.urls")),
    path("", include("stationer.portal.notices.urls")),
    path("", include("stationer.portal.reputation.urls")),
    path("trial/", include("stationer.portal.trial.urls")),
    path("", include("stationer.portal.reading.urls")),
    path("", include("stationer.portal.statistics.urls")),
]
