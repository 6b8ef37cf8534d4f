"""The timelines of the guide are what the rules compute today, in the picture and in its words."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.docs.timelines import Picture, pictures

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "attendance.md").read_text(encoding="utf-8")

each_picture = pytest.mark.parametrize(("name", "picture"), pictures().items(), ids=list(pictures()))


@each_picture
def test_a_timeline_is_what_the_rules_compute(name: str, picture: Picture):
    # Not so? `make pictures` draws it anew; look at it, and at the text around it.
    assert (DOCS / "pictures" / name).read_text(encoding="utf-8") == picture.svg()


@each_picture
def test_who_cannot_see_a_timeline_reads_it(name: str, picture: Picture):
    assert f"![{picture.words()}](pictures/{name})" in PAGE


@each_picture
def test_a_timeline_is_well_formed_and_asks_nobody_else_for_anything(name: str, picture: Picture):
    links = [value for element in ET.fromstring(picture.svg()).iter() for value in element.attrib.values()]
    assert not [value for value in links if "//" in value], name


def test_no_timeline_is_left_over():
    assert {path.name for path in (DOCS / "pictures").glob("*.svg")} == pictures().keys()
