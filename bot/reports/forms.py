"""How documents write days, times, lengths and numbers: in the language and the zone of who reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import get_decimal_symbol, get_group_symbol

from bot.language import Words, document_language, document_words

#: Days as the language writes them; in English as ISO has it, because the English disagree.
_DAYS: Final = {"en": "yyyy-MM-dd", "de": "dd.MM.yyyy"}
DASH: Final = "—"


@dataclass(frozen=True)
class Forms:
    """Days and times are those of `zone`; where the clocks change between `moments`, each time says its offset."""

    language: str
    zone: str
    #: of what the document speaks, the first one first
    moments: Sequence[datetime] = ()

    @cached_property
    def words(self) -> Words:
        return document_words(self.language)

    def day(self, at: datetime) -> str:
        """`2026-11-23`, `23.11.2026`."""
        language = document_language(self.language)
        return format_datetime(self._local(at), _DAYS[language], locale=language)

    def clock(self, at: datetime | None) -> str:
        """`18:07`, or `02:30+02:00` where that hour comes twice; a dash where there is no time."""
        if at is None:
            return DASH
        local = self._local(at)
        return f"{local:%H:%M}{self.offset(at) if self._clocks_change else ''}"

    def moment(self, at: datetime | None) -> str:
        """Day and time."""
        return DASH if at is None else f"{self.day(at)} {self.clock(at)}"

    def span(self, start: datetime, end: datetime) -> str:
        """`2026-11-23 18:00–21:00`; the second day only where it is another one."""
        is_one_day = self._local(start).date() == self._local(end).date()
        return f"{self.moment(start)}–{self.clock(end) if is_one_day else self.moment(end)}"

    def offset(self, at: datetime) -> str:
        """`+01:00`."""
        return self._local(at).isoformat()[-6:]

    def zone_line(self, start: datetime, end: datetime) -> str:
        """`Europe/Rome (UTC+01:00)`, with both offsets where the clocks change."""
        offsets = dict.fromkeys(f"UTC{self.offset(each)}" for each in (start, end))
        return f"{self.zone} ({', '.join(offsets)})"

    def percent(self, permille: int | None) -> str:
        """`94.9 %` from tenths of a percent, rounded down already; a dash where there is nothing to divide by."""
        if permille is None:
            return DASH
        return f"{permille // 10}{self._decimal}{permille % 10} %"

    def minutes(self, seconds: int) -> str:
        """Whole minutes, rounded down."""
        return f"{seconds // 60:,}".replace(",", self._group)

    def length(self, seconds: int) -> str:
        """`45 min`, `2 h`, `2 h 57 min`: rounded down."""
        _ = self.words.text
        hours, minutes = divmod(max(seconds, 0) // 60, 60)
        if not hours:
            return _("{n} min", n=minutes)
        return _("{hours} h {minutes:02} min", hours=hours, minutes=minutes) if minutes else _("{n} h", n=hours)

    @cached_property
    def _clocks_change(self) -> bool:
        return len({self.offset(each) for each in self.moments}) > 1

    @cached_property
    def _decimal(self) -> str:
        return get_decimal_symbol(document_language(self.language))

    @cached_property
    def _group(self) -> str:
        return get_group_symbol(document_language(self.language))

    @cached_property
    def _place(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._place)
