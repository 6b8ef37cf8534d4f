"""Every link in our Markdown leads to a file and a heading that are there."""

from functools import cache
from pathlib import Path

import pytest

from tests.docs.reading import GUIDE, PAGES, anchors, links, name_of, text_of


@cache
def anchors_of(page: Path) -> set[str]:
    return anchors(text_of(page))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(page: Path):
    broken = []
    for path, anchor in links(text_of(page)):
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            broken.append(f"{path}#{anchor}")
    assert broken == []


def test_every_page_of_the_guide_stands_in_its_contents():
    found = {(GUIDE / path).resolve() for path, _ in links(text_of(GUIDE / "README.md"))}
    assert set(GUIDE.glob("*.md")) - {GUIDE / "README.md"} <= found


def test_every_picture_is_shown_somewhere():
    shown = {(page.parent / path).resolve() for page in PAGES for path, _ in links(text_of(page))}
    assert [path.name for path in (GUIDE / "pictures").iterdir() if path.resolve() not in shown] == []
