"""Addresses of this app."""

from django.urls import path

from stationer.portal.notices import discovery, earlier, editing, keeping, views

urlpatterns = [
    path(".well-known/stationer/<str:pen>", discovery.descriptor, name="pen-descriptor"),
    path("check/", views.check, name="check-notice"),
    path("settings/notifications/", editing.page, name="notices"),
    path("settings/notifications/preview/", editing.preview, name="notices-preview"),
    path("settings/notifications/versions/", earlier.versions, name="notices-versions"),
    path("settings/notifications/versions/<int:wording>/", earlier.version, name="notices-version"),
    path("settings/notifications/keys/", keeping.page, name="notices-keys"),
]
