"""Tests of the craft `clicks`."""
