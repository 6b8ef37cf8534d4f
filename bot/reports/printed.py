"""What a document is made from: a template, its data, and a moment. Text is data here, never markup."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from bot.text import clean_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A document before it is set: the same one gives the same bytes, whenever and wherever it is set."""

    #: a file of `bot/reports/templates`, without its suffix
    template: str
    #: plain JSON
    data: Mapping[str, Any]
    #: stands in the file as its date, instead of the moment at which it was set
    made_at: datetime


class ShownName(TypedDict):
    """A name in a document."""

    name: str
    #: an e-mail or an id, where the name alone cannot be read; else empty
    beside: str


@dataclass(frozen=True, slots=True)
class Names:
    """Writes names so that they can be read: with something beside them where a font lacks a letter."""

    can_print: Callable[[str], bool]

    def shown(self, name: str, *, beside: str, nameless: str = "") -> ShownName:
        """A name without bidi controls; `nameless` stands for one that is empty."""
        clean = clean_text(name)
        if not clean:
            return ShownName(name=nameless, beside=clean_text(beside))
        return ShownName(name=clean, beside="" if self.can_print(clean) else clean_text(beside))
