"""Addresses of partners' pages, of the operator's, and of what is for everyone."""

from __future__ import annotations

from django.urls import path, re_path

from stationer.portal.partners import labels
from stationer.portal.partners.views import companies, handing, label, operating, public, staff, statements

urlpatterns = [
    path("partner/", companies.choose, name="partners"),
    path("partner/<str:partner>/", companies.page, name="partner"),
    path("partner/<str:partner>/companies/new/", companies.new, name="partner-new-company"),
    path("partner/<str:partner>/companies/<str:company>/", companies.company, name="partner-company"),
    path("partner/<str:partner>/hand/", handing.page, name="partner-hand"),
    path("partner/<str:partner>/hand/<str:part>/", handing.part, name="partner-part"),
    path("partner/<str:partner>/hand/<str:part>/preview/", handing.preview, name="partner-part-preview"),
    path("partner/<str:partner>/statements/", statements.page, name="partner-statements"),
    path("partner/<str:partner>/statements/<str:month>.csv", statements.file, name="partner-statement"),
    path("partner/<str:partner>/label/", label.page, name="partner-label"),
    path("partner/<str:partner>/staff/", staff.page, name="partner-staff"),
    path("partner/<str:partner>/resellers/new/", staff.reseller, name="partner-new-reseller"),
    path("partners/become/", public.become, name="become-partner"),
    path("partners/become/done/", public.done, name="become-partner-done"),
    path("at/<slug:slug>/", public.door, name="door"),
    path("operator/", operating.page, name="operator"),
    path("operator/enquiries/<str:enquiry>/", operating.enquiry, name="operator-enquiry"),
    re_path(r"^label/(?P<digest>[0-9a-f]{40})\.(?P<extension>png|jpg|gif)$", labels.logo, name="label-logo"),
]
