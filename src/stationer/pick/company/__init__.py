"""The company file: a whole company as YAML that a person writes (contract/company.md)."""

from stationer.pick.company.defining import define
from stationer.pick.company.file import CompanyErrors, CompanyFile
from stationer.pick.company.layout import FORMAT, PERSON, schema
from stationer.pick.company.reading import read, survey
from stationer.pick.company.tree import tree_of

__all__ = [
    "FORMAT",
    "PERSON",
    "CompanyErrors",
    "CompanyFile",
    "define",
    "read",
    "schema",
    "survey",
    "tree_of",
]
