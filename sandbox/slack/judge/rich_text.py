"""Rich text: sections, lists, quotes and code, and the pieces they are made of."""

from sandbox.slack.judge.schema import Check, array, boolean, number, one_of, record, string, typed

_STYLE = record({name: boolean() for name in ("bold", "italic", "strike", "code", "underline", "highlight",
                                              "client_highlight", "unlink")})  # fmt: skip


def _piece(kind: str, fields: dict[str, Check], *required: str) -> Check:
    return record({"type": one_of(kind), "style": _STYLE, **fields}, required=("type", *required))


PIECES: dict[str, Check] = {
    "text": _piece("text", {"text": string()}, "text"),
    "link": _piece("link", {"url": string(), "text": string(), "unsafe": boolean()}, "url"),
    "emoji": _piece("emoji", {"name": string(), "unicode": string(), "url": string()}, "name"),
    "user": _piece("user", {"user_id": string()}, "user_id"),
    "usergroup": _piece("usergroup", {"usergroup_id": string()}, "usergroup_id"),
    "channel": _piece("channel", {"channel_id": string()}, "channel_id"),
    "team": _piece("team", {"team_id": string()}, "team_id"),
    "broadcast": _piece("broadcast", {"range": one_of("here", "channel", "everyone")}, "range"),
    "color": _piece("color", {"value": string()}, "value"),
    "date": _piece(
        "date",
        {"timestamp": number(whole=True), "format": string(), "url": string(), "fallback": string()},
        "timestamp",
        "format",
    ),
}
_INLINE = array(typed(lambda: PIECES))
_CODE = array(typed(lambda: PIECES, frozenset({"text", "link"})))
_BORDER = number(0, 1, whole=True)
_SECTION = record({"type": one_of("rich_text_section"), "elements": _INLINE}, required=("type", "elements"))
PARTS: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_list": record(
        {
            "type": one_of("rich_text_list"),
            "style": one_of("bullet", "ordered"),
            "elements": array(_SECTION),
            "indent": number(0, 8, whole=True),
            "offset": number(0, whole=True),
            "border": _BORDER,
        },
        required=("type", "style", "elements"),
    ),
    "rich_text_quote": record(
        {"type": one_of("rich_text_quote"), "elements": _INLINE, "border": _BORDER}, required=("type", "elements")
    ),
    "rich_text_preformatted": record(
        {
            "type": one_of("rich_text_preformatted"),
            "elements": _CODE,
            "border": _BORDER,
            "language": string(),
        },
        required=("type", "elements"),
    ),
}
RICH_TEXT = record(
    {"type": one_of("rich_text"), "block_id": string(255), "elements": array(typed(lambda: PARTS))},
    required=("type", "elements"),
)
