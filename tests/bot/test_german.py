"""Documents are in German as a whole: every sentence that they ask for has one, with the same placeholders."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.language import document_language, document_words, words_for

REPORTS = Path("bot/reports")
#: How sentences are asked for: `_("…")`, `words.text("…")`, `words.count("…", "…", n)`.
ASKING = {"_": 1, "text": 1, "count": 2}


def asked(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    """(sentence,) or (one, many) of every call that asks for one."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        given = node.args[: ASKING.get(name, 0)]
        if given and all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in given):
            yield tuple(str(each.value) for each in given if isinstance(each, ast.Constant))


def sentences() -> set[tuple[str, ...]]:
    """Everything that a document can say."""
    return {each for path in REPORTS.rglob("*.py") for each in asked(ast.parse(path.read_text(encoding="utf-8")))}


def german() -> Catalog:
    with Path("bot/catalogues/de.po").open("rb") as file:
        return read_po(file, locale="de", abort_invalid=True)


def said(id_: object) -> tuple[str, ...]:
    return (id_,) if isinstance(id_, str) else tuple(id_)  # type: ignore[arg-type]  # one, or one and many


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_documents_ask_for_their_sentences() -> None:
    assert len(sentences()) > 60


@pytest.mark.parametrize("sentence", sorted(sentences()), ids=lambda each: each[0][:50])
def test_every_sentence_of_the_documents_has_german(sentence: tuple[str, ...]) -> None:
    message = german().get(sentence[0])
    assert message is not None, "bot/catalogues/de.po does not have it"
    assert said(message.id) == sentence
    assert all(said(message.string))
    assert not message.fuzzy
    for text in said(message.string):
        assert placeholders(text) | {"n"} == placeholders(sentence[-1]) | {"n"}


def test_the_catalogue_has_nothing_that_no_document_says() -> None:
    assert {said(message.id) for message in german() if message.id} - sentences() == set()


@pytest.mark.parametrize(
    ("language", "person"), [("de", "Person"), ("de-AT", "Person"), ("en", "Person"), ("it", "Person")]
)
def test_a_language_of_documents_is_found_by_its_first_part(language: str, person: str) -> None:
    assert document_words(language).text("Person") == person
    assert document_language(language) == ("de" if language.startswith("de") else "en")


def test_german_has_its_forms_of_numbers_and_its_umlauts() -> None:
    words = document_words("de_DE")
    assert words.text("failed") == "nicht erfüllt"
    assert (
        words.count("… and {n} more, on the sheet", "… and {n} more, on the sheet", 3)
        == "… und 3 weitere, auf der Liste"
    )


def test_slack_speaks_one_language_at_a_time() -> None:
    # Half of a message in German would be worse than all of it in English.
    assert words_for("de").text("absent") == "absent"
