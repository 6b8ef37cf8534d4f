"""What people type behind `/rollcall`: a verb, and words behind it. Pure, and forgiving.

Case, synonyms, smart quotes, spaces and punctuation at the end do not matter; a person is a mention or a name; what is
quoted is one word.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum, unique

from rapidfuzz import fuzz, process


@unique
class Verb(StrEnum):
    """What `/rollcall` understands."""

    MENU = "menu"
    HELP = "help"
    NOW = "now"
    SUMMARY = "summary"
    MARK = "mark"
    CANCEL = "cancel"
    ME = "me"
    WHY = "why"
    CHECK = "check"
    REPORT = "report"


SYNONYMS: Mapping[str, Verb] = {
    **{verb.value: verb for verb in Verb},
    "?": Verb.HELP,
    "h": Verb.HELP,
    "commands": Verb.HELP,
    "usage": Verb.HELP,
    "who": Verb.NOW,
    "status": Verb.NOW,
    "live": Verb.NOW,
    "here": Verb.NOW,
    "late": Verb.NOW,
    "missing": Verb.NOW,
    "board": Verb.NOW,
    "sum": Verb.SUMMARY,
    "sheet": Verb.SUMMARY,
    "result": Verb.SUMMARY,
    "results": Verb.SUMMARY,
    "set": Verb.MARK,
    "excuse": Verb.MARK,
    "cancelled": Verb.CANCEL,
    "canceled": Verb.CANCEL,
    "my": Verb.ME,
    "mine": Verb.ME,
    "hours": Verb.ME,
    "attendance": Verb.ME,
    "explain": Verb.WHY,
    "reports": Verb.REPORT,
    "export": Verb.REPORT,
    "document": Verb.REPORT,
    "documents": Verb.REPORT,
    "checks": Verb.CHECK,
    "presence": Verb.CHECK,
}


@unique
class MarkKind(StrEnum):
    """What somebody can be marked."""

    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"


MARKS: Mapping[str, MarkKind] = {
    **{kind.value: kind for kind in MarkKind},
    "here": MarkKind.PRESENT,
    "there": MarkKind.PRESENT,
    "attended": MarkKind.PRESENT,
    "in": MarkKind.PRESENT,
    "excuse": MarkKind.EXCUSED,
    "sick": MarkKind.EXCUSED,
    "ill": MarkKind.EXCUSED,
    "missing": MarkKind.ABSENT,
    "away": MarkKind.ABSENT,
    "missed": MarkKind.ABSENT,
}

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"'))
_TOKEN = re.compile(r'"([^"]*)"?|(\S+)')
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>[,:;.]?")
#: below this a suggestion is a guess that nobody would make (0 to 100)
_SIMILAR = 60


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or several that were quoted; a mention is the account's id."""

    text: str
    is_quoted: bool = False
    mention: str = ""

    @property
    def key(self) -> str:
        """As it is looked up; what is quoted is a name and never a keyword."""
        return "" if self.is_quoted or self.mention else self.text.casefold().strip(".,:;!")


@dataclass(frozen=True, slots=True)
class Command:
    """A line that was typed. `verb` is None where nothing fits, and then `suggestion` may say what was meant."""

    verb: Verb | None
    words: tuple[Word, ...] = ()
    typed: str = ""
    suggestion: Verb | None = None


@dataclass(frozen=True, slots=True)
class Who:
    """A person as typed: a mention or a name."""

    mention: str = ""
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.mention or self.name)


@dataclass(frozen=True, slots=True)
class Mark:
    """`mark @student present|excused|absent [reason]`; what was not said is empty or None."""

    who: Who = field(default_factory=Who)
    kind: MarkKind | None = None
    reason: str = ""


def parse(text: str) -> Command:
    """Read a line; nothing at all is the menu."""
    words = split(text)
    if not words:
        return Command(Verb.MENU)
    first = words[0]
    verb = SYNONYMS.get(first.key)
    if verb is None:
        return Command(None, words[1:], first.text, suggestion(first.text))
    # "excuse @bob" says both the verb and the mark
    is_mark_too = verb is Verb.MARK and first.key in MARKS
    return Command(verb, words if is_mark_too else words[1:], first.text)


def split(text: str) -> tuple[Word, ...]:
    """The words of a line; quotes of any language hold several together, one that is never closed too."""
    found = []
    for match in _TOKEN.finditer(text.translate(_QUOTES)):
        quoted, plain = match.groups()
        if quoted is not None:
            found.append(Word(_unescaped(quoted).strip(), is_quoted=True))
        elif mention := _MENTION.fullmatch(plain):
            found.append(Word(plain, mention=mention[1]))
        else:
            found.append(Word(_unescaped(plain)))
    return tuple(word for word in found if word.text)


def suggestion(typed: str) -> Verb | None:
    """The verb that somebody probably meant; None where nothing is near."""
    found = process.extractOne(typed.casefold(), list(SYNONYMS), scorer=fuzz.ratio, score_cutoff=_SIMILAR)
    return SYNONYMS[found[0]] if found else None


def parse_mark(words: Sequence[Word]) -> Mark:
    """Read what stands behind *mark*, in either order: `Bob Stone excused flu`, `excused @bob flu`."""
    place = next((place for place, word in enumerate(words) if word.key in MARKS), None)
    if place is None:
        who, _ = leading_person(words)
        return Mark(who or named(words))
    kind = MARKS[words[place].key]
    if place > 0:
        return Mark(named(words[:place]), kind, sentence(words[place + 1 :]))
    who, rest = leading_person(words[1:])
    if who:
        return Mark(who, kind, sentence(rest))
    return Mark(named(words[1:]), kind)


def leading_person(words: Sequence[Word]) -> tuple[Who, Sequence[Word]]:
    """A mention or a quoted name at the beginning, and what is left; nobody where there is none."""
    if words and words[0].mention:
        return Who(mention=words[0].mention), words[1:]
    if words and words[0].is_quoted:
        return Who(name=words[0].text), words[1:]
    return Who(), words


def leading_name(words: Sequence[Word], names: Iterable[str]) -> tuple[str, Sequence[Word]]:
    """The longest of these names with which the words begin, and what is left; empty where none fits."""
    known = {_comparable(name): name for name in names}
    for taken in range(len(words), 0, -1):
        if (name := known.get(_comparable(sentence(words[:taken])))) is not None:
            return name, words[taken:]
    return "", words


def leading_day(words: Sequence[Word], *, today: date) -> tuple[date | None, Sequence[Word]]:
    """A day at the beginning (`today`, `yesterday`, `2026-11-23`), and what is left."""
    if not words:
        return None, words
    key = words[0].key
    if key in {"today", "yesterday"}:
        return today - timedelta(days=key == "yesterday"), words[1:]
    try:
        return date.fromisoformat(key), words[1:]
    except ValueError:
        return None, words


def sentence(words: Iterable[Word]) -> str:
    """The words as they were typed."""
    return " ".join(word.text for word in words)


def named(words: Sequence[Word]) -> Who:
    """A mention among the words, or all of them as a name."""
    mentioned = next((word.mention for word in words if word.mention), "")
    return Who(mention=mentioned) if mentioned else Who(name=sentence(words).removeprefix("@"))


def _unescaped(text: str) -> str:
    """What was typed: Slack escapes these three, so that nobody can type a mention by hand."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _comparable(name: str) -> str:
    return " ".join(name.casefold().split())
