"""What people can do in a scenario: `verb: who`, with options beside it.

In the classroom every verb also takes `delivery: {delay: 40s, lost: yes, doubled: yes, unheard: yes, again_after: 5m}`:
what the network does to what the platform tells about it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sandbox.classroom.deliveries import AS_USUAL, Deliveries
from sandbox.classroom.participant import Participant
from sandbox.classroom.rooms import Classroom
from sandbox.moments import length
from sandbox.reading import whole
from sandbox.slack.model import CannotDo, Message, Reply
from sandbox.slack.people import Person
from sandbox.slack.workspace import Workspace
from sandbox.story import Face, Pattern, Step

Options = Mapping[str, Any]
InClassroom = Callable[[Classroom, Participant, Options], None]
InSlack = Callable[[Person, Options], Awaitable[Reply]]


def some(options: Options, *names: str, **renamed: str) -> dict[str, Any]:
    """The options that were given, under the names the classroom has for them."""
    names_there = {name: name for name in names} | renamed
    return {there: options[here] for there, here in names_there.items() if here in options}


def joins(room: Classroom, who: Participant, options: Options) -> None:
    room.join(who, **some(options, "device", name="as"))


def drops(room: Classroom, who: Participant, options: Options) -> None:
    room.drop(who, **some(options, "device", "noticed_after"))


def dials_in(room: Classroom, who: Participant, options: Options) -> None:
    room.dial_in(who, phone_number=options["number"])


CLASSROOM: Mapping[str, tuple[InClassroom, frozenset[str]]] = {
    "starts": (lambda room, _, options: room.host_joins(**some(options, "device")), frozenset({"device"})),
    "ends": (lambda room, _, options: room.end_for_all(**some(options, "lefts")), frozenset({"lefts"})),
    "restarts": (lambda room, _, options: room.restart(**some(options, "after")), frozenset({"after"})),
    "joins": (joins, frozenset({"device", "as"})),
    "leaves": (lambda room, who, options: room.leave(who, **some(options, "device")), frozenset({"device"})),
    "drops": (drops, frozenset({"device", "noticed_after"})),
    "reconnects": (lambda room, who, options: room.reconnect(who, **some(options, "device")), frozenset({"device"})),
    "dials_in": (dials_in, frozenset({"number!"})),
    "binds": (lambda room, who, _: room.bind(who), frozenset()),
    "waits": (
        lambda room, who, options: room.wait(who, **some(options, "device", name="as")),
        frozenset({"device", "as"}),
    ),
    "is_admitted": (
        lambda room, who, options: room.admit(who, **some(options, "joins_after")),
        frozenset({"joins_after"}),
    ),
    "is_put_out": (lambda room, who, _: room.put_in_waiting_room(who), frozenset()),
    "goes_home": (lambda room, who, _: room.leave_waiting_room(who), frozenset()),
    "waits_for_host": (lambda room, who, _: room.wait_for_host(who), frozenset()),
    "gives_up_waiting": (lambda room, who, _: room.stop_waiting_for_host(who), frozenset()),
    "joins_before_host": (
        lambda room, who, options: room.join_before_host(who, **some(options, "device")),
        frozenset({"device"}),
    ),
    "breaks_out": (lambda room, who, options: room.breakout(who, options["into"]), frozenset({"into!"})),
    "comes_back": (lambda room, who, _: room.back_to_main(who), frozenset()),
    "calls_all_back": (lambda room, _, __: room.close_breakouts(), frozenset()),
    "renames": (lambda room, who, options: room.rename(who, options["to"]), frozenset({"to!"})),
    "becomes": (lambda room, who, options: room.change_role(who, options["role"]), frozenset({"role!"})),
}
"""Verb: what happens, and its options; those with `!` are needed."""

OF_THE_HOST = frozenset({"starts", "ends", "restarts", "calls_all_back"})


async def types(who: Person, options: Options) -> Reply:
    return await who.command(options["text"], channel=options.get("in"))


async def clicks(who: Person, options: Options) -> Reply:
    """Presses what is called `button` (or read aloud so) in the newest message that has it.

    With `choose` it is a menu, and that option is picked.
    """
    for message in reversed(_messages(who, options.get("in"))):
        for block, element in message.elements():
            chosen = _choice(element, options["button"], options.get("choose"))
            if chosen is not None:
                value = element.get("value") if element["type"] == "button" else None
                return await who.click(
                    message,
                    element["action_id"],
                    value=value,
                    block_id=block["block_id"],
                    selected=chosen or None,
                )
    raise CannotDo(f"{who.name} sees no {options['button'].text!r}")


async def submits(who: Person, options: Options) -> Reply:
    if not who.open_views:
        raise CannotDo(f"{who.name} has no open form")
    return await who.submit(who.open_views[-1], options.get("values", {}))


SLACK: Mapping[str, tuple[InSlack, frozenset[str]]] = {
    "types": (types, frozenset({"text!", "in", "heard", "from"})),
    "clicks": (clicks, frozenset({"button!", "choose", "in"})),
    "submits": (submits, frozenset({"values"})),
}

FAULTS: Mapping[str, frozenset[str]] = {
    "error": frozenset({"code!", "times"}),
    "server_error": frozenset({"status", "times"}),
    "rate_limit": frozenset({"retry_after", "times"}),
    "no_answer": frozenset({"times"}),
    "drop_answer": frozenset({"times"}),
    "slow": frozenset({"seconds!"}),
    "clear": frozenset(),
}
"""`slack: error` with `method: chat.postMessage`: the methods of the workspace's fault plan and what they take."""


def feed_is(how: str, deliveries: Deliveries) -> None:
    """What the network does from now on."""
    if how in {"shuffled", "in_order"}:
        deliveries.is_shuffled = how == "shuffled"
    elif how == "held":
        deliveries.keep()
    else:
        deliveries.network = replace(deliveries.network, is_lost=how == "silent", is_unheard=how == "unheard")
        deliveries.let_go()


FEEDS = frozenset({"shuffled", "in_order", "silent", "unheard", "held", "back"})
"""Until the feed is `back`, `silent` loses all deliveries, `unheard` all replies, and `held` keeps the deliveries."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """Where a scenario plays."""

    classrooms: Mapping[str, Classroom]
    workspace: Workspace
    people: Mapping[str, Face]

    async def do(self, step: Step) -> str:
        """Does one step; returns what Slack tells the person who failed at something, else an empty text.

        Raises ClassroomError or CannotDo for what makes no sense at this moment.
        """
        if step.verb == "feed":
            for room in self.classrooms.values():
                if step.room in {"", room.room_id}:
                    feed_is(step.who[0], room.deliveries)
        elif step.verb == "slack":
            self._break_slack(step)
        elif step.verb in CLASSROOM:
            happens, _ = CLASSROOM[step.verb]
            room = self.classrooms[step.room]
            with room.deliveries.handled(step.options.get("delivery", AS_USUAL)):
                for handle in step.who:
                    happens(room, participant(self.people[handle]), step.options)
        else:
            acts, _ = SLACK[step.verb]
            options = self._with_what_was_heard(step.options)
            for handle in step.who:
                reply = await acts(self._person(handle), options)
                if not reply.acknowledged:
                    return reply.error or f"the app answered {reply.status}"
        return ""

    def _person(self, handle: str) -> Person:
        return self.workspace.persons[self.people[handle].slack]

    def _with_what_was_heard(self, options: Options) -> Options:
        """What somebody reads aloud from their newest message that has it, in the place of `{}` in what is typed."""
        if "heard" not in options:
            return options
        speaker = self._person(options["from"])
        read = (options["heard"].found_in(whole(each, self.workspace)) for each in reversed(_messages(speaker, None)))
        said = next(filter(None, read), "")
        if not said:
            raise CannotDo(f"{speaker.name} has nothing to read aloud")
        return {**options, "text": options["text"].replace("{}", said)}

    def _break_slack(self, step: Step) -> None:
        method = step.options.get("method", "*")
        plan = getattr(self.workspace.faults, step.who[0])
        if step.who[0] == "clear":
            plan(None if method == "*" else method)
        else:
            given = {name: value for name, value in step.options.items() if name != "method"}
            plan(method, *given.values()) if "code" in given or "seconds" in given else plan(method, **given)


def participant(face: Face) -> Participant:
    """The same person as platforms know them."""
    return Participant(
        handle=face.handle,
        name=face.zoom_name or face.name,
        email=face.zoom_email,
        zoom_id=face.zoom_id,
        registrant_id=face.registrant_id,
        external_id=face.external_id,
    )


OPTION_KINDS: Mapping[str, Callable[[str], Any]] = {
    "after": length,
    "again_after": length,
    "button": lambda text: Pattern(text=text),
    "choose": lambda text: Pattern(text=text),
    "delay": length,
    "heard": lambda text: Pattern(text=text),
    "joins_after": lambda text: None if text == "never" else length(text),
    "lefts": lambda text: _one_of(text, "before", "after"),
    "noticed_after": length,
    "retry_after": int,
    "role": lambda text: _one_of(text, "host", "co-host", "attendee"),
    "seconds": float,
    "status": int,
    "times": int,
}
"""How the text of an option becomes its value, where it does not stay text; raises ValueError."""


def _one_of(text: str, *known: str) -> str:
    if text not in known:
        raise ValueError(f"{text!r} is unknown; known are {', '.join(known)}")
    return text


def _messages(who: Person, channel: str | None) -> list[Message]:
    if channel is None:
        return sorted([*who.inbox, *who.ephemerals], key=lambda message: float(message.ts))
    found = who.workspace.channel_named(channel)
    if found is None:
        raise CannotDo(f"there is no channel {channel}")
    return who.workspace.messages_in(found.id)


def _choice(element: Mapping[str, Any], button: Pattern, choose: Pattern | None) -> str | None:
    """None: this is not it; an empty text: a button to press; else the value of the option to pick."""
    label = element.get("text") or element.get("placeholder") or {}
    called = (label.get("text", ""), element.get("accessibility_label", ""))
    is_it = any(button.is_in(name) for name in called) or button.text == element["action_id"]
    if choose is None:
        return "" if is_it and element["type"] == "button" else None
    if not is_it:
        return None
    options = element.get("options", [])
    return next((option["value"] for option in options if choose.is_in(option["text"]["text"])), None)
