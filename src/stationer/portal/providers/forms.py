"""What an owner fills in together with whoever looks after the company's sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.access.domains import challenges
from stationer.portal.directories.shaping import RulesForm
from stationer.portal.providers.claims import FIRST
from stationer.portal.providers.emergency import any_owner_has
from stationer.portal.providers.models import Provider
from stationer.portal.providers.saml import MOST_METADATA
from stationer.portal.providers.sealing import seal
from stationer.portal.providers.told import Refused
from stationer.portal.providers.trying import found_at
from stationer.portal.site.fields import Many

if TYPE_CHECKING:
    _Form = forms.ModelForm[Provider]
else:
    _Form = forms.ModelForm
CODE = {"spellcheck": "false", "autocomplete": "off", "autocapitalize": "none"}
Kind, Way = Provider.Kind, Provider.Way
#: What counts as a second factor there, before an owner says otherwise (RFC 8176; REFEDS; Entra ID).
PROOFS = {
    Kind.OIDC: ["mfa"],
    Kind.SAML: ["https://refeds.org/profile/mfa", "http://schemas.microsoft.com/claims/multipleauthn"],
}


class ServerForm(forms.Form):
    """Where it is. `clean` asks it who it is; what it answers is kept."""

    name = forms.CharField(
        label=gettext_lazy("What do your people call it?"),
        max_length=120,
        help_text=gettext_lazy("It stands on the button: “Microsoft”, “Google”, “our sign-in”."),
    )

    def __init__(self, row: Provider, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.row, self.found = row, dict[str, Any]()
        self.fresh = row._state.adding
        self.fields["name"].initial = row.name

    def ask(self, at: str, issuer: str = "", document: str = "", text: str = "") -> None:
        """What it says of itself; a mistake is told at the field `at`."""
        try:
            self.found = found_at(self.row.kind, issuer, document, text)
        except Refused as error:
            told = f"{error.sentences()[0]} {error.detail}" if error.code == "extra" else error.detail
            self.add_error(at, _("It cannot be used: {why}.").format(why=told.rstrip(".")))
            return
        if not self.fresh and self.row.on and self.found["issuer"] != self.row.issuer:
            self.add_error(
                at, _("This is another one, and people sign in by the present one: switch that off first.")
            )

    def keep(self) -> Provider:
        """Write it. What was tried by other settings counts no more, and other settings may be another's people."""
        row = self.row
        row.name, row.issuer, row.found, row.tried_at = (
            self.cleaned_data["name"].strip(), self.found["issuer"], self.found, None,
        )  # fmt: skip
        if self.fresh:
            row.rules, row.proofs = FIRST[row.kind], PROOFS[Kind(row.kind)]
        self.fill(row)
        row.full_clean(exclude=["pen"])
        row.save()
        return row

    def fill(self, row: Provider) -> None:
        """The rest of the row."""


class OidcForm(ServerForm):
    """OpenID Connect: issuer, client, secret."""

    issuer = forms.CharField(
        label=gettext_lazy("Issuer"),
        max_length=1000,
        help_text=gettext_lazy("Such as https://accounts.google.com. Its configuration is found by itself."),
        widget=forms.TextInput(attrs={**CODE, "inputmode": "url"}),
    )
    client_id = forms.CharField(
        label=gettext_lazy("Client ID"), max_length=300, widget=forms.TextInput(attrs=CODE)
    )
    secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        required=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, row: Provider, *args: Any, **options: Any) -> None:
        super().__init__(row, *args, **options)
        self.was = (row.issuer, row.client_id)
        self.fields["issuer"].initial, self.fields["client_id"].initial = self.was
        secret = self.fields["secret"]
        secret.required = self.fresh
        secret.error_messages["required"] = _("Type its secret, since this is where it will be shown.")
        if not self.fresh:
            secret.help_text = _("Empty: the one that is kept. With another client it is typed again.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "issuer" in data:
            self.ask("issuer", issuer=data["issuer"].strip())
        if self.found and not data.get("secret"):
            now = (self.found["issuer"], data.get("client_id", "").strip())
            if not self.fresh and now != self.was:
                self.add_error("secret", _("Type its secret, since this is where it will be shown."))
        return data

    def fill(self, row: Provider) -> None:
        row.client_id = self.cleaned_data["client_id"].strip()
        if self.cleaned_data["secret"]:
            row.secret = seal(row, self.cleaned_data["secret"])


class SamlForm(ServerForm):
    """SAML 2.0: its metadata, from an address or a file."""

    document = forms.CharField(
        label=gettext_lazy("Address of its metadata"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("It is read again every day, so that new certificates come in by themselves."),
        widget=forms.TextInput(attrs={**CODE, "inputmode": "url"}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or its metadata as a file"),
        required=False,
        help_text=gettext_lazy("XML. With a new certificate a new file is needed."),
    )
    vouched = forms.BooleanField(
        label=gettext_lazy("Only its administrators set the addresses that it names"),
        help_text=gettext_lazy(
            "SAML cannot say that an address is verified. Without this nobody can come in by it for the first time."
        ),
        required=False,
    )

    def __init__(self, row: Provider, *args: Any, **options: Any) -> None:
        super().__init__(row, *args, **options)
        self.fields["document"].initial = row.found.get("document", "")
        self.fields["vouched"].initial = row.vouched

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        document, file = data.get("document", "").strip(), data.get("file")
        if file is not None and file.size > MOST_METADATA:
            self.add_error("file", _("It cannot be used: {why}.").format(why=f"> {MOST_METADATA // 1000} KB"))
        elif file is not None:
            self.ask("file", text=file.read().decode("utf-8", "replace"))
        elif document:
            self.ask("document", document=document)
        elif self.fresh or self.row.found.get("document"):
            self.add_error("document", _("Say where its metadata is, or choose the file."))
        else:
            self.found = self.row.found
        return data

    def fill(self, row: Provider) -> None:
        row.vouched = self.cleaned_data["vouched"]


def server_form(row: Provider, *args: Any, **options: Any) -> ServerForm:
    """The one for its kind."""
    return (OidcForm if row.kind == Kind.OIDC else SamlForm)(row, *args, **options)


class UseForm(_Form):
    """For whom it is, and what it counts for."""

    domains = Many(
        long=True,
        label=gettext_lazy("It is for addresses at"),
        help_text=gettext_lazy("Only domains that your company has proven here."),
    )
    proofs = forms.CharField(
        label=gettext_lazy("What it says of a second factor"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy(
            "One a line: values of amr, acr or AuthnContextClassRef that count, such as mfa."
        ),
        widget=forms.Textarea(attrs={**CODE, "rows": 2, "class": "is-code"}),
    )

    class Meta:
        model = Provider
        fields = ("domains", "way", "joining", "factor", "proofs")
        labels = {
            "way": gettext_lazy("How it is used"),
            "joining": gettext_lazy("Who comes in"),
            "factor": gettext_lazy("The second factor before Publish"),
        }
        widgets = {"way": forms.RadioSelect, "joining": forms.RadioSelect, "factor": forms.RadioSelect}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        proven = [one.domain for one in challenges(self.instance.pen) if one.proven_at]
        self.fields["domains"].choices = [(one, one) for one in proven]  # type: ignore[attr-defined]
        self.initial["domains"] = [one for one in self.instance.domains if one in proven]
        self.initial["proofs"] = "\n".join(self.instance.proofs)

    def clean_proofs(self) -> list[str]:
        said = (one.strip()[:200] for one in self.cleaned_data["proofs"].splitlines())
        return list(dict.fromkeys(one for one in said if one))[:20]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        way, row = data.get("way", Way.OFF), self.instance
        if way != Way.OFF and not data.get("domains"):
            self.add_error(
                "domains", _("Choose at least one domain: whoever has an address there comes by it.")
            )
        if way != Way.OFF and row.kind == Kind.SAML and not row.vouched:
            self.add_error("way", _("First say under “Its server” who sets the addresses that it names."))
        changed = set(data.get("domains", ())) != set(row.domains)  # what was tried was tried for others
        if way == Way.REQUIRED and row.tried_at is None:
            self.add_error("way", _("Try it first: nobody else gets in when it does not work."))
        elif way == Way.REQUIRED and changed:
            self.add_error(
                "way", _("The domains are others now. Save them with another choice here, then try it.")
            )
        if changed:
            row.tried_at = None
        if way == Way.REQUIRED and not any_owner_has():
            self.add_error(
                "way",
                _("First write down emergency codes: without them a mistake there shuts everybody out."),
            )
        if data.get("factor") == Provider.Factor.THEIRS and not data.get("proofs"):
            self.add_error("proofs", _("Say what it answers when a second factor was shown there."))
        return data


class ClaimsForm(RulesForm):
    """What becomes of what it says: the address, and details of a person."""

    def offered(self) -> dict[str, str]:
        return {to: name for to, name in super().offered().items() if to == "address" or to.startswith("a:")}
