"""What the participation report says of one presence check, read off the lesson's facts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.attendance.checks.counting import counts_by_person
from bot.attendance.checks.settings import Template
from bot.attendance.checks.values import Answer, AnswerState, CheckpointState, PresenceCheck
from bot.attendance.lessons import LessonFacts, Person
from bot.reports.participation import Mark, Participant, Participation
from bot.text import name_order


def report_version(check: PresenceCheck, answers: Iterable[Answer]) -> int:
    """1 for the report that is made when a check is over; each answer that a trainer decides later makes another."""
    end = check.ended_at
    return 1 + sum(1 for each in answers if each.decided_at is not None and end is not None and each.decided_at > end)


def participation_of(
    facts: LessonFacts, check: PresenceCheck, *, zone: str, history_hash: str, now: datetime
) -> Participation:
    """The report of a check that is over, of everybody who was asked, by name.

    `zone` is the trainer's; `now` stands in for an end that was not written down yet.
    """
    assert facts.logging is not None
    asked = [each for each in check.checkpoints if each.state is not CheckpointState.PLANNED]
    asked.sort(key=lambda each: each.opened_at or each.planned_at)
    answers = facts.logging.answers_in(check)
    people = {person.id: person for person in (*facts.known, *facts.roster)}
    is_drawn = check.settings.template is not Template.NOW
    end = check.ended_at or now
    return Participation(
        check_id=check.id,
        version=report_version(check, answers),
        course=facts.lesson.title,
        description="",
        zone=zone,
        start=check.started_at or check.created_at,
        end=end,
        checkpoints=[(each.opened_at or each.planned_at, each.state is CheckpointState.CANCELLED) for each in asked],
        participants=_participants([each.id for each in asked], answers, people, facts),
        rule_percent=int(facts.lesson.policy.check_rule * 100),
        seed=check.seed if is_drawn else "",
        seed_hash=check.seed_hash if is_drawn else "",
        history_hash=history_hash,
        made_at=max((end, *(each.decided_at for each in answers if each.decided_at is not None))),
    )


def _participants(
    checkpoint_ids: Sequence[str], answers: Sequence[Answer], people: Mapping[str, Person], facts: LessonFacts
) -> list[Participant]:
    share = facts.lesson.policy.check_rule
    given = {answer.key: answer for answer in answers}
    found: list[tuple[tuple[str, str, str], str, Participant]] = []
    for person_id, counts in counts_by_person(answers).items():
        person = people.get(person_id)
        name = person.name if person is not None else ""
        participant = Participant(
            name=name,
            beside=(person.email if person is not None else "") or person_id,
            marks=[_mark(given.get((checkpoint_id, person_id))) for checkpoint_id in checkpoint_ids],
            passed=counts.answered,
            countable=counts.countable,
            needed=counts.needed(share),
            has_passed=None if not counts.countable else not counts.is_failed(share),
        )
        found.append((name_order(name), person_id, participant))
    return [participant for _, _, participant in sorted(found, key=lambda each: each[:2])]


def _mark(answer: Answer | None) -> Mark | None:
    if answer is None:
        return None
    is_accepted = answer.state is AnswerState.CONFIRMED and bool(answer.decided_by)
    return Mark(state="late" if is_accepted else answer.state.value, at=answer.at, is_accepted=is_accepted)
