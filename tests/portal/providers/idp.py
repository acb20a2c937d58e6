"""Sign-in providers of our own making: a small OpenID provider on the loopback whose answers a test can bend, and a
SAML IdP whose assertions are signed by signxml, which is no part of what is judged."""

from __future__ import annotations

import base64
import json
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from lxml import etree
from signxml import XMLSigner, methods

CLIENT, SECRET = "stationer", "s3cret of the client"
KEY = RSAKey.generate_key(2048, {"kid": "k1", "alg": "RS256", "use": "sig"})
STRANGE = RSAKey.generate_key(2048, {"kid": "k1", "alg": "RS256", "use": "sig"})


class Oidc:
    """What it says of whoever signs in (`claims`), and how its answers are bent (`bend`: claims → claims;
    `key`, `header`: of the signature; `token`: the whole ID token)."""

    def __init__(self):
        self.claims = {
            "sub": "u-1",
            "email": "alice@acme.example",
            "email_verified": True,
            "name": "Alice Of There",
        }
        self.key, self.header, self.token = KEY, {"alg": "RS256", "kid": "k1"}, None
        self.bend = lambda claims: claims
        self.userinfo = None
        self.configuration = lambda said: said
        self.codes, self.seen, self.status = {}, [], {}

    def grant(self, url):
        """Somebody signs in there: the authorization request → the parameters that come back."""
        asked = {name: texts[0] for name, texts in parse_qs(urlsplit(url).query).items()}
        code = uuid4().hex
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def answer(self, path, form, headers):
        if path == "/.well-known/openid-configuration":
            urls = {
                "authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/jwks",
                "userinfo_endpoint": "/userinfo", "end_session_endpoint": "/logout",
            }  # fmt: skip
            return 200, self.configuration({"issuer": self.url, **{k: self.url + v for k, v in urls.items()}})
        if path == "/jwks":
            return 200, KeySet([KEY]).as_dict()
        if path == "/userinfo":
            return (200, self.userinfo) if headers.get("Authorization") == "Bearer at" else (401, {})
        return self.exchange(form, headers)

    def exchange(self, form, headers):
        asked = self.codes.pop(form.get("code"), None)
        kind, _, pair = headers.get("Authorization", "").partition(" ")
        client, _, secret = (
            base64.b64decode(pair).decode().partition(":") if kind == "Basic" else ("", "", "")
        )
        if asked is None or (client, unquote(secret)) != (CLIENT, SECRET):
            return 400, {"error": "invalid_grant"}
        challenge = (
            base64.urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        )
        if challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        token = self.token or jwt.encode(
            self.header, self.bend(claims), self.key, algorithms=[self.header["alg"]]
        )
        return 200, {"access_token": "at", "token_type": "Bearer", "id_token": token}


def by_secret():
    """A key of the client secret's octets, and its header."""
    return OctKey.import_key(SECRET.encode().ljust(32, b"!")), {"alg": "HS256", "kid": "k1"}


def unsigned(claims):
    """An ID token by `none`."""
    parts = ({"alg": "none"}, claims)
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts) + "."
    )


@contextmanager
def running():
    """The OpenID provider, on a free port."""
    world = Oidc()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.reply({})

        def do_POST(self):
            said = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.reply({name: texts[0] for name, texts in parse_qs(said).items()})

        def reply(self, form):
            path = urlsplit(self.path).path
            world.seen.append(path)
            status, said = world.answer(path, form, self.headers)
            status = world.status.get(path, status)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if 300 <= status < 400:
                self.send_header("Location", f"{world.url}/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    world.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


# ── SAML ──

P, A, DS = (
    "urn:oasis:names:tc:SAML:2.0:protocol", "urn:oasis:names:tc:SAML:2.0:assertion",
    "http://www.w3.org/2000/09/xmldsig#",
)  # fmt: skip
NS = {"p": P, "a": A, "ds": DS}
ENTITY = "https://idp.acme.example/saml"


def pair(name="idp.acme.example"):
    """A key and its certificate (PEM). Valid from long ago until long after: no test depends on the day."""
    key = rsa.generate_private_key(65537, 2048)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
        .serial_number(7).not_valid_before(datetime(2020, 1, 1)).not_valid_after(datetime(2120, 1, 1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem, made.public_bytes(serialization.Encoding.PEM)


class Saml:
    """An IdP: its metadata, and responses to a request; `bend` changes the tree before it is signed."""

    def __init__(self):
        self.key, self.certificate = pair()

    def metadata(self):
        body = "".join(self.certificate.decode().splitlines()[1:-1])
        return (
            f'<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ENTITY}">'
            f'<IDPSSODescriptor protocolSupportEnumeration="{P}"><KeyDescriptor use="signing">'
            f'<KeyInfo xmlns="{DS}"><X509Data><X509Certificate>{body}</X509Certificate></X509Data></KeyInfo>'
            '</KeyDescriptor><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" '
            'Location="https://idp.acme.example/sso"/></IDPSSODescriptor></EntityDescriptor>'
        )

    def tree(self, *, request, acs, audience, subject="s-1", values=None, minutes=5, contexts=()):
        now = datetime.now(UTC)
        at, until, before = (
            (now + timedelta(minutes=m)).strftime("%Y-%m-%dT%H:%M:%SZ") for m in (0, minutes, minutes - 10)
        )
        said = (
            values
            if values is not None
            else {"emailaddress": "alice@acme.example", "displayname": "Alice Saml"}
        )
        attributes = "".join(
            f'<a:Attribute Name="http://schemas.xmlsoap.org/ws/2005/05/identity/claims/{k}">'
            f"<a:AttributeValue>{v}</a:AttributeValue></a:Attribute>"
            for k, v in said.items()
        )
        context = contexts[0] if contexts else "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
        return etree.fromstring(
            f'<p:Response xmlns:p="{P}" xmlns:a="{A}" ID="_r{uuid4().hex}" Version="2.0" IssueInstant="{at}" '
            f'Destination="{acs}" InResponseTo="{request}"><a:Issuer>{ENTITY}</a:Issuer>'
            '<p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></p:Status>'
            f'<a:Assertion ID="_a{uuid4().hex}" Version="2.0" IssueInstant="{at}"><a:Issuer>{ENTITY}</a:Issuer>'
            '<a:Subject><a:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">'
            f"{subject}</a:NameID>"
            '<a:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><a:SubjectConfirmationData '
            f'NotOnOrAfter="{until}" Recipient="{acs}" InResponseTo="{request}"/></a:SubjectConfirmation></a:Subject>'
            f'<a:Conditions NotBefore="{before}" NotOnOrAfter="{until}"><a:AudienceRestriction><a:Audience>{audience}'
            f'</a:Audience></a:AudienceRestriction></a:Conditions><a:AuthnStatement AuthnInstant="{at}">'
            f"<a:AuthnContext><a:AuthnContextClassRef>{context}</a:AuthnContextClassRef></a:AuthnContext>"
            f"</a:AuthnStatement><a:AttributeStatement>{attributes}</a:AttributeStatement></a:Assertion></p:Response>"
        )

    def signed(self, tree, *, key=None, certificate=None):
        """The response with its assertion signed."""
        assertion = tree.find("a:Assertion", NS)
        signer = XMLSigner(
            method=methods.enveloped, signature_algorithm="rsa-sha256", digest_algorithm="sha256",
            c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#",
        )  # fmt: skip
        key, certificate = key or self.key, (certificate or self.certificate).decode()
        made = signer.sign(assertion, key=key, cert=certificate, reference_uri=f"#{assertion.get('ID')}")
        signature = made.find("ds:Signature", NS)
        made.remove(signature)
        made.insert(1, signature)  # after Issuer (saml-core §5.4.1)
        tree.replace(assertion, made)
        return tree


def posted(tree):
    """As the browser posts it."""
    return {"SAMLResponse": base64.b64encode(etree.tostring(tree)).decode()}
