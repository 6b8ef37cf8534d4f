"""What is wrong in a course file: every mistake in one list, each with its place."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from bot.errors import BotError
from bot.text import clean_text

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands: the line of a file, and the way to it through the course file."""

    line: int
    #: `courses[1].policy.minimum`; empty for the file as a whole
    path: str = ""
    #: of a roster or calendar, as the course file names it; empty for the course file itself
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake or one warning; the message names the value and the remedy."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place.path}: {self.message}" if self.place.path else self.message


class BadCourseFile(BotError):
    """The course file has mistakes; nothing of it is used."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"line {problem.place.line}: {problem}" for problem in self.problems))


class Problems:
    """Collects mistakes and warnings, so that one run names them all."""

    def __init__(self) -> None:
        self._mistakes: list[Problem] = []
        self._warnings: list[Problem] = []

    def add(self, place: Place, message: str) -> None:
        """A mistake: the file will not be used."""
        self._mistakes.append(Problem(place=place, message=message))

    def warn(self, place: Place, message: str) -> None:
        """Worth a look, but the file can be used."""
        self._warnings.append(Problem(place=place, message=message))

    def attempt(self, place: Place, read: Callable[[], T]) -> T | None:
        """What `read` gives; None after its `ValueError` became a mistake at this place."""
        try:
            return read()
        except ValueError as error:
            self.add(place, str(error))
            return None

    @property
    def are_there(self) -> bool:
        return bool(self._mistakes)

    @property
    def mistakes(self) -> tuple[Problem, ...]:
        """In the order of the file, those of rosters and calendars after it."""
        return _in_order(self._mistakes)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return _in_order(self._warnings)


def quoted(value: str) -> str:
    """A value as messages show it: on one line, cut where it is long."""
    shown = clean_text(value, longest=60)
    return f"`{shown}{'…' if len(value) > len(shown) + 10 else ''}`"


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.place.file, problem.place.line)))
