"""What goes wrong on purpose: the next call of a method fails, is lost, or takes long."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal["error", "status", "rate_limited", "no_answer", "answer_dropped"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to go wrong; `error` or `status` or `retry_after` belongs to its kind."""

    kind: FaultKind
    error: str = ""
    status: int = 200
    retry_after: int = 0


@dataclass(slots=True)
class _Planned:
    fault: Fault
    left: int | None  # None: until cleared


class FaultPlan:
    """Faults by method; `*` stands for every method. `times=None` lasts until `clear`."""

    def __init__(self) -> None:
        self._planned: dict[str, list[_Planned]] = {}
        self._slow: dict[str, float] = {}

    def error(self, method: str, code: str, *, times: int | None = 1) -> None:
        """Answer `ok: false` with this code, without doing anything."""
        self._plan(method, Fault("error", error=code), times)

    def server_error(self, method: str, *, status: int = 500, times: int | None = 1) -> None:
        """Answer with an HTTP error and no JSON, without doing anything."""
        self._plan(method, Fault("status", status=status), times)

    def rate_limit(self, method: str, *, retry_after: int = 30, times: int | None = 1) -> None:
        """Answer 429 with Retry-After, without doing anything."""
        self._plan(method, Fault("rate_limited", retry_after=retry_after), times)

    def no_answer(self, method: str, *, times: int | None = 1) -> None:
        """Do nothing and never answer: the caller runs into its own time-out."""
        self._plan(method, Fault("no_answer"), times)

    def drop_answer(self, method: str, *, times: int | None = 1) -> None:
        """Do what was asked, then close the connection: the caller cannot know whether it was done."""
        self._plan(method, Fault("answer_dropped"), times)

    def slow(self, method: str, seconds: float) -> None:
        """Let every call take so many seconds of wire time, until cleared."""
        self._slow[method] = seconds

    def clear(self, method: str | None = None) -> None:
        """Forget the faults of one method, or all."""
        for plan in (self._planned, self._slow):
            if method is None:
                plan.clear()
            else:
                plan.pop(method, None)

    def take(self, method: str) -> Fault | None:
        """Return the fault that the call of this moment meets, and count it."""
        for name in (method, "*"):
            queue = self._planned.get(name)
            if queue:
                planned = queue[0]
                if planned.left is not None:
                    planned.left -= 1
                    if planned.left == 0:
                        queue.pop(0)
                return planned.fault
        return None

    def delay(self, method: str) -> float:
        """Return by how many seconds of wire time a call of this moment is slowed down."""
        return self._slow.get(method, self._slow.get("*", 0.0))

    def planned(self) -> Iterator[tuple[str, str, str, int | None]]:
        """Yield (method, kind, code or status or seconds, times that are left) of everything that will go wrong."""
        for method, queue in self._planned.items():
            for planned in queue:
                fault = planned.fault
                about = {"error": fault.error, "status": str(fault.status), "rate_limited": f"{fault.retry_after} s"}
                yield method, fault.kind, about.get(fault.kind, ""), planned.left
        for method, seconds in self._slow.items():
            yield method, "slow", f"{seconds:g} s", None

    def _plan(self, method: str, fault: Fault, times: int | None) -> None:
        self._planned.setdefault(method, []).append(_Planned(fault, times))
