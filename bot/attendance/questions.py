"""What only a person can settle: the open questions of one lesson."""

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

from bot.attendance.asked import open_ask
from bot.attendance.differences import Compared, beyond_the_record
from bot.attendance.held import took_place
from bot.attendance.identity import comparable
from bot.attendance.intervals import whole_seconds
from bot.attendance.lessons import Confirmation, Correction, CorrectionKind, Interval, Role
from bot.attendance.presence import NOWHERE
from bot.attendance.sheet import Flag, PersonSheet, Presence, Question, QuestionKind, Stranger, Verdict
from bot.attendance.verdict import least_presence
from bot.attendance.view import LessonView

#: More assumed time than this for one person is a question.
MUCH_ASSUMED_SECONDS = 600
#: By these a trainer says who is right, the webhooks or the record.
SETTLES_RECORD = frozenset({CorrectionKind.ACCEPT_VERDICT, CorrectionKind.TAKE_RECORD, CorrectionKind.EXCUSED})
#: As many suggestions as fit on one row of buttons beside *Somebody else* and *A guest*.
MOST_SUGGESTIONS = 3


def questions_of(
    view: LessonView, people: Sequence[PersonSheet], strangers: Sequence[Stranger], both: Mapping[str, Compared]
) -> tuple[Question, ...]:
    """The open questions: about the lesson first, then about people, then about strangers."""
    found = _about_the_lesson(view)
    for person in people:
        if person.role is Role.STUDENT and view.presence(person.person_id) is not NOWHERE:
            found += _about(view, person)
            beyond = _beyond(view, person, both) if view.facts.records and not view.court.is_live else []
            if beyond:
                seconds = whole_seconds(beyond)
                found.append(Question(kind=QuestionKind.RECORD_DIFFERS, subject=person.person_id, seconds=seconds))
    least = least_presence(view.facts.lesson).total_seconds()
    found += [
        Question(kind=QuestionKind.WHO_IS_THIS, subject=stranger.subject, person_ids=stranger.suggestions)
        for stranger in strangers
        if stranger.attended_seconds >= least or stranger.presence is Presence.PRESENT
    ]
    return tuple(found)


def _about_the_lesson(view: LessonView) -> list[Question]:
    court = view.court
    if court.is_unplanned and court.confirmation is Confirmation.UNCONFIRMED:
        return [Question(kind=QuestionKind.WAS_THIS_A_LESSON)]
    is_doubtful = court.confirmation is not Confirmation.CONFIRMED and not court.has_no_data
    if not court.is_live and is_doubtful and took_place(view.facts.corrections) is None and not court.is_unplanned:
        return [Question(kind=QuestionKind.DID_IT_TAKE_PLACE)]
    return []


def _about(view: LessonView, person: PersonSheet) -> list[Question]:
    corrections = view.corrections_of(person.person_id)
    found = _asked(person, corrections) if corrections else []
    if any(each.kind is CorrectionKind.ACCEPT_VERDICT for each in corrections):
        return found
    if person.asked_excuse:
        found.append(Question(kind=QuestionKind.ASKED_EXCUSE, subject=person.person_id))
    disagreeing = _disagreements(view, person)
    if disagreeing:
        found.append(Question(kind=QuestionKind.IDENTITIES_DISAGREE, subject=person.person_id, person_ids=disagreeing))
    if Flag.WEAK_IDENTITY in person.flags:
        found.append(Question(kind=QuestionKind.WEAK_IDENTITY, subject=person.person_id))
    if not view.court.is_live:
        if Flag.WAITED in person.flags and person.verdict is not Verdict.VALIDATED:
            found.append(Question(kind=QuestionKind.WAITED, subject=person.person_id))
        if person.assumed_seconds > MUCH_ASSUMED_SECONDS:
            found.append(Question(kind=QuestionKind.MUCH_ASSUMED, subject=person.person_id))
    return found


def _asked(person: PersonSheet, corrections: Sequence[Correction]) -> list[Question]:
    """What they asked themselves, and nobody has answered."""
    found: list[Question] = []
    claim = open_ask(corrections, CorrectionKind.IN_ALREADY)
    if claim is not None and person.presence is Presence.NOT_JOINED:
        found.append(Question(kind=QuestionKind.SAYS_IS_IN, subject=person.person_id, note=claim.note))
    if open_ask(corrections, CorrectionKind.DISPUTED) is not None:
        found.append(Question(kind=QuestionKind.DISPUTED, subject=person.person_id))
    return found


def _beyond(view: LessonView, person: PersonSheet, both: Mapping[str, Compared]) -> Sequence[Interval]:
    """What webhooks told and the record has not, if nobody has decided about it since the record came."""
    since = max((record.received_at for record in view.facts.records), default=view.scene.now)
    is_settled = any(each.kind in SETTLES_RECORD and each.at > since for each in view.corrections_of(person.person_id))
    return [] if is_settled else beyond_the_record(view, person.person_id, both)


def _disagreements(view: LessonView, person: PersonSheet) -> tuple[str, ...]:
    others = {view.resolutions[key].disagrees_with for key in person.connections if key in view.resolutions}
    return tuple(sorted(others - {""}))


def suggestions_for(view: LessonView, display_name: str) -> tuple[str, ...]:
    """Who a stranger may be: students and trainers who have not come, likeliest first. Never used to decide."""
    absent = {
        person.id: comparable(person.name)
        for person in view.facts.roster
        if person.role is not Role.OBSERVER and not view.presence(person.id).connections
    }
    ranked = process.extract(comparable(display_name), absent, scorer=fuzz.token_set_ratio, limit=MOST_SUGGESTIONS)
    return tuple(person_id for _, _, person_id in ranked)
