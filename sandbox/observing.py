"""Who wants to know what changes in the sandbox: a page that shows it, mostly."""

from collections.abc import Callable
from typing import Any

Observer = Callable[[str, Any], None]
"""Gets the kind of what has changed, and the thing itself or its id; called at once, so it must be quick."""


class Observers:
    """Tells everybody who asked to be told, in the order in which they asked."""

    def __init__(self) -> None:
        self._observers: list[Observer] = []

    def add(self, observer: Observer) -> Callable[[], None]:
        """Tell this one from now on; returns how to stop that."""
        self._observers.append(observer)
        return lambda: self._observers.remove(observer)

    def tell(self, kind: str, thing: Any) -> None:
        for observer in tuple(self._observers):
            observer(kind, thing)
