"""Figures for people and programs: read from sums alone (contract/figures.md), never from raw rows."""
