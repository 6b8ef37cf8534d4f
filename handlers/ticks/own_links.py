"""Put everybody's own **Join** into what is sent, at the last moment: no token is kept with a message."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from handlers.join_links import JoinLinks
from storage.join_links import JoinPlace
from storage.memory import Memory
from storage.messages import ToSend


async def with_own_links(memory: Memory, rows: Sequence[ToSend], links: JoinLinks) -> list[ToSend]:
    """The same messages; who is enrolled in the lesson's course has a link of their own instead."""
    with_links = [row for row in rows if _join_url(row)]
    places = await memory.join_links.of_lessons([(row.subject, row.recipient) for row in with_links])
    return [_with_own_link(row, links, places) for row in rows]


def _with_own_link(row: ToSend, links: JoinLinks, places: Mapping[tuple[str, str], JoinPlace]) -> ToSend:
    place = places.get((row.subject, row.recipient))
    if place is None or row.content is None or not _join_url(row):
        return row
    own = links.instead_of(_join_url(row), place)
    return replace(row, content={**row.content, "about": {**row.content["about"], "join_url": own}})


def _join_url(row: ToSend) -> str:
    """Of which content there is a link in it; empty for none."""
    about = row.content.get("about") if row.content is not None else None
    return str(about.get("join_url", "")) if about else ""
