"""The classrooms and what they send, in the JSON that the page reads."""

from collections.abc import Mapping
from datetime import timedelta

from sandbox.classroom.deliveries import AS_USUAL, Delivery, Handling, Try
from sandbox.classroom.rooms import Place
from sandbox.page.drawn import instant
from sandbox.page.scene import Json, Room

STATES = {"delivered": "answered", "given up": "given_up"}


def room(held: Room) -> Json:
    classroom = held.classroom
    by_handle: dict[str, list[Json]] = {}
    for each in classroom.places():
        by_handle.setdefault(each.handle, []).append(place(each))
    return {
        "id": classroom.room_id,
        "course": held.course,
        "platform": held.platform,
        "topic": classroom.topic,
        "is_open": classroom.is_open,
        "lacks": sorted(classroom.lacks),
        "noticed_after": classroom.noticed_after.total_seconds(),
        "host": classroom.host.handle,
        "persons": [
            {
                "handle": handle,
                "name": visitor.participant.name,
                "role": visitor.role,
                "places": by_handle.get(handle, []),
            }
            for handle, visitor in held.visitors.items()
        ],
        "breakouts": classroom.breakouts,
    }


def place(where: Place) -> Json:
    return {
        "connection": where.connection,
        "device": where.device,
        "shown_as": where.shown_as,
        "where": where.where,
        "breakout": where.breakout or None,
        "since": instant(where.since),
    }


def delivery(held: Room, sent: Delivery) -> Json:
    is_tried_again = sent.state == "waiting" and sent.tries
    return {
        "id": f"{held.classroom.room_id}.{sent.number}",
        "room": held.classroom.room_id,
        "at": instant(sent.at),
        "event": sent.event,
        "about": held.classroom.deliveries.about(sent.body),
        "state": "retrying" if is_tried_again else STATES.get(sent.state, sent.state),
        "status": sent.tries[-1].status if sent.tries else None,
        "tries": len(sent.tries),
    }


def delivery_detail(held: Room, sent: Delivery, became: Json | None) -> Json:
    """The raw bytes, the headers of the newest try, every try, and what the app under test says of it."""
    return {
        **delivery(held, sent),
        "body": sent.body.decode("utf-8", "replace"),
        "headers": sent.tries[-1].headers if sent.tries else {},
        "tries": [_try(each) for each in sent.tries],
        "became": became,
    }


def handling(rooms: Mapping[str, Room]) -> Json:
    """What the network does to all deliveries from now on; `delay` in seconds."""
    networks = [held.classroom.deliveries for held in rooms.values()]
    first: Handling = networks[0].network if networks else AS_USUAL
    return {
        "delay": first.delay / timedelta(seconds=1),
        "is_shuffled": any(each.is_shuffled for each in networks),
        "lost": first.is_lost,
        "doubled": first.is_doubled,
    }


def _try(each: Try) -> Json:
    return {
        "at": instant(each.at),
        "status": each.status,
        "reply": each.reply.decode("utf-8", "replace"),
        "error": "" if each.status is not None else "no reply within 3 s, or no connection",
    }
