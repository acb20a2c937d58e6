"""What an office manager and an IT colleague fill in together: where the directory is, how often, what may go."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.directories.models import Directory
from stationer.portal.directories.presets import PRESETS
from stationer.portal.directories.reading import sample
from stationer.portal.directories.sealing import seal
from stationer.portal.directories.told import Problem
from stationer.portal.directories.wording import PROBLEMS
from stationer.portal.people.importing.telling import told

if TYPE_CHECKING:
    _Form = forms.ModelForm[Directory]
else:
    _Form = forms.ModelForm
Security = Directory.Security
PORTS = {Security.LDAPS: 636, Security.STARTTLS: 389, Security.NONE: 389}
CODE = {"spellcheck": "false", "autocomplete": "off", "autocapitalize": "none"}
FOLDED = ("people_filter", "groups_base", "groups_filter", "authorities")
#: Which field a problem is told at.
AT = {
    "unknown-host": "host", "inside": "host", "refused": "port", "plain": "security", "confidential": "security",
    "tls": "authorities", "credentials": "password", "password": "password", "rights": "bind", "base": "base",
    "filter": "people_filter", "nobody": "people_filter",
}  # fmt: skip


class ServerForm(_Form):
    """Where it is, who asks, where people and groups are. `clean` connects and looks for a few people."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=[("ad", gettext_lazy("Active Directory")), ("other", gettext_lazy("OpenLDAP or another"))],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("It fills in what you leave empty below."),
    )
    port = forms.IntegerField(
        label=gettext_lazy("Port"),
        required=False,
        min_value=1,
        max_value=65_535,
        help_text=gettext_lazy("Empty: 636 where it is encrypted from the start, else 389."),
    )
    bind_password = forms.CharField(
        label=gettext_lazy("Its password"),
        required=False,
        max_length=300,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    people_filter = forms.CharField(
        label=gettext_lazy("Filter of people"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={**CODE, "rows": 2, "class": "is-code"}),
    )
    with_groups = forms.BooleanField(
        label=gettext_lazy("Bring in groups as well, with the groups inside them"),
        required=False,
        initial=True,
    )

    class Meta:
        model = Directory
        fields = (
            "name", "host", "security", "port", "bind", "base", "people_filter", "groups_base", "groups_filter",
            "authorities",
        )  # fmt: skip
        labels = {
            "name": gettext_lazy("What do you call it?"),
            "host": gettext_lazy("Server"),
            "security": gettext_lazy("Connection"),
            "bind": gettext_lazy("The account that reads"),
            "base": gettext_lazy("Where people are"),
            "groups_base": gettext_lazy("Where groups are"),
            "groups_filter": gettext_lazy("Filter of groups"),
            "authorities": gettext_lazy("Certificate of your own authority"),
        }
        help_texts = {
            "name": gettext_lazy("Such as “Head office”."),
            "host": gettext_lazy("Its full name, such as dc1.example.com."),
            "bind": gettext_lazy(
                "Such as cn=reader,dc=example,dc=com or reader@example.com. It need only read."
            ),
            "base": gettext_lazy("Such as ou=people,dc=example,dc=com."),
            "groups_base": gettext_lazy("Empty: where people are."),
            "authorities": gettext_lazy(
                "In PEM, from BEGIN CERTIFICATE on. Empty: what this server trusts anyway."
            ),
        }
        widgets = {
            "host": forms.TextInput(attrs=CODE),
            "bind": forms.TextInput(attrs=CODE),
            "base": forms.TextInput(attrs=CODE),
            "groups_base": forms.TextInput(attrs=CODE),
            "groups_filter": forms.Textarea(attrs={**CODE, "rows": 2, "class": "is-code"}),
            "authorities": forms.Textarea(attrs={**CODE, "rows": 3, "class": "is-code"}),
        }

    field_order = (
        "name", "kind", "host", "security", "port", "bind", "bind_password", "base", "with_groups", "people_filter",
        "groups_base", "groups_filter", "authorities",
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        row = self.instance
        for name in ("host", "base"):
            self.fields[name].required = True
        self.fresh = row._state.adding
        self.was = {name: getattr(row, name) for name in ("host", "port", "security", "authorities")}
        if self.fresh:
            self.fields["port"].initial = None
            self.initial.pop("port", None)
            return
        del self.fields["kind"]
        self.fields["bind_password"].help_text = _(
            "Empty: the one that is kept. With another server or certificate it is typed again."
        )
        self.initial["with_groups"] = bool(row.groups_filter)

    def first(self) -> list[Any]:
        """What everybody fills in."""
        return [field for field in self.visible_fields() if field.name not in FOLDED]

    def folded(self) -> list[Any]:
        """What is filled in by itself, unless an IT colleague knows better."""
        return [field for field in self.visible_fields() if field.name in FOLDED]

    def unfolded(self) -> bool:
        """Whether something is told there."""
        return any(field.errors for field in self.folded())

    def clean_host(self) -> str:
        return str(self.cleaned_data["host"]).strip().rstrip(".").lower()

    def clean_authorities(self) -> str:
        text = str(self.cleaned_data["authorities"]).strip()
        if text:
            try:
                ssl.create_default_context(cadata=text)
            except (ssl.SSLError, ValueError):
                raise ValidationError(_("This is no certificate in PEM.")) from None
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        preset = PRESETS.get(data.get("kind", ""), PRESETS["other"])
        if "security" in data and not data.get("port"):
            data["port"] = PORTS[Security(data["security"])]
        data["people_filter"] = " ".join(data.get("people_filter", "").split()) or preset.people_filter
        said = " ".join(data.get("groups_filter", "").split())
        data["groups_filter"] = (said or preset.groups_filter) if data.get("with_groups") else ""
        return data

    def _post_clean(self) -> None:
        row = self.instance
        if self.fresh and not row.rules:
            row.rules = PRESETS.get(self.cleaned_data.get("kind", ""), PRESETS["other"]).rules
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            self._seal()
        if not self.errors:
            self._connect()

    def _seal(self) -> None:
        row, typed = self.instance, self.cleaned_data["bind_password"]
        moved = any(getattr(row, name) != value for name, value in self.was.items())
        if typed:
            row.password = seal(row, typed)
        elif row.bind and (self.fresh or moved or not row.password):
            self.add_error("bind_password", _("Type its password, since this is where it will be sent."))

    def _connect(self) -> None:
        try:
            sample(self.instance)
        except Problem as problem:
            at = {"password": "bind_password"}.get(place := AT.get(problem.code, ""), place)
            self.add_error(at if at in self.fields else None, " ".join(told(PROBLEMS, problem.note())))

    def keep(self) -> Directory:
        """Write it. What it makes is shown to a person before it is done."""
        row = self.instance
        row.trusted, row.fingerprint = False, ""
        kept = [*self.Meta.fields, "password", "trusted", "fingerprint"]
        row.save(**{} if self.fresh else {"update_fields": kept})
        return row


class PaceForm(_Form):
    """How often, what may go without asking, and whom it leaves as they are."""

    class Meta:
        model = Directory
        fields = ("every", "most_gone", "also_above")
        labels = {
            "every": gettext_lazy("It is read"),
            "most_gone": gettext_lazy("Ask before more than so many per cent go"),
            "also_above": gettext_lazy(
                "It also decides names and packages of those who may do more here than keep people"
            ),
        }
        help_texts = {
            "most_gone": gettext_lazy(
                "Of its people, taken out or out of a group in one go. A slip in a filter looks like that."
            ),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.kind == Directory.Kind.SCIM:
            del self.fields["every"]  # it tells by itself

    def keep(self) -> None:
        """Write these, and nothing that a sync has written meanwhile."""
        kept = list(self.fields)
        if "also_above" in self.changed_data:
            self.instance.trusted, self.instance.fingerprint = False, ""
            kept += ["trusted", "fingerprint"]
        self.instance.save(update_fields=kept)


class NameForm(_Form):
    """What a directory is called that tells by itself; more need not be known of it."""

    class Meta:
        model = Directory
        fields = ("name",)
        labels = {"name": gettext_lazy("What do you call it?")}
        help_texts = {"name": gettext_lazy("Such as “Entra ID”.")}
