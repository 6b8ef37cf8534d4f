"""The blocks of Block Kit that we use, as plain dicts.

Plain because `slack_sdk.models` does not know `data_table` (it drops it silently) and building its objects costs ten
times as much; the limits of single blocks are held here and tested with the largest class.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.messages.formatting import cut
from bot.messages.message import Block

#: Slack refuses an empty text.
NOTHING: Final = "–"
LONGEST_BUTTON: Final = 75
LONGEST_OPTION_VALUE: Final = 150
LONGEST_TITLE: Final = 24
OPTIONS_IN_GROUP: Final = 100


def plain(text: str, longest: int = LONGEST_BUTTON) -> Block:
    """A text without markup; emoji codes in it stay codes, because names stand here too. A dash for none."""
    return {"type": "plain_text", "text": cut(text, longest) or NOTHING, "emoji": False}


def mrkdwn(text: str) -> Block:
    """A text with our markup; `verbatim`, so that Slack makes no links of addresses, channels and names in it."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def section(text: str) -> Block:
    """A paragraph of at most 3,000 characters; its author sees to that."""
    return {"type": "section", "text": mrkdwn(text)}


def context(text: str) -> Block:
    """A small grey line."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def divider() -> Block:
    return {"type": "divider"}


def actions(*buttons: Block | None) -> list[Block]:
    """A row of the buttons that are there; no row without one."""
    elements = [button for button in buttons if button is not None]
    return [{"type": "actions", "elements": elements}] if elements else []


def button(
    text: str,
    *,
    action: str,
    value: object = "",
    url: str = "",
    is_primary: bool = False,
    label: str = "",
    confirm: Block | None = None,
) -> Block:
    """A button; `label` is what a screen reader says where several buttons read the same."""
    made: Block = {"type": "button", "action_id": action, "text": plain(text)}
    if value:
        made["value"] = str(value)
    if url:
        made["url"] = url
    if is_primary:
        made["style"] = "primary"
    if label:
        made["accessibility_label"] = cut(label, LONGEST_BUTTON)
    if confirm:
        made["confirm"] = confirm
    return made


def are_you_sure(*, title: str, text: str, yes: str, no: str) -> Block:
    """What is asked before a button does something that many people see."""
    return {"title": plain(title), "text": plain(text, 300), "confirm": plain(yes, 30), "deny": plain(no, 30)}


def table(*, caption: str, header: Sequence[str], rows: Iterable[Sequence[str]], page_size: int) -> Block:
    """A table that people can sort and page through; empty cells become dashes, because Slack refuses them."""
    cells = [[{"type": "raw_text", "text": cell or NOTHING} for cell in row] for row in (header, *rows)]
    made: Block = {"type": "data_table", "caption": caption, "rows": cells}
    return {**made, "page_size": page_size, "row_header_column_index": 0}


def option(text: str, value: str) -> Block:
    """One choice of a list; who reads it takes the value."""
    return {"text": plain(text), "value": value[:LONGEST_OPTION_VALUE]}


def select(field: str, *, placeholder: str, options: Sequence[Block]) -> Block:
    """A list to pick one from; above a hundred in groups named by their first and last, up to ten thousand."""
    made: Block = {"type": "static_select", "action_id": field, "placeholder": plain(placeholder)}
    if len(options) <= OPTIONS_IN_GROUP:
        return {**made, "options": list(options)}
    groups = [options[start : start + OPTIONS_IN_GROUP] for start in range(0, len(options), OPTIONS_IN_GROUP)]
    named = [{"label": plain(_span(group)), "options": list(group)} for group in groups]
    return {**made, "option_groups": named}


def _span(group: Sequence[Block]) -> str:
    first, last = group[0]["text"]["text"], group[-1]["text"]["text"]
    return f"{cut(first, 35)} – {cut(last, 35)}"


def asked(field: str, *, label: str, element: Block, hint: str = "", is_optional: bool = False) -> Block:
    """One question of a modal; the field's name is both `block_id` and `action_id`."""
    made: Block = {"type": "input", "block_id": field, "label": plain(label, 2_000), "element": element}
    if hint:
        made["hint"] = plain(hint, 2_000)
    if is_optional:
        made["optional"] = True
    return made


def typed(field: str, *, placeholder: str = "", longest: int = 500, is_long: bool = False) -> Block:
    """A line or a paragraph to type."""
    made: Block = {"type": "plain_text_input", "action_id": field, "max_length": longest, "multiline": is_long}
    if placeholder:
        made["placeholder"] = plain(placeholder, 150)
    return made


def modal(*, title: str, callback: str, about: object, submit: str, close: str, blocks: list[Block]) -> Block:
    """A view that asks something; `about` comes back as `private_metadata`."""
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": str(about),
        "title": plain(title, LONGEST_TITLE),
        "submit": plain(submit, LONGEST_TITLE),
        "close": plain(close, LONGEST_TITLE),
        "blocks": blocks,
    }
