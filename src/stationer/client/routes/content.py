"""Routes about content. Made by `make generated` from the API's description."""

from __future__ import annotations

from collections.abc import Iterator

from stationer.client.calling import Caller, NoneType, place
from stationer.client.form import File
from stationer.client.shapes import (
    CampaignChange,
    CampaignShown,
    Linting,
    LintShown,
    MessageChange,
    MessageShown,
    NewCampaign,
    NewMessage,
    NewTemplate,
    PictureShown,
    RulesShown,
    TemplateChange,
    TemplateShown,
)


class ContentRoutes(Caller):
    """What can be asked about content."""

    def list_templates(self, *, limit: int | None = None) -> Iterator[TemplateShown]:
        """Templates. A key needs `see-content`."""
        return self.each("/templates", TemplateShown, query={"limit": limit})

    def add_template(self, body: NewTemplate, *, key: str = "") -> TemplateShown:
        """A new template. A key needs `change-content`."""
        return self.call("POST", "/templates", TemplateShown, body=body, key=key)

    def get_template(self, template_id: str) -> TemplateShown:
        """One template. A key needs `see-content`."""
        return self.call("GET", f"/templates/{place(template_id)}", TemplateShown)

    def change_template(self, template_id: str, body: TemplateChange) -> TemplateShown:
        """Change what is sent. A key needs `change-content`."""
        return self.call("PATCH", f"/templates/{place(template_id)}", TemplateShown, body=body)

    def remove_template(self, template_id: str) -> None:
        """Gone from the drafts at once, into the bin for 30 days; from mail at the next Publish. A key
        needs `change-content`."""
        self.call("DELETE", f"/templates/{place(template_id)}", NoneType)

    def list_campaigns(self, *, limit: int | None = None) -> Iterator[CampaignShown]:
        """Campaigns. A key needs `see-content`."""
        return self.each("/campaigns", CampaignShown, query={"limit": limit})

    def add_campaign(self, body: NewCampaign, *, key: str = "") -> CampaignShown:
        """A new campaign. A key needs `change-content`."""
        return self.call("POST", "/campaigns", CampaignShown, body=body, key=key)

    def get_campaign(self, campaign_id: str) -> CampaignShown:
        """One campaign. A key needs `see-content`."""
        return self.call("GET", f"/campaigns/{place(campaign_id)}", CampaignShown)

    def change_campaign(self, campaign_id: str, body: CampaignChange) -> CampaignShown:
        """Change what is sent. A key needs `change-content`."""
        return self.call("PATCH", f"/campaigns/{place(campaign_id)}", CampaignShown, body=body)

    def remove_campaign(self, campaign_id: str) -> None:
        """The campaign and its messages are gone from the drafts. A key needs `change-content`."""
        self.call("DELETE", f"/campaigns/{place(campaign_id)}", NoneType)

    def list_messages(
        self, *, limit: int | None = None, campaign: str | None = None
    ) -> Iterator[MessageShown]:
        """Messages, of one campaign where it is named. A key needs `see-content`."""
        return self.each("/messages", MessageShown, query={"limit": limit, "campaign": campaign})

    def add_message(self, body: NewMessage, *, key: str = "") -> MessageShown:
        """A new message. A key needs `change-content`."""
        return self.call("POST", "/messages", MessageShown, body=body, key=key)

    def get_message(self, message_id: str) -> MessageShown:
        """One message. A key needs `see-content`."""
        return self.call("GET", f"/messages/{place(message_id)}", MessageShown)

    def change_message(self, message_id: str, body: MessageChange) -> MessageShown:
        """Change what is sent. A key needs `change-content`."""
        return self.call("PATCH", f"/messages/{place(message_id)}", MessageShown, body=body)

    def remove_message(self, message_id: str) -> None:
        """The message is gone from the drafts. A key needs `change-content`."""
        self.call("DELETE", f"/messages/{place(message_id)}", NoneType)

    def lint_source(self, body: Linting, *, key: str = "") -> LintShown:
        """What is to be said of a source that is nowhere kept. A key needs `see-content`."""
        return self.call("POST", "/lint", LintShown, body=body, key=key)

    def list_rules(self) -> RulesShown:
        """Every rule by its id. A key needs `see-content`."""
        return self.call("GET", "/lint/rules", RulesShown)

    def lint_message(self, message_id: str) -> LintShown:
        """What is to be said of a message's draft. A key needs `see-content`."""
        return self.call("GET", f"/messages/{place(message_id)}/findings", LintShown)

    def lint_template(self, template_id: str) -> LintShown:
        """What is to be said of a template's draft, part by part. A key needs `see-content`."""
        return self.call("GET", f"/templates/{place(template_id)}/findings", LintShown)

    def list_pictures(self, *, limit: int | None = None) -> Iterator[PictureShown]:
        """Pictures. A key needs `see-content`."""
        return self.each("/pictures", PictureShown, query={"limit": limit})

    def add_picture(
        self,
        picture: bytes | File,
        name: str,
        *,
        alt: str | None = None,
        place: str | None = None,
        key: str = "",
    ) -> PictureShown:
        """Take in a PNG, JPEG or GIF under a name (multipart/form-data). The picture of that name before is
        replaced. With a `place` (`wide`, `half`, `logo`, `portrait`) it is turned, scaled and written anew
        as the pages do it; without one it is kept as it is, when it is no more than 2 MB. A key needs
        `change-content`."""
        return self.call(
            "POST",
            "/pictures",
            PictureShown,
            files={"picture": picture, "name": name, "alt": alt, "place": place},
            key=key,
        )

    def get_picture(self, picture_id: str) -> PictureShown:
        """One picture. A key needs `see-content`."""
        return self.call("GET", f"/pictures/{place(picture_id)}", PictureShown)

    def remove_picture(self, picture_id: str) -> None:
        """No longer to be used; its address goes on to work, since mails already carry it. A key needs
        `change-content`."""
        self.call("DELETE", f"/pictures/{place(picture_id)}", NoneType)
