"""Who each connection is, for the oracle: attendance-rules, section 6, as one ladder of evidence."""

import re
import unicodedata
from collections import defaultdict

from bot.attendance.events import EventKind, PresenceEvent
from bot.attendance.lessons import CorrectionKind, LessonFacts, LinkKind, Person

#: (session, connection, or who the event names)
Key = tuple[str, str]
#: the ids of its persons, or ["?display name"], or nobody; and whether it rests on a name alone
Owners = tuple[tuple[str, ...], bool]

SAID, CERTAIN, STRONG, ALIAS, NAME = range(5)
DEVICES = re.compile(r"(.*'s )?(iphone|ipad|galaxy|zoom user|guest|[\d\W_]*)\b.*|[\d\W_]*", re.IGNORECASE)


def identified(facts: LessonFacts) -> dict[Key, Owners]:
    """Every connection with its owners."""
    events: dict[Key, list[PresenceEvent]] = defaultdict(list)
    for event in sorted(facts.events, key=lambda event: event.occurred_at):
        if event.who:
            events[event.session, event.who].append(event)
    evidence = {key: evidence_of(facts, key, told) for key, told in events.items()}
    for key, told in events.items():
        for event in told:
            if event.kind is EventKind.BOUND and event.bound_to is not None and (key[0], event.bound_to) in evidence:
                both = [evidence[key], evidence[key[0], event.bound_to]]
                evidence[key] = evidence[key[0], event.bound_to] = {**both[1], **both[0]}
    strong = {
        (comparable(event.handle.name), person)
        for key, told in events.items()
        for event in told
        for level in (SAID, CERTAIN, STRONG)
        for person in evidence[key].get(level, ())
    }
    return {key: owners_of(facts, evidence[key], told, strong) for key, told in events.items()}


def evidence_of(facts: LessonFacts, key: Key, told: list[PresenceEvent]) -> dict[int, tuple[str, ...]]:
    """What speaks for whom, by strength: level → person ids; an empty tuple is *not a person*."""
    persons = (*facts.roster, *facts.known)
    found: dict[int, tuple[str, ...]] = {}
    for correction in sorted(facts.corrections, key=lambda correction: correction.at):
        if correction.kind is CorrectionKind.LINK and correction.connection == key:
            found[SAID] = correction.person_ids
    for handle in (event.handle for event in told):
        for person in persons:
            ids = {(person.registrant_id, handle.registrant_id)}
            ids |= {(ours, handle.external_id) for ours in (person.external_id, person.id)}
            if any(ours and ours == theirs for ours, theirs in ids):
                found.setdefault(CERTAIN, (person.id,))
            if person.email and person.email == handle.email:
                found.setdefault(STRONG, (person.id,))
        confirmed = {
            LinkKind.USER_ID: handle.user_id,
            LinkKind.REGISTRANT_ID: handle.registrant_id,
            LinkKind.EXTERNAL_ID: handle.external_id,
            LinkKind.EMAIL: handle.email,
            LinkKind.ALIAS: comparable(handle.name),
        }
        for link in facts.links:
            if link.value and confirmed[link.kind] == link.value:
                is_alias = link.kind is LinkKind.ALIAS
                if not (is_alias and DEVICES.fullmatch(handle.name)):
                    found.setdefault(ALIAS if is_alias else STRONG, link.person_ids)
    return found


def owners_of(
    facts: LessonFacts,
    evidence: dict[int, tuple[str, ...]],
    told: list[PresenceEvent],
    strong: set[tuple[str, str]],
) -> Owners:
    """The strongest evidence decides; then one full name on the roster; else the display name stands for itself."""
    if evidence:
        best = min(evidence)
        return evidence[best], best == ALIAS
    names = [event.handle.name for event in told if event.handle.name]
    for name in names:
        matches: list[Person] = [person for person in facts.roster if comparable(person.name) == comparable(name)]
        is_somebody_else = any(n == comparable(name) and person not in {m.id for m in matches} for n, person in strong)
        if len(matches) == 1 and not is_somebody_else:
            return (matches[0].id,), True
    return (f"?{comparable(names[-1])}" if names else f"?{told[0].session} {told[0].who}",), False


def comparable(name: str) -> str:
    """A name as the rule compares it: NFKC, case folded, trimmed, without a trailing "(…)"."""
    plain = unicodedata.normalize("NFKC", name).casefold().strip()
    return re.sub(r"\s*\([^()]*\)$", "", plain)
