"""Routes about alerts. Made by `make generated` from the API's description."""

from __future__ import annotations

from collections.abc import Iterator

from stationer.client.calling import Caller, NoneType, place
from stationer.client.shapes import AlertShown, NewRule, RuleChange, RuleShown


class AlertsRoutes(Caller):
    """What can be asked about alerts."""

    def list_alert_rules(self, *, limit: int | None = None) -> Iterator[RuleShown]:
        """All rules. A key needs `see-visitors`."""
        return self.each("/alert-rules", RuleShown, query={"limit": limit})

    def add_alert_rule(self, body: NewRule, *, key: str = "") -> RuleShown:
        """A rule; it holds from the next click on. A key needs `change-content`."""
        return self.call("POST", "/alert-rules", RuleShown, body=body, key=key)

    def get_alert_rule(self, rule_id: str) -> RuleShown:
        """One rule. A key needs `see-visitors`."""
        return self.call("GET", f"/alert-rules/{place(rule_id)}", RuleShown)

    def change_alert_rule(self, rule_id: str, body: RuleChange) -> RuleShown:
        """Change it. A key needs `change-content`."""
        return self.call("PATCH", f"/alert-rules/{place(rule_id)}", RuleShown, body=body)

    def remove_alert_rule(self, rule_id: str) -> None:
        """Take it away; what it raised is told still. A key needs `change-content`."""
        self.call("DELETE", f"/alert-rules/{place(rule_id)}", NoneType)

    def list_alerts(self, *, limit: int | None = None) -> Iterator[AlertShown]:
        """What was told and what waits, of three months. A key needs `see-visitors`."""
        return self.each("/alerts", AlertShown, query={"limit": limit})
