"""What people type behind `/rollcall check` and `/presence`: a verb, a template or ranges, a deadline. Pure.

`start cpe`, `start every 20m`, `start after 10m within 20m then every 1h within 10m answer within 3m`, `start 10-30m`.
A number without a unit is minutes. Words that mean nothing here are kept in order: they name a course or a day.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, unique

from bot.errors import BadInput
from handlers.slack.grammar import Who, Word, named, sentence


@unique
class CheckVerb(StrEnum):
    """What can be done with a presence check."""

    NOW = "now"
    START = "start"
    STOP = "stop"
    STATUS = "status"
    CONFIRM = "confirm"
    TIME = "time"


CHECK_SYNONYMS: Mapping[str, CheckVerb] = {
    **{verb.value: verb for verb in CheckVerb},
    "ask": CheckVerb.NOW,
    "once": CheckVerb.NOW,
    "begin": CheckVerb.START,
    "enable": CheckVerb.START,
    "on": CheckVerb.START,
    "end": CheckVerb.STOP,
    "disable": CheckVerb.STOP,
    "off": CheckVerb.STOP,
    "show": CheckVerb.STATUS,
    "yes": CheckVerb.CONFIRM,
    "here": CheckVerb.CONFIRM,
    "give": CheckVerb.TIME,
}
#: As a course file names them.
TEMPLATES = frozenset({"opentalk", "light", "cpe", "cle"})


class NoLength(BadInput):
    """A length of time should stand here; `typed` is what stands instead, or nothing."""

    def __init__(self, typed: str = "") -> None:
        super().__init__()
        self.typed = typed


_UNITS = {"h": 3600, "m": 60, "s": 1}
_SPAN = re.compile(r"(?:[0-9]{1,6}(?:h|m|s))+")
_PART = re.compile(r"([0-9]+)([hms])")
_NUMBER = re.compile(r"[0-9]{1,6}")
_RANGE = re.compile(r"([0-9hms]+)[-–]([0-9hms]+)")
_UNIT_WORDS = {
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("hour", "hours", "hr", "hrs"), "h"),
    **dict.fromkeys(("sec", "secs", "second", "seconds"), "s"),
}
_SPELLED = re.compile(r"([0-9]+)({})".format("|".join(sorted(_UNIT_WORDS, key=len, reverse=True))))


@dataclass(frozen=True, slots=True)
class Span:
    """The earliest moment after the one before it, and how much later it may be."""

    after: timedelta
    within: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What is to be asked when; what was not said is None or empty, and then the course's own."""

    template: str = ""
    first: Span | None = None
    then: Span | None = None
    #: how long each question stays open
    answer_within: timedelta | None = None
    #: it stays open until the next one
    has_no_deadline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """A line that was typed; without a verb, nothing was said or nothing fits."""

    verb: CheckVerb | None = None
    series: Series = Series()
    #: a course, a day, or the word that was said aloud
    words: tuple[Word, ...] = ()
    typed: str = ""


def parse_check(words: Sequence[Word]) -> CheckLine:
    """Read what stands behind `check`. Raises `NoLength` where a length should stand and none does."""
    if not words:
        return CheckLine()
    verb = CHECK_SYNONYMS.get(words[0].key)
    if verb is None:
        return CheckLine(words=tuple(words[1:]), typed=words[0].text)
    if verb is CheckVerb.START:
        reader = _Reader(words[1:])
        return CheckLine(verb=verb, series=reader.series(), words=tuple(reader.left), typed=words[0].text)
    return CheckLine(verb=verb, words=tuple(words[1:]), typed=words[0].text)


def span_of(text: str) -> Span | None:
    """A field of a modal: `10m`, `10-30m`, `after 10m within 20m`; None if nothing was typed. Raises `NoLength`."""
    words = [Word(each) for each in text.split()]
    if not words:
        return None
    reader = _Reader(words)
    series = reader.series()
    if reader.left or series.first is None or series.template or series.first != series.then:
        raise NoLength(text)
    return series.first


def length_of(text: str) -> timedelta | None:
    """A length such as `90s`, `5m`, `1h30m`, `5 min` or `5`; None for what is none."""
    joined = "".join(text.casefold().split())
    joined = _SPELLED.sub(lambda found: found[1] + _UNIT_WORDS[found[2]], joined)
    if _NUMBER.fullmatch(joined):
        return timedelta(minutes=int(joined))
    if not _SPAN.fullmatch(joined):
        return None
    return timedelta(seconds=sum(int(number) * _UNITS[unit] for number, unit in _PART.findall(joined)))


def parse_time(words: Sequence[Word]) -> tuple[Who, timedelta | None]:
    """Read `time @student 15m`: who, and how long they have to answer; what was not said is empty or None."""
    for taken in (2, 1):  # "15 min" before "15m"
        if len(words) >= taken:
            length = length_of(sentence(words[-taken:]))
            if length is not None:
                return named(words[:-taken]), length
    return named(words), None


class _Reader:
    """Goes over the words once; `left` are those that mean nothing here."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = list(words)
        self._spans: dict[str, Span] = {}
        self._last = ""
        self._named = ""
        self._template = ""
        self._answer: timedelta | None = None
        self._has_no_deadline = False
        self.left: list[Word] = []

    def series(self) -> Series:
        """All that was said; one range alone is for the first question and for those after it."""
        while self._words:
            self._take(self._words.pop(0))
        first, then = self._spans.get("first"), self._spans.get("then")
        return Series(
            template=self._template,
            first=first or then,
            then=then or first,
            answer_within=self._answer,
            has_no_deadline=self._has_no_deadline,
        )

    def _take(self, word: Word) -> None:
        key = word.key
        if key in {"first", "then"}:
            self._named = key
        elif key in {"every", "each"}:
            self._begin("then", self._span())
        elif key in {"after", "in"}:
            self._begin(self._named or ("then" if "first" in self._spans else "first"), self._span())
        elif key == "within" and self._last:
            self._spans[self._last] = Span(self._spans[self._last].after, self._length())
        elif key in {"answer", "answers", "deadline"}:
            self._skip("in", "within", "of")
            self._answer = self._length()
        elif key in {"no", "without"} and self._next() == "deadline":
            self._words.pop(0)
            self._has_no_deadline = True
        elif key in TEMPLATES:
            self._template = key
        elif _RANGE.fullmatch(key) or self._is_length(key):
            self._words.insert(0, word)
            self._begin(self._named or ("then" if "first" in self._spans else "first"), self._span())
        elif key not in {"and", "with"} or self.left:
            self.left.append(word)

    def _is_length(self, key: str) -> bool:
        """Whether it says a length by itself; a bare number is part of a name, as in Python 101."""
        if _NUMBER.fullmatch(key):
            return self._next() in _UNIT_WORDS
        return length_of(key) is not None

    def _begin(self, which: str, span: Span) -> None:
        self._spans[which] = span
        self._last, self._named = which, ""

    def _span(self) -> Span:
        if self._words and (found := _RANGE.fullmatch(self._words[0].key)):
            unit = found[2][-1] if found[2][-1] in _UNITS else ""
            early = length_of(found[1] if found[1][-1] in _UNITS else found[1] + unit)
            late = length_of(found[2])
            if early is None or late is None or late < early:
                raise NoLength(self._words[0].text)
            self._words.pop(0)
            return Span(early, late - early)
        return Span(self._length())

    def _length(self) -> timedelta:
        """The length that has to stand here; its unit may be a word of its own."""
        if not self._words:
            raise NoLength
        word = self._words.pop(0)
        key = word.key
        if _NUMBER.fullmatch(key) and self._next() in _UNIT_WORDS:
            key += _UNIT_WORDS[self._words.pop(0).key]
        found = length_of(key) if not word.is_quoted else None
        if found is None:
            raise NoLength(word.text)
        return found

    def _next(self) -> str:
        return self._words[0].key if self._words else ""

    def _skip(self, *keys: str) -> None:
        while self._next() in keys:
            self._words.pop(0)
