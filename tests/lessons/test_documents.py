"""A whole lesson with a presence check: what stands in the threads when it is over, and can be read over HTTP."""

from datetime import timedelta

import aiohttp

from sandbox.scenario_file import load
from sandbox.slack.model import Message
from tests.documents.reading import text_of
from tests.lessons.world import API_TOKEN, Lesson

CALM = timedelta(minutes=5)


def with_files(messages: list[Message]) -> list[Message]:
    return [message for message in messages if message.files]


async def go_on(lesson: Lesson, length: timedelta) -> None:
    """Time passes after the end of the story."""
    end = lesson.clock.now() + length
    while (due := lesson.program.next_due_at()) is not None and due <= end:
        lesson.clock.move_to(max(due, lesson.clock.now()))
        await lesson.look()
    lesson.clock.move_to(end)
    await lesson.look()


async def test_the_sheet_and_the_report_stand_in_the_threads_and_are_served(sqlite_url: str) -> None:
    scenario = load("presence-check")
    async with Lesson(scenario, sqlite_url).opened() as lesson:
        await lesson.play()
        await go_on(lesson, CALM)
        workspace = lesson.workspace
        seen = [message for channel in workspace.channels.values() for message in workspace.messages_in(channel.id)]
        (sheet,) = [message for message in with_files(seen) if len(message.files) == 4]
        summary = next(message for message in seen if message.ts == sheet.thread_ts)
        assert "attended" in summary.text
        names = {workspace.files[id_].name.rpartition(".")[2] for id_ in sheet.files}
        assert names == {"pdf", "xlsx", "csv", "png"}

        reports = [message.files[0] for message in with_files(seen) if len(message.files) == 1]
        standing = [workspace.files[id_] for id_ in reports if id_ in workspace.files]
        assert len(standing) == 2, "under the trainer's card and under the summary"
        (report,) = {file.content for file in standing}
        assert report is not None
        assert "Training participation report" in text_of(report)
        assert "late, accepted" in " ".join(text_of(report).split()), "the trainer decided after it was made first"
        assert await served(lesson) == report


async def served(lesson: Lesson) -> bytes:
    """The newest report as the API gives it."""
    headers = {"Authorization": f"Bearer {API_TOKEN}"}
    async with aiohttp.ClientSession(lesson.url, headers=headers, raise_for_status=True) as http:
        async with http.get("/api/v1/lessons") as reply:
            (about,) = (await reply.json())["lessons"]
        async with lesson.program.store.read() as memory:
            *_, asset = await memory.assets.of_lesson(about["id"])
        async with http.get(f"/api/v1/reports/{asset.id}") as reply:
            return await reply.read()
