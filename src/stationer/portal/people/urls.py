"""Addresses of people, groups, lists, and the PEN's own settings."""

from __future__ import annotations

from django.urls import path

from stationer.portal.people.views import (
    attributes,
    bin,
    choosing,
    delegates,
    importing,
    lists,
    members,
    own,
    packages,
    settings,
)

urlpatterns = [
    path("people/", members.listing, name="people"),
    path("people/new/", members.new, name="new-member"),
    path("people/groups/", lists.groups, name="groups"),
    path("people/groups/<str:group>/", lists.group, name="group"),
    path("people/lists/", lists.lists, name="lists"),
    path("people/lists/<uuid:row>/", lists.one_list, name="list"),
    path("people/groups/<str:group>/people/", lists.group_people, name="group-people"),
    path("people/packages/", packages.listing, name="packages"),
    path("people/packages/<str:package>/", packages.page, name="package"),
    path("people/details/", attributes.listing, name="attributes"),
    path("people/details/<slug:attribute>/", attributes.page, name="attribute"),
    path("people/changes/", own.waiting, name="proposals"),
    path("people/changes/<str:change>/", own.decide, name="decide-proposal"),
    path("people/together/", choosing.together, name="people-together"),
    path("people/import/", importing.begin, name="import-people"),
    path("people/import/<str:file>/", importing.page, name="import"),
    path("people/import/<str:file>/go/", importing.go, name="import-go"),
    path("people/import/<str:file>/wrong.csv", importing.wrong_lines, name="import-wrong"),
    path("people/bin/", bin.listing, name="people-bin"),
    path("people/bin/<str:gone_row>/", bin.bring_back, name="people-bring-back"),
    path("people/everyone.csv", importing.export, name="export-people"),
    path("people/<str:member>/", members.page, name="member"),
    path("people/<str:member>/delegates/", delegates.page, name="member-delegates"),
    path("people/<str:member>/photo/", members.photo, name="member-photo"),
    path("people/<str:member>/delete/", members.delete, name="delete-member"),
    path("myself/details/", own.details, name="own-details"),
    path("myself/delegates/", delegates.own, name="own-delegates"),
    path("myself/photo/", own.photo, name="own-photo"),
    path("settings/", settings.page, name="settings"),
]
