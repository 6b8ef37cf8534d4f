"""What a message says: text, blocks and attachments of a call, checked and ready to be stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.slack.errors import Refused
from sandbox.slack.judge.message import check_message, too_long
from sandbox.slack.judge.schema import Flaw
from sandbox.slack.model import Json

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

TEXT_LIMIT = 40_000
ADVISED_TEXT = 4_000
MARKDOWN_LIMIT = 12_000
ATTACHMENTS_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Content:
    """Checked parts of a message."""

    text: str
    blocks: tuple[Json, ...]
    attachments: tuple[Json, ...]
    metadata: Json | None


def read_content(workspace: "Workspace", method: str, arguments: Json) -> Content:
    """Check what a chat method wants to say; raises `Refused` with Slack's code."""
    text = _text(workspace, method, arguments)
    blocks = arguments.get("blocks", [])
    attachments = arguments.get("attachments", [])
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    if not isinstance(attachments, list):
        raise Refused("invalid_attachments")
    if len(attachments) > ATTACHMENTS_LIMIT:
        raise Refused("too_many_attachments")
    if not (text or blocks or attachments):
        raise Refused("no_text")
    check_blocks(workspace, blocks)
    for place, attachment in enumerate(attachments):
        if isinstance(attachment, dict) and isinstance(attachment.get("blocks"), list):
            check_blocks(workspace, attachment["blocks"], pointer=f"/attachments/{place}/blocks")
    if blocks and not text:
        workspace.complain(f"{method}: blocks without text: notifications and screen readers have nothing to read")
    return Content(text, tuple(blocks), tuple(attachments), _metadata(arguments))


def check_blocks(workspace: "Workspace", blocks: list[Any], *, pointer: str = "/blocks") -> None:
    """Refuse blocks that Slack refuses in a message."""
    flaws = check_message(blocks, pointer)
    if flaws:
        raise invalid("invalid_blocks", flaws)
    if too_long(blocks):
        raise Refused("msg_blocks_too_long")
    missing = list(_file_flaws(workspace, blocks, pointer))
    if missing:
        raise invalid("invalid_blocks", missing)


def invalid(code: str, flaws: list[Flaw]) -> Refused:
    """Return a refusal that names every flaw with its JSON pointer."""
    messages = [str(flaw) for flaw in flaws]
    return Refused(code, messages=messages, extra={"errors": [flaw.message for flaw in flaws]})


def _text(workspace: "Workspace", method: str, arguments: Json) -> str:
    markdown = arguments.get("markdown_text", "")
    text: str = arguments.get("text", "")
    if markdown:
        if text or arguments.get("blocks"):
            raise Refused("markdown_text_conflict")
        if len(markdown) > MARKDOWN_LIMIT:
            raise Refused("msg_too_long")
        text = markdown
    if len(text) > TEXT_LIMIT:
        if method != "chat.postMessage":
            raise Refused("msg_too_long")
        workspace.complain(f"{method}: text of {len(text)} characters is cut at {TEXT_LIMIT}")
        text = text[:TEXT_LIMIT]
    elif len(text) > ADVISED_TEXT:
        workspace.complain(f"{method}: text of {len(text)} characters; Slack advises at most {ADVISED_TEXT}")
    return text


def _metadata(arguments: Json) -> Json | None:
    metadata = arguments.get("metadata")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise Refused("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        raise Refused("invalid_metadata_schema")
    return metadata


def _file_flaws(workspace: "Workspace", value: Any, pointer: str) -> Iterator[Flaw]:
    """A picture may only show a file that has been uploaded and shared."""
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from _file_flaws(workspace, item, f"{pointer}/{place}")
    elif isinstance(value, dict):
        if isinstance(named := value.get("slack_file"), dict) and "id" in named:
            file = workspace.files.get(named["id"])
            if file is None or not file.complete:
                yield Flaw(f"{pointer}/slack_file", "invalid_slack_file", "invalid slack file")
        for key, item in value.items():
            yield from _file_flaws(workspace, item, f"{pointer}/{key}")
