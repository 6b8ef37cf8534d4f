"""Uploads in three steps."""

import json

import aiohttp
import pytest

from tests.sandbox.slack.world import World, section


async def uploaded(http: aiohttp.ClientSession, world: World, content: bytes = b"a,b") -> str:
    asked = world.call("files.getUploadURLExternal", filename="sheet.csv", length=str(len(content)))
    async with http.post(asked["upload_url"], data=content) as response:
        assert await response.text() == f"OK - {len(content)}"
    file_id: str = asked["file_id"]
    return file_id


async def test_a_file_is_shared_in_a_thread_but_its_ts_is_not_told(world, api, http):
    ts = world.call("chat.postMessage", channel="python-101", text="Summary")["ts"]
    file_id = await uploaded(http, world)
    done = world.call(
        "files.completeUploadExternal",
        files=json.dumps([{"id": file_id, "title": "Sheet"}]),
        channel_id=world.channel.id,
        thread_ts=ts,
        initial_comment="The sheet",
    )
    assert [file["title"] for file in done["files"]] == ["Sheet"]
    assert "ts" not in done
    message = world.workspace.messages_in(world.channel.id)[-1]
    assert (message.text, message.thread_ts, message.files) == ("The sheet", ts, (file_id,))
    assert world.workspace.files[file_id].content == b"a,b"
    assert world.call("files.info", file=file_id)["file"]["channels"] == [world.channel.id]


async def test_a_picture_may_show_an_uploaded_file(world, api, http):
    file_id = await uploaded(http, world)
    picture = [{"type": "image", "alt_text": "x", "slack_file": {"id": file_id}}]
    assert world.error("chat.postMessage", channel="python-101", text="x", blocks=picture) == "invalid_blocks"
    world.call("files.completeUploadExternal", files=[{"id": file_id}])
    assert world.error("chat.postMessage", channel="python-101", text="x", blocks=picture) == "none"


async def test_the_length_has_to_be_what_was_announced(world, api, http):
    asked = world.call("files.getUploadURLExternal", filename="sheet.csv", length=5)
    async with http.post(asked["upload_url"], data=b"abc") as response:
        assert response.status == 400
    assert world.error("files.completeUploadExternal", files=[{"id": asked["file_id"]}]) == "file_not_found"
    assert world.workspace.problems == ["upload: 3 bytes came, 5 were announced"]


@pytest.mark.parametrize("given", [{"filename": "sheet.csv"}, {}], ids=["as a file", "as a field"])
async def test_the_bytes_may_come_as_the_one_part_of_a_form(world, api, http, given):
    asked = world.call("files.getUploadURLExternal", filename="sheet.csv", length=3)
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("body", b"a,b" if given else "a,b", **given)
    async with http.post(asked["upload_url"], data=form) as response:
        assert await response.text() == "OK - 3"
    assert world.workspace.files[asked["file_id"]].content == b"a,b"


async def test_an_address_takes_one_upload(world, api, http):
    file_id = await uploaded(http, world)
    async with http.post(f"{world.workspace.base_url}upload/{file_id}", data=b"a,b") as response:
        assert response.status == 404


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"filename": "x", "length": 0}, "invalid_arguments"),
        ({"filename": "x", "length": 1}, "none"),
        ({"length": 1}, "invalid_arguments"),
        ({"filename": "x", "length": 10**9}, "file_upload_size_restricted"),
        ({"filename": "x", "length": 1, "alt_txt": "x" * 1000}, "none"),
        ({"filename": "x", "length": 1, "alt_txt": "x" * 1001}, "alt_txt_too_large"),
    ],
)
def test_an_upload_is_asked_for(world, arguments, error):
    assert world.error("files.getUploadURLExternal", **arguments) == error


async def test_a_file_goes_only_where_the_bot_is(world, api, http):
    world.workspace.add_channel("others", bot_is_member=False)
    file_id = await uploaded(http, world)
    arguments = {"files": [{"id": file_id}]}
    assert world.error("files.completeUploadExternal", channel_id="others", **arguments) == "not_in_channel"
    assert world.error("files.completeUploadExternal", channel_id="nowhere", **arguments) == "channel_not_found"
    assert world.error("files.info", file=file_id) == "file_not_found"


async def test_blocks_are_ignored_beside_a_comment(world, api, http):
    file_id = await uploaded(http, world)
    world.call(
        "files.completeUploadExternal",
        files=[{"id": file_id}],
        channel_id="python-101",
        initial_comment="The sheet",
        blocks=json.dumps([section()]),
    )
    assert world.workspace.messages_in(world.channel.id)[0].blocks == ()
    assert world.workspace.problems == ["files.completeUploadExternal: blocks are ignored beside initial_comment"]


def test_the_workspace_keeps_two_hundred_files(world):
    for number in range(201):
        world.workspace.uploads.ask(f"{number}.csv", 1, "")
    assert len(world.workspace.files) == 200
    assert next(iter(world.workspace.files.values())).name == "1.csv"
