"""What can go wrong in the sandbox by somebody's mistake."""

from collections.abc import Sequence


class SandboxError(Exception):
    """The base of the sandbox's own errors."""


class OutgrownError(SandboxError):
    """Something grew beyond its limit, which means that nobody takes anything out of it."""


class ClassroomError(SandboxError):
    """Somebody was asked to do what they cannot do now, such as leaving a room they are not in."""


class ScenarioError(SandboxError):
    """A scenario cannot be read; `problems` names every mistake with its place, one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))
