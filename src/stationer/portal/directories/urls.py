"""Addresses of directories."""

from __future__ import annotations

from django.urls import path

from stationer.portal.directories.views import listing, page

urlpatterns = [
    path("people/directories/", listing.listing, name="directories"),
    path("people/directories/new/", listing.new, name="new-directory"),
    path("people/directories/new/scim/", listing.new_scim, name="new-scim-directory"),
    path("people/directories/<str:directory>/", page.page, name="directory"),
    path("people/directories/<str:directory>/server/", page.server, name="directory-server"),
    path("people/directories/<str:directory>/rules/", page.rules, name="directory-rules"),
]
