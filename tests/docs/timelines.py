"""`make pictures`: the timelines of `docs/attendance.md` as SVG, drawn from the sheet that the rules compute.

No picture says anything that `bot.attendance` did not say: bars are its intervals, words those of its messages.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from bot.attendance.attendance import sheet_from
from bot.attendance.intervals import intersect, subtract
from bot.attendance.lessons import Confirmation, Interval
from bot.attendance.sheet import PersonSheet, Sheet
from bot.attendance.view import LessonView, view_of
from bot.messages.formatting import written
from bot.messages.message import Reader
from bot.messages.verdicts import verdict_words
from bot.messages.why import arithmetic
from tests.docs.lessons_told import AFTERWARDS, ToldLesson, told_lessons

WIDTH, LEFT, RIGHT = 900, 140, 590
TOP, ROW, BAR = 78, 50, 16
MINUTE = timedelta(minutes=1)
#: shown around the lesson
AROUND = 6 * MINUTE

STYLE = """
svg { --paper: #ffffff; --ink: #1f2328; --faint: #656d76; --line: #d0d7de; --held: #ddf4e4;
      --in: #1a7f37; --outside: #9ac7a6; --limit: #bc4c00; }
@media (prefers-color-scheme: dark) {
  svg { --paper: #0d1117; --ink: #e6edf3; --faint: #9198a1; --line: #3d444d; --held: #12321d;
        --in: #3fb950; --outside: #2b5c39; --limit: #f0883e; }
}
text { font: 13px system-ui, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; fill: var(--ink); }
.title { font-size: 16px; font-weight: 600; }
.verdict, .name { font-weight: 600; }
.small, .hour { font-size: 12px; fill: var(--faint); }
.limit-word { font-size: 12px; fill: var(--limit); }
.paper { fill: var(--paper); stroke: var(--line); }
.held { fill: var(--held); }
.break { fill: url(#dots); stroke: var(--line); }
.edge { stroke: var(--faint); }
.grid { stroke: var(--line); }
.limit { stroke: var(--limit); stroke-dasharray: 4 3; }
.in { fill: var(--in); }
.outside { fill: var(--outside); }
.assumed { fill: url(#hatch); stroke: var(--in); }
.bridged { fill: var(--paper); stroke: var(--in); stroke-width: 2; }
.waiting { fill: none; stroke: var(--in); stroke-width: 2; stroke-dasharray: 4 3; }
.hatch { stroke: var(--in); stroke-width: 4; }
.dot { fill: var(--faint); }
""".strip()

PATTERNS = (
    '<defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<line class="hatch" x1="0" y1="0" x2="0" y2="8"/></pattern>'
    '<pattern id="dots" width="8" height="8" patternUnits="userSpaceOnUse">'
    '<rect width="8" height="8" fill="var(--paper)"/><circle class="dot" cx="4" cy="4" r="1"/></pattern></defs>'
)

#: class of a bar → what it is called below the picture
LEGEND = {
    "in": "in, and counted",
    "outside": "in, not counted",
    "assumed": "assumed",
    "bridged": "short gap, filled",
    "waiting": "waiting to be let in",
    "held": "held time",
    "break": "break",
}


@dataclass(frozen=True)
class Bar:
    """An interval of one row, and how it is drawn."""

    kind: str
    interval: Interval


class Picture:
    """One lesson: its rows, from what the rules say of it."""

    def __init__(self, told: ToldLesson) -> None:
        self.told = told
        self.view: LessonView = view_of(told.facts, now=AFTERWARDS)
        self.sheet: Sheet = sheet_from(self.view, explained=False)
        self.people = sorted(self.sheet.people, key=lambda person: person.verdict is not None)

    def svg(self) -> str:
        """The picture; its description says in words what it shows."""
        height = TOP + ROW * len(self.people) + 46
        drawn = "\n".join([*self._background(), *self._rows(), *self._legend(height - 18)])
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
            f'height="{height}" role="img" aria-labelledby="title words">\n'
            f'<title id="title">{escape(self.told.title)}</title>\n<desc id="words">{escape(self.words())}</desc>\n'
            f"<style>{STYLE}</style>\n{PATTERNS}\n"
            f'<rect class="paper" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="6"/>\n{drawn}\n</svg>\n'
        )

    def words(self) -> str:
        """The same for who cannot see it: one sentence a person."""
        return " ".join(
            f"{person.name}: {self._seen(person)}; {'; '.join(self._said(person))}." for person in self.people
        )

    def bars(self, person: PersonSheet) -> list[Bar]:
        """What is drawn in one row, from below to above."""
        presence, held = self.view.presence(person.person_id), self.view.ground.held
        inside = intersect(presence.measured, held)
        return [
            *_bars("outside", subtract(presence.measured, held)),
            *_bars("in", subtract(inside, presence.assumed)),
            *_bars("assumed", intersect(presence.assumed, held)),
            *_bars("bridged", intersect(presence.bridged, held)),
            *_bars("waiting", person.waited),
        ]

    def _seen(self, person: PersonSheet) -> str:
        waits = [f"waiting {_span(wait)}" for wait in person.waited]
        stays = [f"in {_span(interval)}" for interval in self.view.presence(person.person_id).measured]
        return ", ".join([*waits, *stays]) or "never seen"

    def _said(self, person: PersonSheet) -> list[str]:
        """The verdict and the arithmetic of *why*; of the trainer, what was held."""
        plain, _ = written(Reader())
        if person.verdict is None:
            held, planned = self.sheet.held_seconds // 60, self.sheet.planned_seconds // 60
            asked = ["did it take place?"] if self.sheet.confirmation is Confirmation.UNCONFIRMED else []
            return [f"held: {held} of {planned} min", *asked]
        share, *rest = arithmetic(plain, person=person, lesson=self.told.facts.lesson).split("; ")
        return [verdict_words(plain, person.verdict), share, *rest[:-1]]

    def _background(self) -> Iterator[str]:
        ground, policy = self.view.ground, self.told.facts.lesson.policy
        top, bottom = TOP - 8, TOP + ROW * len(self.people) - 6
        yield f'<text class="title" x="16" y="27">{escape(self.told.title)}</text>'
        for kind, intervals in (("held", ground.held), ("break", self.told.facts.lesson.breaks)):
            for each in intervals:
                yield self._rect(kind, each, top, bottom - top)
        for minute in range(0, 61, 10):
            at = self.sheet.planned_start + minute * MINUTE
            kind = "edge" if minute in {0, 60} else "grid"
            yield f'<line class="{kind}" x1="{self._x(at)}" y1="{top}" x2="{self._x(at)}" y2="{bottom}"/>'
            yield f'<text class="hour" x="{self._x(at)}" y="{top - 6}" text-anchor="middle">{at:%-H:%M}</text>'
        start, end = ground.reference_start, ground.expected_end
        if start is not None and end is not None and self.sheet.confirmation is Confirmation.CONFIRMED:
            yield from self._limit(start + policy.late_grace, "late after", "start", top, bottom)
            yield from self._limit(end - policy.early_grace, "early before", "end", top, bottom)

    def _limit(self, at: datetime, word: str, anchor: str, top: int, bottom: int) -> Iterator[str]:
        x, aside = self._x(at), -3 if anchor == "start" else 3
        yield f'<line class="limit" x1="{x}" y1="{top - 20}" x2="{x}" y2="{bottom}"/>'
        yield f'<text class="limit-word" x="{x + aside:g}" y="{top - 23}" text-anchor="{anchor}">{word} {at:%-H:%M}</text>'

    def _rows(self) -> Iterator[str]:
        for index, person in enumerate(self.people):
            y = TOP + ROW * index
            yield f'<text class="name" x="16" y="{y + 14}">{escape(person.name)}</text>'
            role = "trainer" if person.verdict is None else "student"
            yield f'<text class="small" x="16" y="{y + 30}">{role}</text>'
            for bar in self.bars(person):
                yield self._rect(bar.kind, bar.interval, y + 3, BAR)
            verdict, *numbers = self._said(person)
            yield f'<text class="verdict" x="{RIGHT + 20}" y="{y + 14}">{escape(verdict)}</text>'
            yield f'<text class="small" x="{RIGHT + 20}" y="{y + 30}">{escape("; ".join(numbers))}</text>'

    def _legend(self, y: int) -> Iterator[str]:
        used = {bar.kind for person in self.people for bar in self.bars(person)} | {"held"}
        used |= {"break"} if self.told.facts.lesson.breaks else set()
        x = 16.0
        for kind, word in LEGEND.items():
            if kind in used:
                yield f'<rect class="{kind}" x="{x:g}" y="{y - 11}" width="22" height="12"/>'
                yield f'<text class="small" x="{x + 28:g}" y="{y}">{word}</text>'
                x += 48 + 6.6 * len(word)

    def _rect(self, kind: str, interval: Interval, y: int, height: int) -> str:
        start, end = self._x(interval.start), self._x(interval.end)
        return f'<rect class="{kind}" x="{start:g}" y="{y}" width="{max(end - start, 2):g}" height="{height}"/>'

    def _x(self, at: datetime) -> float:
        """Where an instant stands; what lies further outside is cut at the edge."""
        first, last = self.sheet.planned_start - AROUND, self.sheet.planned_end + AROUND
        share = (min(max(at, first), last) - first) / (last - first)
        return round(LEFT + share * (RIGHT - LEFT), 1)


def _bars(kind: str, intervals: Iterable[Interval]) -> list[Bar]:
    return [Bar(kind, interval) for interval in intervals]


def _span(interval: Interval) -> str:
    return " to ".join(f"{at:%-H:%M:%S}" if at.second else f"{at:%-H:%M}" for at in (interval.start, interval.end))


def pictures() -> dict[str, Picture]:
    """File name → picture."""
    return {f"timeline-{told.name}.svg": Picture(told) for told in told_lessons()}


if __name__ == "__main__":
    for name, picture in pictures().items():
        (Path(sys.argv[1]) / name).write_text(picture.svg(), encoding="utf-8")
