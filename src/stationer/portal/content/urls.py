"""Addresses of templates, campaigns, messages, and their previews."""

from __future__ import annotations

from django.urls import path

from stationer.portal.content.views import (
    bin,
    campaign_list,
    campaigns,
    gallery,
    house,
    messages,
    pictures,
    previews,
    templates,
)

urlpatterns = [
    path("templates/", templates.listing, name="templates"),
    path("templates/new/", templates.new, name="new-template"),
    path("templates/<str:template>/", templates.page, name="template"),
    path("templates/<str:template>/preview/", previews.template, name="template-preview"),
    path("templates/<str:template>/name/", templates.name, name="template-name"),
    path("templates/<str:template>/<str:part>/", templates.part, name="template-part"),
    path("campaigns/", campaign_list.listing, name="campaigns"),
    path("campaigns/new/", campaign_list.new, name="new-campaign"),
    path("campaigns/<str:campaign>/", campaigns.page, name="campaign"),
    path("campaigns/<str:campaign>/state/", campaigns.state, name="campaign-state"),
    path("campaigns/<str:campaign>/name/", campaigns.name, name="campaign-name"),
    path("campaigns/<str:campaign>/messages/new/", messages.new, name="new-message"),
    path("messages/<str:message>/", messages.page, name="message"),
    path("messages/<str:message>/preview/", previews.message, name="message-preview"),
    path("messages/<str:message>/delete/", messages.delete, name="delete-message"),
    path("starters/<str:starter>/", gallery.starter, name="starter"),
    path("bin/", bin.listing, name="bin"),
    path("bin/<str:binned>/", bin.bring_back, name="bring-back"),
    path("settings/mail/", house.page, name="house-rules"),
    path("preview/", previews.own, name="own-preview"),
    path("pictures/", pictures.listing, name="pictures"),
    path("pictures/<str:picture>/", pictures.page, name="picture-page"),
]
