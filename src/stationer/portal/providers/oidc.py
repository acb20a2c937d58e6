"""OpenID Connect: what a provider says of itself, the way there, and what comes back (contract/sign-in.md §3).

The code flow with PKCE (RFC 7636), state and nonce. The ID token counts when its signature, issuer, audience, times,
nonce and `at_hash` are right (OpenID Connect Core 1.0 §3.1.3.7); joserfc and Authlib judge that.
"""

from __future__ import annotations

import secrets
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from stationer.portal.hooks import guarding
from stationer.portal.providers.fetching import ask, ask_json, json_of
from stationer.portal.providers.models import Provider
from stationer.portal.providers.sealing import secret_of
from stationer.portal.providers.told import Refused, Said

#: Signatures by a key that only the provider has; never `none`, never one by the client secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
SCOPE = "openid email profile"
#: Clocks may differ by so much, in seconds.
LEEWAY_S = 120
#: How deep a claim may stand in others, and how many are read.
DEEP, MOST_CLAIMS = 4, 300
#: Characters of an ID token that is kept for the end of the session, where it stands in an address.
MOST_HINT = 6000


def discover(issuer: str, *, inside: bool) -> dict[str, Any]:
    """What the issuer says of itself (OpenID Connect Discovery 1.0 §4), as a row keeps it. Raises Refused."""
    typed = issuer.strip().removesuffix("/.well-known/openid-configuration")
    said = ask_json(typed.rstrip("/") + "/.well-known/openid-configuration")
    named = str(said.get("issuer", ""))
    if named.rstrip("/") != typed.rstrip("/"):
        raise Refused("unreachable", f"it calls itself {named[:200]!r}, not {typed[:200]!r}")
    found: dict[str, Any] = {"issuer": named}
    for name in (*ENDPOINTS, "userinfo_endpoint"):
        url = str(said.get(name) or "")
        if url or name in ENDPOINTS:
            found[name] = _callable(name, url, inside)
    found |= _end(said, inside)
    _promises(said)
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    found["basic"] = "client_secret_basic" in methods
    # a provider may refuse a scope that it does not know: what is more than the usual is asked for where it is offered
    found["scope"] = f"{SCOPE} phone" if "phone" in (said.get("scopes_supported") or ()) else SCOPE
    found["iss"] = said.get("authorization_response_iss_parameter_supported") is True
    return found


def _end(said: Mapping[str, Any], inside: bool) -> dict[str, str]:
    """Where sessions end (OpenID Connect RP-Initiated Logout 1.0 §2.1). A wrong one keeps nobody from coming in."""
    name = "end_session_endpoint"
    try:
        return {name: _callable(name, str(said[name]), inside)} if said.get(name) else {}
    except Refused:
        return {}


def end_of_session(row: Provider, hint: str) -> str:
    """Where a browser goes to be signed out there as well, with the ID token of its session, where that was kept;
    nothing where the provider offers no such place. Nobody is sent back: that needs an address which its
    administrators have put in, and without it many show a fault and end nothing."""
    place = row.found.get("end_session_endpoint", "") if row.kind == Provider.Kind.OIDC else ""
    asked = {"client_id": row.client_id, **({"id_token_hint": hint} if hint else {})}
    return f"{place}{'&' if urlsplit(place).query else '?'}{urlencode(asked)}" if place else ""


def _callable(name: str, url: str, inside: bool) -> str:
    try:
        guarding.split(url, inside=inside)
    except guarding.Forbidden as error:
        raise Refused("unreachable", f"{name}: {error}") from error
    return url


def _promises(said: Mapping[str, Any]) -> None:
    """Raises Refused where it cannot do what is asked of it."""
    if "code" not in (said.get("response_types_supported") or ["code"]):
        raise Refused("unreachable", "it does not answer with a code (response_types_supported)")
    if not set(said.get("id_token_signing_alg_values_supported") or ["RS256"]) & set(ALGORITHMS):
        raise Refused("unreachable", "it signs by nothing that is trusted here")


def begin(row: Provider, back: str, hint: str = "") -> tuple[str, dict[str, Any]]:
    """Where the browser goes, and what its session keeps until it is back: `id` is the state."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    asked = {
        "response_type": "code",
        "client_id": row.client_id,
        "redirect_uri": back,
        "scope": row.found.get("scope", SCOPE),
        "state": state,
        "nonce": nonce,
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
        **({"login_hint": hint} if hint else {}),
    }
    place = row.found["authorization_endpoint"]
    url = f"{place}{'&' if urlsplit(place).query else '?'}{urlencode(asked)}"
    return url, {"id": state, "nonce": nonce, "verifier": verifier, "back": back}


def finish(row: Provider, kept: Mapping[str, Any], asked: Mapping[str, str]) -> Said:
    """Who came back. `kept` is what `begin` left in the session, `asked` the parameters. Raises Refused."""
    issuer = asked.get("iss", "")
    if (issuer or row.found.get("iss")) and issuer != row.issuer:  # RFC 9207 §2.4
        raise Refused("answer", f"it came from {issuer[:200]!r}")
    if asked.get("error"):
        cancelled = asked["error"] in ("access_denied", "interaction_required", "login_required")
        detail = f"{asked['error']}: {asked.get('error_description', '')}"[:300]
        raise Refused("cancelled" if cancelled else "answer", detail)
    if not asked.get("code"):
        raise Refused("answer", "there is no code in it")
    tokens = _exchange(row, kept, asked["code"])
    claims = _claims(row, kept, tokens)
    found = said(row.issuer, _more(row, claims, str(tokens.get("access_token", ""))))
    token = str(tokens["id_token"])
    wanted = "end_session_endpoint" in row.found and len(token) <= MOST_HINT
    return replace(found, hint=token if wanted else "")


def _exchange(row: Provider, kept: Mapping[str, Any], code: str) -> dict[str, Any]:
    """The code for tokens (RFC 6749 §4.1.3)."""
    secret, headers = secret_of(row), {"Accept": "application/json"}
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": str(kept["back"]),
        "code_verifier": str(kept["verifier"]),
    }
    if row.found.get("basic"):
        pair = f"{quote(row.client_id, safe='')}:{quote(secret, safe='')}"  # RFC 6749 §2.3.1
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": row.client_id, "client_secret": secret}
    answer = ask(row.found["token_endpoint"], form=form, headers=headers)
    if answer.status_code in (400, 401):
        raise Refused("answer", f"it did not take the code or our secret: {answer.text[:200]}")
    return json_of(answer, row.found["token_endpoint"])


def _claims(row: Provider, kept: Mapping[str, Any], tokens: Mapping[str, Any]) -> dict[str, Any]:
    """The claims of the ID token, once it is the right one. Raises Refused `answer`."""
    try:
        keys = KeySet.import_key_set(ask_json(row.found["jwks_uri"]))  # type: ignore[arg-type]
        token = jwt.decode(str(tokens.get("id_token", "")), keys, algorithms=list(ALGORITHMS))
        options = {
            "iss": {"essential": True, "value": row.issuer},
            "aud": {"essential": True, "value": row.client_id},
        }
        params = {
            "nonce": kept["nonce"],
            "client_id": row.client_id,
            "access_token": tokens.get("access_token"),
        }
        claims = CodeIDToken(token.claims, token.header, options, params)
        claims.validate(now=int(time.time()), leeway=LEEWAY_S)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused("answer", f"its ID token is refused: {type(error).__name__}: {error}"[:300]) from error
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise Refused("answer", "its ID token names nobody (sub)")
    return dict(claims)


def _more(row: Provider, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
    """With what the UserInfo endpoint adds where the ID token has no address (OpenID Connect Core 1.0 §5.3)."""
    place = row.found.get("userinfo_endpoint")
    if "email" in claims or not place or not access_token:
        return claims
    more = ask_json(place, headers={"Authorization": f"Bearer {access_token}"})
    if more.get("sub") != claims["sub"]:  # §5.3.2
        raise Refused("answer", "its UserInfo is of somebody else")
    return {**more, **claims}


def said(issuer: str, claims: Mapping[str, Any]) -> Said:
    """What claims say. An address counts as verified by `email_verified`, or where Entra ID says the same of the
    domain's owner (`xms_edov`), which has no `email_verified`."""
    values: dict[str, list[str]] = {}
    for name, text in _flat(claims):
        if len(values) < MOST_CLAIMS or name in values:
            values.setdefault(name.lower(), []).append(text)
    told = claims["email_verified"] if "email_verified" in claims else claims.get("xms_edov")
    verified = str(told).lower() in ("true", "1")
    email = str(claims.get("email", "")) if verified else ""
    return Said(
        issuer=issuer,
        subject=str(claims["sub"]),
        verified=email.strip().lower(),
        values=values,
        proofs=frozenset([*values.get("amr", ()), *values.get("acr", ()), *values.get("acrs", ())]),
    )


def _flat(claims: Mapping[str, Any], before: str = "", deep: int = 0) -> Iterator[tuple[str, str]]:
    for key, value in claims.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping) and deep < DEEP:
            yield from _flat(value, f"{name}.", deep + 1)
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, bool):
                yield name, str(one).lower()
            elif isinstance(one, str | int | float):
                yield name, str(one)[:1000]
