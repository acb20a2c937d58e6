"""SAML 2.0, Web Browser SSO: the IdP's metadata, the way there, and what comes back (contract/sign-in.md §4).

python3-saml reads and judges, strictly: a signed assertion, its times, and audience, recipient, destination and request
where they are said. That the signed part says them is judged here (`_confirmed`). It comes with the extra
`stationer[saml]`; without it `available()` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from stationer.portal.hooks import guarding
from stationer.portal.providers.models import Provider
from stationer.portal.providers.replays import first_use
from stationer.portal.providers.told import Refused, Said

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
#: Octets of a response (base64) and of metadata that are read.
MOST_RESPONSE, MOST_METADATA = 400_000, 1_000_000
#: What attributes are called that IdPs name by number (RFC 4519, RFC 2798).
OIDS = {
    "urn:oid:0.9.2342.19200300.100.1.3": "mail",
    "urn:oid:2.5.4.42": "givenname",
    "urn:oid:2.5.4.4": "sn",
    "urn:oid:2.5.4.3": "cn",
    "urn:oid:2.5.4.12": "title",
    "urn:oid:2.5.4.20": "telephonenumber",
    "urn:oid:2.5.4.11": "ou",
    "urn:oid:2.16.840.1.113730.3.1.241": "displayname",
}
#: Where Entra ID says how somebody signed in.
METHODS = "http://schemas.microsoft.com/claims/authnmethodsreferences"


def available() -> bool:
    """Whether the extra is installed."""
    return find_spec("onelogin") is not None


def needed() -> None:
    """Raises Refused `extra` where it is not."""
    if not available():
        raise Refused("extra")


def read_metadata(text: str | bytes, *, inside: bool) -> dict[str, Any]:
    """An IdP's metadata as a row keeps it: `issuer`, `sso`, `certificates`. Raises Refused."""
    needed()
    from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

    if len(text) > MOST_METADATA:
        raise Refused("unreachable", "the metadata is longer than a megabyte")
    try:
        found = OneLogin_Saml2_IdPMetadataParser.parse(
            text, required_sso_binding=REDIRECT, required_slo_binding=REDIRECT
        ).get("idp", {})
    except Exception as error:  # lxml, xmlsec and the parser raise what they like
        raise Refused("unreachable", f"this is no metadata of SAML 2.0: {error}"[:300]) from error
    multi = found.get("x509certMulti", {})
    certificates = [found["x509cert"]] if "x509cert" in found else list(multi.get("signing", ()))
    issuer, sso = str(found.get("entityId", "")), found.get("singleSignOnService", {}).get("url", "")
    if not issuer or len(issuer) > 1000 or not certificates:
        raise Refused("unreachable", "there is no entityID, or no certificate for signing, in the metadata")
    try:
        guarding.split(sso, inside=inside)
    except guarding.Forbidden as error:
        raise Refused("unreachable", f"SingleSignOnService by HTTP-Redirect: {error}") from error
    return {"issuer": issuer, "sso": sso, "certificates": certificates}


def _settings(row: Provider, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "strict": True,
        "debug": False,
        "sp": {
            "entityId": names["metadata"],
            "assertionConsumerService": {"url": names["acs"], "binding": POST},
            "NameIDFormat": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
        },
        "idp": {
            "entityId": row.issuer,
            "singleSignOnService": {"url": row.found["sso"], "binding": REDIRECT},
            "x509certMulti": {"signing": row.found["certificates"]},
        },
        "security": {
            "wantAssertionsSigned": True,
            "wantNameId": True,
            "wantAttributeStatement": False,
            "allowRepeatAttributeName": True,
            "rejectDeprecatedAlgorithm": True,
            "requestedAuthnContext": False,
            "authnRequestsSigned": False,
            "allowSingleLabelDomains": True,  # a server in one's own network may be called `portal`
        },
    }


def _auth(row: Provider, names: Mapping[str, str], post: Mapping[str, str]) -> Any:
    needed()
    from onelogin.saml2.auth import OneLogin_Saml2_Auth

    parts = urlsplit(names["acs"])
    asked = {
        "https": "on" if parts.scheme == "https" else "off",
        "http_host": parts.netloc,
        "script_name": parts.path,
        "get_data": {},
        "post_data": dict(post),
    }
    return OneLogin_Saml2_Auth(asked, _settings(row, names))


def metadata(row: Provider, names: Mapping[str, str]) -> bytes:
    """Our own, for the IdP."""
    needed()
    from onelogin.saml2.settings import OneLogin_Saml2_Settings

    settings = OneLogin_Saml2_Settings(_settings(row, names), sp_validation_only=True)
    text: str | bytes = settings.get_sp_metadata()
    return text if isinstance(text, bytes) else text.encode()


def begin(row: Provider, names: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """Where the browser goes, and what its session keeps until it is back: `id` is the request's."""
    auth = _auth(row, names, {})
    url: str = auth.login(return_to="")
    return url, {"id": str(auth.get_last_request_id())}


def read(row: Provider, names: Mapping[str, str], response: str) -> tuple[str, Said]:
    """The id of the request that is answered, and who came back. Each assertion counts once. Raises Refused."""
    if not response or len(response) > MOST_RESPONSE:
        raise Refused("answer", "there is no SAMLResponse in it, or too long a one")
    auth = _auth(row, names, {"SAMLResponse": response})
    try:
        auth.process_response()
    except Exception as error:  # it parses what strangers send: whatever it raises, nobody is signed in
        raise Refused("answer", f"{type(error).__name__}: {error}"[:300]) from error
    if auth.get_errors() or not auth.is_authenticated():
        reason = str(auth.get_last_error_reason() or "")
        denied = "status code" in reason.lower()
        raise Refused("cancelled" if denied else "answer", reason[:300])
    answers, subject = auth.get_last_response_in_response_to(), str(auth.get_nameid() or "")
    if not answers:
        raise Refused("state", "it answers no request of ours (InResponseTo)")
    if not 0 < len(subject) <= 255 or auth.get_nameid_format() == TRANSIENT:
        raise Refused("answer", "its NameID names nobody for longer than this once: set a persistent one")
    _confirmed(auth, names, str(answers))
    if not first_use(row, auth.get_last_assertion_id(), auth.get_last_assertion_not_on_or_after()):
        raise Refused("replayed")
    return str(answers), _said(row, auth, subject)


def _confirmed(auth: Any, names: Mapping[str, str], answers: str) -> None:
    """Raises Refused `answer` unless the signed assertion itself says that it is for us and for this request
    (saml-profiles §4.1.4.2–4.1.4.3). The response around it is not signed: whoever has somebody's assertion writes
    there what they like, and python3-saml lets pass what is not said."""
    from onelogin.saml2.constants import OneLogin_Saml2_Constants as Known
    from onelogin.saml2.utils import OneLogin_Saml2_Utils as Times
    from onelogin.saml2.xml_utils import OneLogin_Saml2_XML as Xml

    tree = Xml.to_etree(auth.get_last_response_xml())
    signed = "/samlp:Response/saml:Assertion[@ID=$tagid]"

    def of_signed(path: str) -> Any:
        return Xml.query(tree, signed + path, None, auth.get_last_assertion_id())

    for data in of_signed(
        f"/saml:Subject/saml:SubjectConfirmation[@Method='{BEARER}']/saml:SubjectConfirmationData"
    ):
        ours = (data.get("InResponseTo"), data.get("Recipient")) == (answers, names["acs"])
        until = data.get("NotOnOrAfter")
        if ours and until and Times.parse_SAML_to_time(until) > Times.now():
            break
    else:
        raise Refused(
            "answer",
            "no SubjectConfirmationData has our request (InResponseTo), our address (Recipient) and an end",
        )
    restrictions = of_signed("/saml:Conditions/saml:AudienceRestriction")
    said = [
        [Xml.element_text(name) for name in one.findall("saml:Audience", Known.NSMAP)] for one in restrictions
    ]
    if not said or not all(names["metadata"] in one for one in said):
        raise Refused("answer", "the assertion names no audience, or another (AudienceRestriction)")


def _said(row: Provider, auth: Any, subject: str) -> Said:
    values: dict[str, list[str]] = {"nameid": [subject]} if auth.get_nameid_format() == EMAIL else {}
    proofs = set(auth.get_last_authn_contexts() or ())
    for name, texts in auth.get_attributes().items():
        kept = [str(one).strip()[:1000] for one in texts if one is not None and str(one).strip()]
        if name == METHODS:
            proofs.update(kept)
        for said in {name.lower(), short(name)}:
            values.setdefault(said, []).extend(kept)
    return Said(issuer=row.issuer, subject=subject, values=values, proofs=frozenset(proofs))


def short(name: str) -> str:
    """`givenname` of `http://schemas.xmlsoap.org/…/claims/givenname`, `mail` of its number; small letters."""
    known = OIDS.get(name.lower())
    return known or name.rstrip("/").rpartition("/")[2].rpartition(":")[2].lower()
