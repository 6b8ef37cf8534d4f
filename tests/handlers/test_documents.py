"""Documents are set beside the event loop: it goes on, and what fails says nothing of the data."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial

import pytest

from bot.clock import stopwatch
from bot.errors import DocumentFailed
from bot.reports.lesson_sheet import lesson_sheet
from bot.reports.printed import Names, Printed
from handlers.documents import Documents, sheet_as
from tests.builders import NINE
from tests.documents.classes import a_sheet, printed_sheet
from tests.documents.reading import pages_of


@pytest.fixture
async def documents() -> AsyncIterator[Documents]:
    made = Documents()
    yield made
    made.close()


async def longest_wait(until: "asyncio.Task[bytes]") -> float:
    """How long something that is due every millisecond had to wait."""
    longest = 0.0
    while not until.done():
        begun = stopwatch()
        await asyncio.sleep(0.001)
        longest = max(longest, stopwatch() - begun)
    return longest


@pytest.mark.parametrize("form", ["pdf", "png", "xlsx"])
async def test_the_event_loop_goes_on_while_a_document_is_made(documents: Documents, form: str) -> None:
    about = printed_sheet(a_sheet(300))
    await sheet_as("pdf", printed_sheet(a_sheet(1)), documents)  # looks for fonts
    begun = stopwatch()
    making = asyncio.create_task(sheet_as(form, about, documents))
    waited = await longest_wait(making)
    took = stopwatch() - begun
    assert waited < took / 2, f"{form}: of {took:.2f} s the loop stood still for {waited:.2f} s"


@pytest.mark.parametrize(
    ("form", "beginning"),
    [("pdf", b"%PDF-"), ("png", b"\x89PNG"), ("xlsx", b"PK\x03\x04"), ("csv", b"name,email,role")],
)
async def test_one_sheet_has_many_forms(documents: Documents, form: str, beginning: bytes) -> None:
    assert (await sheet_as(form, printed_sheet(a_sheet(2)), documents)).startswith(beginning)


async def test_two_at_once_are_both_made(documents: Documents) -> None:
    sheets = [partial(lesson_sheet, printed_sheet(a_sheet(many))) for many in (1, 40)]
    small, large = await asyncio.gather(*(documents.pdf(writes) for writes in sheets))
    assert len(pages_of(small)) < len(pages_of(large))


async def test_what_cannot_be_set_names_the_template_and_no_data(documents: Documents) -> None:
    def wrong(_names: Names) -> Printed:
        return Printed(template="lesson_sheet", data={"title": "Ada Lovelace"}, made_at=NINE)

    with pytest.raises(DocumentFailed) as failed:
        await documents.pdf(wrong)
    assert "lesson_sheet" in str(failed.value)
    assert "Ada" not in str(failed.value)
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__


Writes = Callable[[Names], Printed]


async def test_after_one_that_failed_the_next_is_made(documents: Documents) -> None:
    broken: Writes = lambda _: Printed(template="timeline", data={}, made_at=NINE)  # noqa: E731  it is given, not called
    with pytest.raises(DocumentFailed):
        await documents.png(broken)
    assert await documents.pdf(partial(lesson_sheet, printed_sheet(a_sheet(0))))
