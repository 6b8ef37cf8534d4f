"""files.*: the three steps of an upload, and what is known of a file."""

from typing import TYPE_CHECKING

from sandbox.slack.api import render
from sandbox.slack.api.places import destination
from sandbox.slack.content import check_blocks
from sandbox.slack.errors import Refused
from sandbox.slack.model import Channel, File, Json
from sandbox.slack.uploads import LARGEST

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

ALT_TEXT = 1_000


def get_upload_url(workspace: "Workspace", arguments: Json) -> Json:
    """files.getUploadURLExternal."""
    if arguments["length"] <= 0:
        raise Refused("invalid_arguments", messages=["[ERROR] must be greater than 0 [json-pointer:/length]"])
    if arguments["length"] > LARGEST:
        raise Refused("file_upload_size_restricted")
    if len(arguments.get("alt_txt", "")) > ALT_TEXT:
        raise Refused("alt_txt_too_large")
    url, file = workspace.uploads.ask(arguments["filename"], arguments["length"], arguments.get("alt_txt", ""))
    return {"upload_url": url, "file_id": file.id}


def complete_upload(workspace: "Workspace", arguments: Json) -> Json:
    """files.completeUploadExternal: posts the files where they are shared, but does not say under which `ts`."""
    wanted = [(str(entry.get("id", "")), str(entry.get("title", ""))) for entry in _entries(arguments["files"])]
    references = [arguments["channel_id"]] if arguments.get("channel_id") else []
    references += [part for part in arguments.get("channels", "").split(",") if part]
    channels = [destination(workspace, reference) for reference in references]
    blocks = _blocks(workspace, arguments)
    shared = tuple(channel.id for channel in channels)
    files = [workspace.uploads.complete(file_id, title, shared) for file_id, title in wanted]
    for channel in channels:
        _share(workspace, channel, files, arguments, blocks)
    return {"files": [render.file(file) for file in files]}


def info(workspace: "Workspace", arguments: Json) -> Json:
    """files.info."""
    file = workspace.files.get(arguments["file"])
    if file is None or not file.complete:
        raise Refused("file_not_found")
    return {"file": render.file(file), "comments": [], "response_metadata": {"next_cursor": ""}}


def delete(workspace: "Workspace", arguments: Json) -> Json:
    """files.delete: messages that showed the file show it no more."""
    file = workspace.files.get(arguments["file"])
    if file is None or not file.complete:
        raise Refused("file_not_found")
    del workspace.files[file.id]
    workspace.observers.tell("file", file.id)
    for channel in workspace.channels:
        for message in workspace.messages_in(channel):
            if file.id in message.files:
                workspace.observers.tell("message", message)
    return {}


def _entries(files: list[object]) -> list[Json]:
    entries = [entry for entry in files if isinstance(entry, dict)]
    if len(entries) != len(files):
        raise Refused("invalid_arguments", messages=["[ERROR] must be an object [json-pointer:/files/0]"])
    return entries


def _blocks(workspace: "Workspace", arguments: Json) -> list[Json]:
    blocks = arguments.get("blocks", [])
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks")
    if blocks and arguments.get("initial_comment"):
        workspace.complain("files.completeUploadExternal: blocks are ignored beside initial_comment")
        return []
    check_blocks(workspace, blocks)
    return blocks


def _share(workspace: "Workspace", channel: Channel, files: list[File], arguments: Json, blocks: list[Json]) -> None:
    workspace.messages.post(
        channel,
        workspace.bot.id,
        arguments.get("initial_comment", ""),
        blocks=tuple(blocks),
        thread_ts=arguments.get("thread_ts"),
        files=tuple(file.id for file in files),
    )
