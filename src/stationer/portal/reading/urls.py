"""Addresses of reading: a message's own, below /m/; what members and owners say of readers."""

from __future__ import annotations

from django.urls import path

from stationer.portal.reading import agreeing, phone, phone_pages, steps, views, ways
from stationer.portal.reading.letter_urls import urlpatterns as of_the_letter

urlpatterns = [
    path("m/<str:locator>", views.message, name="secure-message"),
    path("m/<str:locator>/code", views.code, name="secure-code"),
    path("m/<str:locator>/enter", views.enter, name="secure-enter"),
    path("m/<str:locator>/leave", views.leave, name="secure-leave"),
    path("m/<str:locator>/secret", steps.agreed, name="secure-secret"),
    path("m/<str:locator>/password", steps.password, name="secure-password"),
    path("m/<str:locator>/phone", phone.page, name="secure-phone"),
    path("m/<str:locator>/phone/enter", phone.enter, name="secure-phone-enter"),
    path("m/<str:locator>/passkey", steps.passkey, name="secure-passkey"),
    path("m/<str:locator>/passkey/ask", steps.passkey_asked, name="secure-passkey-ask"),
    path("m/<str:locator>/ways", ways.page, name="secure-ways"),
    path("m/<str:locator>/ways/begin", ways.begin, name="secure-ways-begin"),
    path("m/<str:locator>/ways/add", ways.add, name="secure-ways-add"),
    path("m/<str:locator>/ways/no", ways.decline, name="secure-ways-no"),
    *of_the_letter,
    path("letters/secrets/", agreeing.secrets, name="shared-secrets"),
    path("letters/phones/", phone_pages.numbers, name="contact-phones"),
    path("settings/reading/", agreeing.terms, name="reading-terms"),
    path("settings/reading/phone/", phone_pages.settings, name="phone-gateway"),
]
