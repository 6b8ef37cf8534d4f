"""Files in Slack: three calls that nobody sees anything of before the last one, and one that takes a file away."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import yaml

from bot.clock import ManualClock
from bot.errors import SlackBusy, SlackRefused
from handlers.slack_client import SlackClient, SlackClients
from handlers.slack_values import SlackFile
from sandbox.slack.model import Message
from sandbox.slack.server import SlackServer
from sandbox.slack.workspace import BOT_TOKEN, Workspace
from tests.builders import NINE

PDF = SlackFile("sheet.pdf", "Attendance sheet", b"%PDF" + bytes(1_500_000))
PNG = SlackFile("timeline.png", "Timeline", b"\x89PNG", alt_text="Who was there when")
COMPLETE = "files.completeUploadExternal"


@pytest.fixture
def workspace() -> Workspace:
    made = Workspace(clock=ManualClock(NINE), manifest=yaml.safe_load(Path("manifest.yml").read_text()))
    made.add_person(id="U0ADA", name="Ada Lovelace")
    made.add_channel("python-101", members=["U0ADA"])
    return made


@pytest.fixture
async def slack(workspace: Workspace) -> AsyncIterator[SlackClient]:
    server = SlackServer(workspace)
    clients = SlackClients(bot_token=BOT_TOKEN, api_url=await server.start(), timeout=aiohttp.ClientTimeout(total=2))
    yield clients.client_for("w1")
    await clients.close()
    await server.stop()


def in_channel(workspace: Workspace) -> list[Message]:
    channel = workspace.channel_named("#python-101")
    assert channel is not None
    return workspace.messages_in(channel.id)


async def test_files_stand_together_in_one_message_of_a_thread(workspace: Workspace, slack: SlackClient) -> None:
    posted = await slack.post("#python-101", text="The summary")
    ids = await slack.upload([PDF, PNG], channel=posted.channel, thread_ts=posted.ts, text="The documents")
    _, message = in_channel(workspace)
    assert (message.files, message.thread_ts, message.text) == (ids, posted.ts, "The documents")
    pdf, png = (workspace.files[id_] for id_ in ids)
    assert (pdf.name, pdf.title, pdf.content) == ("sheet.pdf", "Attendance sheet", PDF.body)
    assert (png.alt_text, png.content) == ("Who was there when", PNG.body)


async def test_a_file_that_is_taken_away_is_gone(workspace: Workspace, slack: SlackClient) -> None:
    posted = await slack.post("#python-101", text="The summary")
    (id_,) = await slack.upload([PNG], channel=posted.channel, thread_ts=posted.ts, text="The picture")
    await slack.delete_file(id_)
    assert id_ not in workspace.files
    with pytest.raises(SlackRefused, match="file_not_found"):
        await slack.delete_file(id_)


async def test_nobody_sees_a_file_of_which_only_the_bytes_were_taken(workspace: Workspace, slack: SlackClient) -> None:
    posted = await slack.post("#python-101", text="The summary")
    workspace.faults.error(COMPLETE, "not_in_channel")
    with pytest.raises(SlackRefused, match="not_in_channel"):
        await slack.upload([PNG], channel=posted.channel, thread_ts=posted.ts, text="The picture")
    assert len(in_channel(workspace)) == 1


async def test_an_upload_whose_bytes_are_not_taken_is_tried_again_later(
    workspace: Workspace, slack: SlackClient
) -> None:
    posted = await slack.post("#python-101", text="The summary")
    workspace.uploads.put = lambda *_: (503, "try later")  # type: ignore[method-assign]  # the place of bytes has no faults of its own
    with pytest.raises(SlackBusy):
        await slack.upload([PNG], channel=posted.channel, thread_ts=posted.ts, text="The picture")
