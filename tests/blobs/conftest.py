"""One store after the other: a folder, and a bucket of moto's server."""

from __future__ import annotations

import os

import boto3
import pytest

from stationer.blobs.opening import open_blobs
from tests.aws import aws


@pytest.fixture(scope="session")
def server():
    """The address of a server that speaks S3."""
    with aws() as at:
        yield at


@pytest.fixture(params=["folder", "bucket"])
def blobs(request, tmp_path):
    """An empty store."""
    if request.param == "folder":
        return open_blobs("", tmp_path / "blobs")
    at, name = request.getfixturevalue("server"), f"b-{os.urandom(6).hex()}"
    where = {"LocationConstraint": "eu-central-1"}
    boto3.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=where)
    return open_blobs(f"s3://{name}/some/prefix?endpoint={at}&region=eu-central-1", tmp_path)
