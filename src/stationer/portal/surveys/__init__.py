"""Surveys: who answered what, the page of an answer, figures (contract/surveys.md)."""
