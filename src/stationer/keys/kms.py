"""What answers for a key that lies in a KMS, by its URI: AWS, GCP, Vault's transit engine, by Tink's clients.

Their parts come in extras of their own. The KMS wraps one-time keys of Tink's envelope and nothing else, so none of
ours ever leaves; the address of the request says which KMS key, the credentials are the KMS's own usual ones.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from stationer.seal import Aead
from stationer.seal.cipher import Refused
from stationer.wire.account import is_loopback

#: How each KMS says that it did not make a ciphertext, as against being away or forbidding its use.
_NOT_OURS = re.compile(
    r"InvalidCiphertext|message authentication failed|invalid ciphertext|Decryption failed", re.I
)
_VAULT = re.compile(r"hcvault(\+http)?://([^/?#@]+)/([^?#]+/keys/[^/?#]+)")


class KmsError(Exception):
    """A KMS did not do what it was asked. `again`: whether it may, when asked later."""

    def __init__(self, message: str, again: bool) -> None:
        self.again = again
        super().__init__(message)


class _Remote:
    """A key in a KMS, whose every failure is a KmsError, but for what it did not make."""

    def __init__(self, uri: str, inner: Aead) -> None:
        self._uri, self._inner = uri, inner

    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        """Wrapped by the KMS. Raises KmsError."""
        return self._asked(lambda: self._inner.encrypt(plaintext, associated_data))

    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        """What the KMS wrapped. Raises Refused for what it did not, KmsError."""
        return self._asked(lambda: self._inner.decrypt(ciphertext, associated_data))

    def _asked(self, ask: Callable[[], bytes]) -> bytes:
        try:
            return ask()
        except Exception as fault:  # each SDK has a tree of its own, and Tink wraps some of it
            if _NOT_OURS.search(str(fault)):
                raise Refused(str(fault)) from None
            reason = str(fault).strip().splitlines()[0] if str(fault).strip() else type(fault).__name__
            raise KmsError(f"The KMS did not do it ({self._uri}): {reason}", again=True) from fault


def kms_aead(uri: str) -> Aead:
    """The key of this URI; nothing is asked of the KMS yet. Raises KmsError for a URI that is none, or whose part is
    not installed."""
    for begin, client in (("aws-kms://", _aws), ("gcp-kms://", _gcp), ("hcvault", _vault)):
        if uri.startswith(begin):
            try:
                return _Remote(uri, client(uri))
            except KmsError:
                raise
            except Exception as fault:  # a URI that Tink refuses, credentials that are not there
                raise KmsError(f"{uri} cannot be used: {fault}", again=False) from fault
    raise KmsError(f"{uri} is no KMS that Stationer knows: aws-kms://, gcp-kms://, hcvault://.", again=False)


def _part(module: str, extra: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as fault:
        advice = f"This KMS needs a part that is not installed: pip install 'stationer[{extra}]'"
        raise KmsError(f"{advice} ({fault})", again=False) from fault


def _aws(uri: str) -> Aead:
    aead: Aead = _part("tink.integration.awskms", "aws").AwsKmsClient(uri, None).get_aead(uri)
    return aead


def _gcp(uri: str) -> Aead:
    aead: Aead = _part("tink.integration.gcpkms", "gcp").GcpKmsClient(uri).get_aead(uri)
    return aead


def _vault(uri: str) -> Aead:
    """The token and the CA come from VAULT_TOKEN, VAULT_CACERT and so on, as Vault's own command has them."""
    found = _VAULT.fullmatch(uri)
    if not found:
        raise KmsError(f"{uri} is not hcvault://HOST[:PORT]/MOUNT/keys/NAME.", again=False)
    plain, host, path = found.groups()
    if plain and not is_loopback(urlsplit(f"//{host}").hostname or ""):
        raise KmsError(
            f"{uri} would send keys in the clear; hcvault+http:// is for this machine alone.", again=False
        )
    transit = _part("tink.integration.hcvault", "vault")
    client = _part("hvac", "vault").Client(url=f"{'http' if plain else 'https'}://{host}")
    aead: Aead = transit.new_aead(path, client)
    return aead
