"""What is said at Slack's door when something is not possible, failed, or was done already."""

from bot.messages.blocks import plain, section
from bot.messages.language import words_for
from bot.messages.message import Block, Reader


def something_failed(*, error_id: str, reader: Reader) -> str:
    """For errors that nobody foresaw; the id is in the log."""
    return words_for(reader.language).text(
        "That did not work, and it is our mistake. Please try again; if it fails again, tell your admin: {error_id}.",
        error_id=error_id,
    )


def slack_failed(*, error_id: str, reader: Reader) -> str:
    """Slack did not take what this press would have opened."""
    return words_for(reader.language).text(
        "Slack did not answer in time, so nothing was changed. Please try again. ({error_id})", error_id=error_id
    )


def old_button(*, reader: Reader) -> str:
    """A button that nobody listens to any more."""
    return words_for(reader.language).text(
        "This button is from an older version and does nothing any more. Type `/rollcall` for what there is."
    )


def error_view(*, text: str, reader: Reader) -> Block:
    """The modal that stands in place of one that failed; `text` is a sentence of ours."""
    words = words_for(reader.language)
    return {
        "type": "modal",
        "title": plain(words.text("Rollcall")),
        "close": plain(words.text("Close")),
        "blocks": [section(text)],
    }
