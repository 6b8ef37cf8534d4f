"""What must hold for the page's files as they stand."""

import re
from pathlib import Path

import pytest

import sandbox.page

STATIC = Path(sandbox.page.__file__).parent / "static"
FILES = sorted(path for path in STATIC.rglob("*") if path.suffix in {".js", ".css", ".html"})
#: What would read text as HTML or as a program.
DANGEROUS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|srcdoc|createContextualFragment|eval\(|new Function|javascript:"
)


def name_of(path: Path) -> str:
    return path.relative_to(STATIC).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_text_is_read_as_html(path: Path):
    assert DANGEROUS.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_address_of_elsewhere_is_asked_for(path: Path):
    asked = re.findall(
        r"""(?:src|href|url\(|import|fetch)\W{0,3}["']?(?:https?:)?//[^\s"']+""", path.read_text(encoding="utf-8")
    )
    assert asked == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_of_the_page_is_read_at_one_sitting(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
