"""Every route of the API, by what it is about. Made by `make generated` from the API's description."""

from __future__ import annotations

from stationer.client.routes.alerts import AlertsRoutes
from stationer.client.routes.audit import AuditRoutes
from stationer.client.routes.bin import BinRoutes
from stationer.client.routes.company import CompanyRoutes
from stationer.client.routes.content import ContentRoutes
from stationer.client.routes.devices import DevicesRoutes
from stationer.client.routes.figures import FiguresRoutes
from stationer.client.routes.hooks import HooksRoutes
from stationer.client.routes.links import LinksRoutes
from stationer.client.routes.people import PeopleRoutes
from stationer.client.routes.publishing import PublishingRoutes
from stationer.client.routes.secure import SecureRoutes
from stationer.client.routes.surveys import SurveysRoutes
from stationer.client.routes.visitors import VisitorsRoutes


class Routes(
    AlertsRoutes,
    AuditRoutes,
    BinRoutes,
    CompanyRoutes,
    ContentRoutes,
    DevicesRoutes,
    FiguresRoutes,
    HooksRoutes,
    LinksRoutes,
    PeopleRoutes,
    PublishingRoutes,
    SecureRoutes,
    SurveysRoutes,
    VisitorsRoutes,
):
    """All of them."""
