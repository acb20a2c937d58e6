"""Print a worked file to start from: `company` (a company file), `mail` (a mail to stamp or to seal) or `pen` (a PEN
file, with a pair of keys made now: nobody else has it)."""

from __future__ import annotations

import argparse
import sys
from base64 import b64encode
from importlib.resources import files

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

EXAMPLES = {"company": "company.yaml", "mail": "mail.eml", "pen": "pen.yaml"}


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `stationer example`."""
    parser.add_argument("what", choices=sorted(EXAMPLES), help="which example to print")


def run(arguments: argparse.Namespace) -> int:
    """Print the example, byte for byte but for the keys. 0."""
    example = files("stationer.cli").joinpath("examples", EXAMPLES[arguments.what]).read_bytes()
    sys.stdout.buffer.write(with_keys(example) if arguments.what == "pen" else example)
    return 0


def with_keys(example: bytes) -> bytes:
    """The PEN file with a pair of its own."""
    key = Ed25519PrivateKey.generate()
    public, private = key.public_key().public_bytes_raw(), key.private_bytes_raw()
    return example.replace(b"@PUBLIC@", b64encode(public)).replace(b"@PRIVATE@", b64encode(private))
