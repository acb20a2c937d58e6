"""Addresses of an open letter, below /m/LOCATOR/."""

from __future__ import annotations

from django.urls import path

from stationer.portal.reading import letter, letter_reply

urlpatterns = [
    path("m/<str:locator>/body", letter.body, name="letter-body"),
    path("m/<str:locator>/parts/<str:path>", letter.part, name="letter-part"),
    path("m/<str:locator>/print", letter.printed, name="letter-print"),
    path("m/<str:locator>/pictures", letter.pictures, name="letter-pictures"),
    path("m/<str:locator>/reply", letter_reply.reply, name="letter-reply"),
]
