"""Markdown as the tests of the guide read it: tables, code and links, and which files there are."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs"
#: where text of ours stands; `.venv` and what tools leave behind is none
PLACES = ("bot", "handlers", "storage", "sandbox", "tests", "docs")
PAGES = sorted([*ROOT.glob("*.md"), *(path for place in PLACES for path in (ROOT / place).rglob("*.md"))])


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def without_code_blocks(text: str) -> str:
    return re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)


def code_blocks(text: str, *languages: str) -> list[str]:
    """The fenced blocks of these languages."""
    found = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", text, flags=re.MULTILINE | re.DOTALL)
    return [block for language, block in found if language in languages]


def code_spans(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", without_code_blocks(text))


def section(text: str, heading: str) -> str:
    """What stands under one `##` heading."""
    return text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def rows(table: str) -> list[list[str]]:
    """The cells of each row of the only table of a text, without its head."""
    lines = re.findall(r"^\| (.*) \|$", table, flags=re.MULTILINE)
    return [re.split(r" (?<!\\)\| ", line) for line in lines[1:]]


def quoted(cell: str) -> list[str]:
    """What a cell has in backquotes."""
    return re.findall(r"`([^`]+)`", cell)


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    return {_slug(heading) for heading in re.findall(r"^#{1,6} (.+)$", without_code_blocks(text), flags=re.MULTILINE)}


def _slug(heading: str) -> str:
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def links(text: str) -> Iterator[tuple[str, str]]:
    """(path, anchor) of every link and picture that leads to a place in the project."""
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]+`", "", without_code_blocks(text))):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield path, anchor
