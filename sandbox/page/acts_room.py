"""What somebody at the page does with the classrooms, with lesson time, and with what is to go wrong."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sandbox import verbs
from sandbox.classroom.deliveries import Handling
from sandbox.classroom.participant import Participant
from sandbox.page.scene import Json, Room, Scene, Visitor
from sandbox.page.wishes import Unclear, flag, number, text, texts

SLOWEST, FASTEST = 0.5, 600.0
LONGEST_DELAY = 3_600.0
MOST_GUESTS = 100
LONGEST_NAME = 200
#: What the page calls the options of some verbs.
NAMED = {"as": "name", "to": "name"}


async def act_in_room(scene: Scene, wish: Json) -> Json:
    """A verb of the scenarios, now: `who` are handles, `guest` is the name of somebody made up on the spot."""
    room = scene.rooms.get(text(wish, "room"))
    if room is None:
        raise Unclear("room is none of the classrooms")
    verb = text(wish, "verb")
    if verb not in verbs.CLASSROOM:
        raise Unclear(f"{verb!r} is unknown; known are {', '.join(verbs.CLASSROOM)}")
    happens, _ = verbs.CLASSROOM[verb]
    options = _options(verb, wish)
    for visitor in _who(room, verb, wish):
        happens(room.classroom, visitor.participant, options)
    scene.meddled()
    return {"ok": True}


async def clock(scene: Scene, wish: Json) -> Json:
    """`speed`, `is_running`, or `step_to` a moment or `next`; stepping stops the clock."""
    steered = scene.steerable
    if steered is None:
        raise Unclear("this clock goes by itself")
    changes: dict[str, Any] = {}
    if "speed" in wish:
        changes["speed"] = number(wish, "speed", low=SLOWEST, high=FASTEST)
    if "is_running" in wish:
        changes["is_running"] = flag(wish, "is_running")
    if "step_to" in wish:
        if scene.step_to is None:
            raise Unclear("this clock cannot be stepped on")
        target = _moment(text(wish, "step_to"))
        steered.steer(is_running=False)
        scene.after_steering()
        await scene.step_to(target)
    else:
        steered.steer(**changes)
        scene.after_steering()
    return {"ok": True}


async def handling(scene: Scene, wish: Json) -> Json:
    """What the network does to all deliveries from now on; what is not named stays as it is."""
    for room in scene.rooms.values():
        deliveries = room.classroom.deliveries
        now = deliveries.network
        delay = number(wish, "delay", low=0, high=LONGEST_DELAY) if "delay" in wish else None
        deliveries.network = Handling(
            delay=now.delay if delay is None else timedelta(seconds=delay),
            is_lost=flag(wish, "lost") if "lost" in wish else now.is_lost,
            is_doubled=flag(wish, "doubled") if "doubled" in wish else now.is_doubled,
        )
        if "is_shuffled" in wish:
            deliveries.is_shuffled = flag(wish, "is_shuffled")
    return {"ok": True}


async def fault(scene: Scene, wish: Json) -> Json:
    """Let calls of `method` (or of all, `*`) fail `times` times, or until cleared if that is null."""
    method, kind = text(wish, "method", "*"), text(wish, "fault")
    lasts = "times" in wish and wish["times"] is None
    times = None if lasts else int(_or(wish, "times", 1, 1, 1_000))
    plan = scene.workspace.faults
    match kind:
        case "error":
            plan.error(method, text(wish, "code", "fatal_error"), times=times)
        case "server_error":
            plan.server_error(method, times=times)
        case "rate_limit":
            plan.rate_limit(method, retry_after=int(_or(wish, "seconds", 30, 1, 3_600)), times=times)
        case "no_answer":
            plan.no_answer(method, times=times)
        case "drop_answer":
            plan.drop_answer(method, times=times)
        case "slow":
            plan.slow(method, _or(wish, "seconds", 2, 0.1, 60))
        case _:
            raise Unclear(f"{kind!r} is unknown; known are {', '.join(verbs.FAULTS)}")
    return {"ok": True}


async def clear_faults(scene: Scene, _: Json) -> Json:
    scene.workspace.faults.clear()
    return {"ok": True}


IN_CLASSROOM: Mapping[str, Callable[[Scene, Json], Awaitable[Json]]] = {
    "room": act_in_room,
    "clock": clock,
    "handling": handling,
    "fault": fault,
    "clear_faults": clear_faults,
}


def _who(room: Room, verb: str, wish: Json) -> list[Visitor]:
    if verb in verbs.OF_THE_HOST:
        return [Visitor(participant=room.classroom.host)]
    handles = texts(wish, "who")
    if unknown := [handle for handle in handles if handle not in room.visitors]:
        raise Unclear(f"nobody here is called {unknown[0]}")
    who = [room.visitors[handle] for handle in handles]
    if "guest" in wish:
        who.append(_guest(room, text(wish, "guest")))
    if not who:
        raise Unclear("say who")
    return who


def _guest(room: Room, name: str) -> Visitor:
    """Somebody whom nobody knows, with no account and no address."""
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise Unclear(f"a guest needs a name of at most {LONGEST_NAME} letters")
    number_of_guests = sum(handle.startswith("guest-") for handle in room.visitors)
    if number_of_guests >= MOST_GUESTS:
        raise Unclear(f"{MOST_GUESTS} guests are enough")
    handle = f"guest-{number_of_guests + 1}"
    room.visitors[handle] = Visitor(participant=Participant(handle=handle, name=name), role="guest")
    return room.visitors[handle]


def _options(verb: str, wish: Json) -> dict[str, Any]:
    """What the verb takes, under the names that the page has for it."""
    options: dict[str, Any] = {}
    for option in verbs.CLASSROOM[verb][1]:
        name = option.rstrip("!")
        asked = NAMED.get(name, name)
        if wish.get(asked) not in (None, ""):
            options[name] = _value(name, text(wish, asked))
        elif option.endswith("!"):
            raise Unclear(f"{asked} is missing")
    return options


def _value(option: str, written: str) -> Any:
    try:
        return verbs.OPTION_KINDS.get(option, str)(written)
    except ValueError as error:
        raise Unclear(str(error)) from error


def _moment(written: str) -> datetime | None:
    if written == "next":
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise Unclear("step_to must be `next` or an instant like 2026-11-23T17:00:00Z") from None
    if moment.tzinfo is None:
        raise Unclear("step_to needs a zone")
    return moment


def _or(wish: Json, name: str, default: float, low: float, high: float) -> float:
    return number(wish, name, low=low, high=high) if name in wish else default
