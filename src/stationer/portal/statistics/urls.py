"""Addresses of the figures."""

from __future__ import annotations

from django.urls import path

from stationer.portal.statistics.figures.views import files, keeping, pages, parts

urlpatterns = [
    path("figures/", pages.overview, name="figures"),
    path("figures/members/<str:member>/", parts.member, name="figures-member"),
    path("figures/domains/<str:domain>/", parts.domain, name="figures-domain"),
    path("figures/lists/<str:row>/", parts.of_list, name="figures-list"),
    path("figures/by/<str:sort>/", parts.listing, name="figures-parts"),
    path("figures/<str:what>.csv", files.csv, name="figures-file"),
    path("campaigns/<str:campaign>/figures/", pages.campaign, name="campaign-figures"),
    path("messages/<str:message>/figures/", pages.message, name="message-figures"),
    path("settings/keeping/", keeping.page, name="keeping"),
]
