"""Somebody whom platforms tell of, and the form in which they tell."""

from dataclasses import dataclass

Fields = dict[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Participant:
    """Who somebody is to a platform: what they signed in with, what they registered with, what they call themselves.

    `handle` is the sandbox's own name for them and is never sent. Guests have no `zoom_id` and mostly no e-mail.
    `external_id` is what the school calls them on a platform to which it gives ids of its own; Zoom has none.
    """

    handle: str
    name: str
    email: str = ""
    zoom_id: str = ""
    registrant_id: str = ""
    customer_key: str = ""
    external_id: str = ""
