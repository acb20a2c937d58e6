"""A stranger's mail → what a person may look at: HTML cleaned, text set, names made safe (contract/show.md).

Pure. What comes out goes into a sandboxed document of its own all the same.
"""

from stationer.show.choosing import Layout, layout
from stationer.show.cleaning import Cleaned, clean, picture_type, written_in
from stationer.show.leading import host_of, masked
from stationer.show.measuring import height
from stationer.show.naming import KINDS, FileName, file_name, person, subject
from stationer.show.plain import plain
from stationer.show.writing import text_html

__all__ = [
    "KINDS",
    "Cleaned",
    "FileName",
    "Layout",
    "clean",
    "file_name",
    "height",
    "host_of",
    "layout",
    "masked",
    "person",
    "picture_type",
    "plain",
    "subject",
    "text_html",
    "written_in",
]
