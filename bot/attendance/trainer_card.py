"""The trainer's card: who is missing, who said what, who waits to be let in. One card, edited as people come."""

from collections.abc import Sequence
from datetime import datetime

from bot.attendance.ladder_students import is_lost, lost_moment
from bot.attendance.lessons import Correction, Role
from bot.attendance.questions import MUCH_ASSUMED_SECONDS
from bot.attendance.sheet import PersonSheet, Presence, Question, QuestionKind, Stranger
from bot.attendance.telling import MOST_LISTED, SAID, Telling, epoch, joined_at, maybe_epoch
from bot.attendance.wanted import (
    Choice,
    LetThemInContent,
    MessageKind,
    MissingPerson,
    OpenQuestion,
    SeenPerson,
    TrainerCardContent,
)

#: The card is edited at most this often.
CARD_GAP_SECONDS = 5
#: What a running lesson asks its trainer; the rest waits for the summary.
LIVE_QUESTIONS = frozenset({QuestionKind.SAYS_IS_IN, QuestionKind.WHO_IS_THIS, QuestionKind.IDENTITIES_DISAGREE})


def tell_who_is_missing(telling: Telling) -> None:
    """Want the trainer's card and *let them in*."""
    _waiting(telling)
    _card(telling)


def _waiting(telling: Telling) -> None:
    """*Ada has been in the waiting room for 2 min: let her in*."""
    waiting: list[SeenPerson] = []
    if telling.is_running:
        for name, person_id, since in _who_waits(telling):
            # Before the planned start nobody has to open the door yet.
            counted_from = max(since, telling.lesson.planned_start)
            if telling.has_come(counted_from + telling.lesson.policy.waiting_after):
                waiting.append(SeenPerson(person_id=person_id, name=name, at=epoch(since)))
    longest_first = sorted(waiting, key=lambda each: each["at"])[:MOST_LISTED]
    content = LetThemInContent(about=telling.about, stage="waiting" if waiting else "done", waiting=longest_first)
    if len(waiting) > MOST_LISTED:
        content["more_waiting"] = len(waiting) - MOST_LISTED
    for trainer in telling.reachable(Role.TRAINER):
        telling.keep_standing(
            MessageKind.LET_THEM_IN, trainer.id, content, is_new=bool(waiting), not_after=telling.lesson.planned_end
        )


def _who_waits(telling: Telling) -> list[tuple[str, str, datetime]]:
    """(name, person id or empty, since) of everybody whom somebody has to let in."""
    found = [
        (line.name, line.person_id, wait.interval.start)
        for line in (*telling.students, *telling.sheet.not_enrolled)
        if line.presence is Presence.WAITING and (wait := telling.view.presence(line.person_id).open_wait) is not None
    ]
    for unnamed in telling.view.unnamed:
        wait = unnamed.presence.open_wait
        if wait is not None and not unnamed.presence.is_open:
            found.append((unnamed.name, "", wait.interval.start))
    return found


def _card(telling: Telling) -> None:
    """Who is missing and who said what: one card, edited as people come."""
    lesson = telling.lesson
    lost = _lost(telling)
    asked_of = () if telling.is_past else telling.sheet.questions
    questions = [each for each in asked_of if each.kind in LIVE_QUESTIONS]
    # One tap settles who is in already, and who was lost is news: neither waits for the card's own moment.
    is_urgent = bool(lost) or any(each.kind is QuestionKind.SAYS_IS_IN for each in questions)
    has_reason = telling.is_running and bool(telling.missing or lost or questions)
    is_time = telling.has_come(lesson.planned_start + lesson.policy.tell_trainer_after) if telling.is_running else False
    asked, more = open_questions(telling, questions)
    for trainer in telling.reachable(Role.TRAINER):
        kind = MessageKind.TRAINER_CARD
        if not (has_reason and (is_time or is_urgent)) and not telling.was_sent(kind, trainer.id):
            telling.take_back(kind, trainer.id)
            continue
        content = TrainerCardContent(
            about=telling.about,
            stage="over" if telling.is_past or telling.is_cancelled else "live",
            missing=_missing(telling),
            lost=lost,
            arrived=_arrived(telling, trainer.id),
            questions=asked,
            feed=telling.sheet.feed.value,
            is_feed_proven=telling.is_feed_proven,
        )
        if more:
            content["more_questions"] = more
        telling.want(kind, trainer.id, content, not_after=lesson.planned_end, edit_gap_seconds=CARD_GAP_SECONDS)


def _missing(telling: Telling) -> list[MissingPerson]:
    lines = [line for line in telling.students if line.person_id in telling.missing]
    return [_missing_person(line, telling.said_by(line.person_id)) for line in lines]


def _missing_person(line: PersonSheet, said: Correction | None) -> MissingPerson:
    return MissingPerson(
        person_id=line.person_id,
        name=line.name,
        said=SAID[said.kind] if said is not None else "",
        promised_at=maybe_epoch(said.during.end if said is not None and said.during is not None else None),
        note=said.note if said is not None else "",
        is_reachable=bool(line.slack_user_id),
    )


def _lost(telling: Telling) -> list[SeenPerson]:
    return [
        SeenPerson(person_id=line.person_id, name=line.name, at=epoch(line.last_left_at))
        for line in telling.students
        if line.last_left_at is not None
        and is_lost(telling, line)
        and telling.has_come(lost_moment(telling, line.last_left_at))
    ]


def _arrived(telling: Telling, trainer_id: str) -> list[SeenPerson]:
    """Who came or came back in the lesson, and was told to us since the card was sent."""
    told = telling.told(MessageKind.TRAINER_CARD, trainer_id)
    if told is None or told.sent_at is None:
        return []
    came = [(line, _last_told_joined(telling, line, told.sent_at)) for line in telling.students if line.stays]
    return [SeenPerson(person_id=line.person_id, name=line.name, at=epoch(at)) for line, at in came if at is not None]


def _last_told_joined(telling: Telling, line: PersonSheet, since: datetime) -> datetime | None:
    """When somebody last came in the lesson, if that was told after `since`."""
    at = max((stay.joined_at for stay in line.stays if stay.joined_at < telling.lesson.planned_end), default=None)
    events = [event for each in telling.view.presence(line.person_id).connections.values() for event in each]
    told = [event.received_at for event in events if event.occurred_at == at]
    return at if told and min(told) > since else None


def open_questions(telling: Telling, questions: Sequence[Question]) -> tuple[list[OpenQuestion], int]:
    """Questions as a message holds them, with names and how long each is about; and how many more there are.

    What is asked about the lesson and its students comes first: a room may be full of strangers.
    """
    lines = telling.sheet.by_id
    # Of several of one name the first, as everywhere; a room may be full of strangers, so nobody is searched for.
    strangers = {each.subject: each for each in reversed(telling.sheet.strangers)}
    ordered = sorted(questions, key=lambda each: each.kind is QuestionKind.WHO_IS_THIS)
    found = [
        _about_stranger(telling, each, strangers[each.subject])
        if each.kind is QuestionKind.WHO_IS_THIS
        else _about_person(telling, each, lines.get(each.subject))
        for each in ordered[:MOST_LISTED]
    ]
    return found, len(questions) - len(found)


def _about_stranger(telling: Telling, question: Question, stranger: Stranger) -> OpenQuestion:
    asked = _open(telling, question, name=stranger.display_name, seconds=stranger.attended_seconds)
    since = joined_at(stranger)
    if not stranger.display_name and since is not None:
        asked["joined_at"] = since
    return asked


def _about_person(telling: Telling, question: Question, line: PersonSheet | None) -> OpenQuestion:
    if line is None:
        return _open(telling, question, name=question.subject, seconds=0)
    if question.kind is QuestionKind.RECORD_DIFFERS:
        return _open(telling, question, name=line.name, seconds=question.seconds)
    is_assumed = question.kind is QuestionKind.MUCH_ASSUMED and line.assumed_seconds > MUCH_ASSUMED_SECONDS
    return _open(telling, question, name=line.name, seconds=line.assumed_seconds if is_assumed else line.waited_seconds)


def _open(telling: Telling, question: Question, *, name: str, seconds: int) -> OpenQuestion:
    people = telling.view.people
    choices = [Choice(person_id=each, name=people[each].name) for each in question.person_ids if each in people]
    asked = OpenQuestion(
        kind=question.kind.value,
        subject=question.subject,
        name=name,
        suggestions=choices[:MOST_LISTED],
        seconds=seconds,
        note=question.note,
    )
    if len(choices) > MOST_LISTED:
        asked["more_suggestions"] = len(choices) - MOST_LISTED
    return asked
