"""Every address of the portal: health, sign-in, enrolling, pictures, the API, and the pages (`site.pages`)."""

from __future__ import annotations

from django.urls import include, path, re_path

from stationer.portal.content.serving import picture
from stationer.portal.directories.scim.views import scim
from stationer.portal.site import health
from stationer.portal.site.api import api

handler400 = "stationer.portal.site.refusals.bad_request"
handler403 = "stationer.portal.site.refusals.forbidden"
handler404 = "stationer.portal.site.refusals.not_found"
handler500 = "stationer.portal.site.refusals.fault"

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.prometheus, name="metrics"),
    re_path(r"^a/(?P<digest>[0-9a-f]{40})\.(?P<extension>png|jpg|gif)$", picture, name="picture"),
    path("api/v1/", api.urls),
    re_path(r"^scim/v2/?(?P<resource>.*)$", scim, name="scim"),
    path("accounts/", include("allauth.urls")),
    path("o/", include("stationer.portal.access.oauth")),
    path("", include("stationer.portal.site.pages")),
]
