"""Text of Word and PowerPoint files: their parts are read as streams, never as a whole."""

import re
import zipfile
from collections.abc import Iterator
from typing import IO

from defusedxml.ElementTree import iterparse

_WRITING = re.compile(r"word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml", re.IGNORECASE)
_SLIDE = re.compile(r"ppt/(slides/slide|notesSlides/notesSlide)(\d+)\.xml", re.IGNORECASE)
# Elements, without their namespaces: those that hold text, and those that end a line.
_TEXT = "t"
_ENDS = {"p", "br", "tab", "tr", "cr"}


def _texts(part: IO[bytes]) -> Iterator[str]:
    """What an XML part of an Office file says, element by element."""
    for _, element in iterparse(part, events=("end",)):
        name = element.tag.rpartition("}")[2]
        if name == _TEXT and element.text:
            yield element.text
        elif name in _ENDS:
            yield "\n"
        element.clear()


def in_writing(file: IO[bytes], pages: int) -> Iterator[str]:
    """The text of a Word document: first its body, then notes, heads and feet."""
    with zipfile.ZipFile(file) as archive:
        parts = [name for name in archive.namelist() if _WRITING.fullmatch(name)]
        if not any(name.lower() == "word/document.xml" for name in parts):
            raise ValueError("no document within")
        for name in sorted(parts, key=lambda each: (each.lower() != "word/document.xml", each)):
            with archive.open(name) as part:
                yield from _texts(part)
            yield "\n"


def in_presentation(file: IO[bytes], pages: int) -> Iterator[str]:
    """The text of each slide in turn with its notes, up to so many slides."""
    with zipfile.ZipFile(file) as archive:
        found = [(_SLIDE.fullmatch(name), name) for name in archive.namelist()]
        slides = sorted((int(match[2]), name) for match, name in found if match)
        for number, name in slides:
            if number > pages:
                return
            with archive.open(name) as part:
                yield from _texts(part)
            yield "\n"
