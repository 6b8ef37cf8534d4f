"""Modals and Home tabs in front of people, and the triggers that open them."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sandbox.observing import Observers
from sandbox.slack.errors import Refused
from sandbox.slack.model import Json, View

STACK = 3  # modals above each other
TRIGGER_LIFE = timedelta(seconds=3)
_TRIGGERS_KEPT = 1_000


@dataclass(slots=True)
class _Trigger:
    person: str
    born: datetime
    used: bool = False


class Views:
    """Per person one Home tab and one stack of modals; triggers live in wire time."""

    def __init__(
        self,
        *,
        wire: Callable[[], datetime],
        new_id: Callable[[str], str],
        with_ids: Callable[[list[Json]], tuple[Json, ...]],
        observers: Observers,
    ) -> None:
        self._wire = wire
        self._new_id = new_id
        self._with_ids = with_ids
        self._observers = observers
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}
        self._triggers: OrderedDict[str, _Trigger] = OrderedDict()
        self._versions = 0

    def new_trigger(self, person: str) -> str:
        """Return a trigger id that opens one modal before this person within three seconds."""
        trigger = f"{self._new_id('trigger')}.{person}"
        self._triggers[trigger] = _Trigger(person, self._wire())
        if len(self._triggers) > _TRIGGERS_KEPT:
            self._triggers.popitem(last=False)
        return trigger

    def use_trigger(self, trigger_id: str) -> str:
        """Return the person whose trigger this is, and use it up."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self._wire() - trigger.born > TRIGGER_LIFE:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger.person

    def open(self, person: str, source: Json) -> View:
        """Show a modal, in place of whatever modals the person had open."""
        self._check_external_id(source)
        view = self._make(person, source)
        self._stacks[person] = [view]
        self._observers.tell("views", person)
        return view

    def push(self, person: str, source: Json) -> View:
        """Put a modal above the one that the person has open; at most three are above each other."""
        stack = self._stacks.get(person, [])
        if not stack:
            raise Refused("not_found")
        if len(stack) >= STACK:
            raise Refused("push_limit_reached")
        self._check_external_id(source)
        view = replace(self._make(person, source), root=stack[0].root, previous=stack[-1].id)
        stack.append(view)
        self._observers.tell("views", person)
        return view

    def publish(self, person: str, source: Json, *, hash_: str | None) -> View:
        """Show a Home tab; with a hash only if nobody has published since."""
        old = self._homes.get(person)
        if hash_ is not None and old is not None and old.hash != hash_:
            raise Refused("hash_conflict")
        view = self._make(person, source)
        if old is not None:
            view = replace(view, id=old.id, root=old.root)
        self._homes[person] = view
        self._observers.tell("home", person)
        return view

    def update(self, old: View, source: Json, *, hash_: str | None = None) -> View:
        """Change an open view in place, keeping what was typed where an input stays; with a hash only if it fits."""
        if hash_ is not None and old.hash != hash_:
            raise Refused("hash_conflict")
        self._check_external_id(source, but=old)
        fresh = self._make(old.person, source)
        kept = {key for block, element in fresh.elements() for key in [(block["block_id"], element["action_id"])]}
        state = {
            block_id: {action: value for action, value in values.items() if (block_id, action) in kept}
            for block_id, values in old.state.items()
        }
        view = replace(fresh, id=old.id, root=old.root, previous=old.previous, state=state)
        self.put(view)
        return view

    def put(self, view: View) -> None:
        """Replace an open view by another state of itself."""
        if view.kind == "home":
            self._homes[view.person] = view
            self._observers.tell("home", view.person)
            return
        stack = self._stacks.get(view.person, [])
        self._stacks[view.person] = [view if held.id == view.id else held for held in stack]
        self._observers.tell("views", view.person)

    def close(self, view: View) -> None:
        """Take the view away; the one beneath it shows again."""
        stack = self._stacks.get(view.person, [])
        self._stacks[view.person] = [held for held in stack if held.id != view.id]
        self._observers.tell("views", view.person)

    def clear(self, person: str) -> list[View]:
        """Take away all modals of a person and return them, the topmost first."""
        cleared = list(reversed(self._stacks.pop(person, [])))
        self._observers.tell("views", person)
        return cleared

    def stack(self, person: str) -> list[View]:
        """Return the open modals, the topmost last."""
        return list(self._stacks.get(person, ()))

    def home(self, person: str) -> View | None:
        """Return the Home tab as published, if ever."""
        return self._homes.get(person)

    def find(self, *, view_id: str | None = None, external_id: str | None = None) -> View | None:
        """Return an open view by its id or by the app's own id for it."""
        for view in self._all():
            if view_id is not None and view.id == view_id:
                return view
            if external_id and view.source.get("external_id") == external_id:
                return view
        return None

    def _all(self) -> list[View]:
        return [*(view for stack in self._stacks.values() for view in stack), *self._homes.values()]

    def _check_external_id(self, source: Mapping[str, Any], *, but: View | None = None) -> None:
        found = self.find(external_id=source.get("external_id"))
        if found is not None and (but is None or found.id != but.id):
            raise Refused("duplicate_external_id")

    def _make(self, person: str, source: Json) -> View:
        self._versions += 1
        view_id = self._new_id("V")
        rendered = {**source, "blocks": list(self._with_ids(source["blocks"]))}
        return View(id=view_id, person=person, hash=f"{self._versions}.sandbox", root=view_id, source=rendered)
