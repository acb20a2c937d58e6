"""Addresses of people, groups, lists, and the PEN's own settings."""

from __future__ import annotations

from django.urls import path

from stationer.portal.people.views import lists, members, settings

urlpatterns = [
    path("people/", members.listing, name="people"),
    path("people/new/", members.new, name="new-member"),
    path("people/groups/", lists.groups, name="groups"),
    path("people/groups/<str:group>/", lists.group, name="group"),
    path("people/lists/", lists.lists, name="lists"),
    path("people/lists/<uuid:row>/", lists.one_list, name="list"),
    path("people/<str:member>/", members.page, name="member"),
    path("people/<str:member>/delete/", members.delete, name="delete-member"),
    path("settings/", settings.page, name="settings"),
]
