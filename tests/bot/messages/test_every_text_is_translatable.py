"""Every text that people read is asked for by `_()`: a literal sentence that bypasses it fails here."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.messages

FOLDER = Path(bot.messages.__file__).parent
#: two words beside each other, or one that begins like a sentence or a button
WORDS = re.compile(r"[A-Za-z']{2,}[.,:;!?…”]? +[“(]?[A-Za-z]{2,}|^[A-Z][a-z]+[.…!?:]?$")
#: a word at the edge of what is put into an f-string
WORD_AT_AN_EDGE = re.compile(r"(^|[ (“])[A-Za-z]{2,}([ .,:;!?)”]|$)")
ASKING = {"_", "text", "count"}
NOT_FOR_PEOPLE = {"TypeVar"}


def sentences(source: str) -> Iterator[str]:
    """The literal sentences that are not asked for."""
    yield from _walk(ast.parse(source))


def _walk(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Raise) or _is_excused_call(node) or _is_docstring(node):
        return
    if isinstance(node, ast.JoinedStr):
        yield from (part for part in _literals(node) if WORD_AT_AN_EDGE.search(part))
        parts = [value for value in node.values if isinstance(value, ast.FormattedValue)]
        for part in parts:
            yield from _walk(part)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and WORDS.search(node.value):
        yield node.value
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns"}:
            continue
        children = value if isinstance(value, list) else [value]
        for child in children:
            if isinstance(child, ast.AST):
                yield from _walk(child)


def _literals(node: ast.JoinedStr) -> list[str]:
    return [value.value for value in node.values if isinstance(value, ast.Constant) and isinstance(value.value, str)]


def _is_excused_call(node: ast.AST) -> bool:
    """A call of `_`, `….text` or `….count`, whose values are asked for by themselves; or one that no person reads."""
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in ASKING:
        return not any(list(_walk(keyword.value)) for keyword in node.keywords)
    return name in NOT_FOR_PEOPLE


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: path.stem)
def test_no_sentence_bypasses_the_words_of_the_language(path: Path) -> None:
    assert list(sentences(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        'section("You are late")',
        'button("Join", action=JOIN)',
        'f"{n} students"',
        'f"Hello {name}"',
        '_("{what}", what="You are late")',
        'x = {"key": "You are late"}',
    ],
)
def test_one_that_does_is_found(source: str) -> None:
    assert list(sentences(source))


@pytest.mark.parametrize(
    "source",
    [
        '_("You are late")',
        'write.count("{n} student", "{n} students", n)',
        '"""You are late."""',
        'raise ValueError("You are late")',
        'button(_("Join"), action="lesson.join")',
        'def f(x: "Named Thing") -> "Writer": ...',
        'f"<!date^{at}^{{date_short}}, {{time}}|{plain}>"',
    ],
)
def test_what_is_asked_for_is_not(source: str) -> None:
    assert not list(sentences(source))
