"""The sheet as a workbook: who attended, their stays, what the platform's record says else, and what it is about."""

from collections.abc import Iterable, Sequence

from bot.attendance.records import Interaction
from bot.attendance.sheet import PersonSheet, Sheet, Stay
from bot.language import Words
from bot.reports.forms import Forms
from bot.reports.spreadsheet import Book, Cell, Column, Kind, Table, workbook
from bot.reports.words import (
    answer_words,
    confirmation_words,
    flag_words,
    listed,
    record_words,
    role_words,
    state_words,
    verdict_words,
)


def attendance_xlsx(
    sheet: Sheet, *, zone: str, language: str = "en", version: int = 0, sha256: str | None = None
) -> bytes:
    """The numbers of the CSV, with minutes beside seconds, and everything else that the sheet knows.

    `version` and `sha256` are those of the sheet as written down; 0 and None while the lesson runs.
    """
    forms = Forms(language, zone, moments=(sheet.planned_start, sheet.planned_end))
    tables = [_attendance(sheet, forms.words), _stays(sheet, forms.words)]
    if sheet.checkpoints:
        tables.append(_checks(sheet, forms.words))
    if sheet.asked:
        tables.append(_quizzes_and_polls(sheet, forms.words))
    if sheet.differences:
        tables.append(_differences(sheet, forms.words))
    tables.append(_about(sheet, forms, version=version, sha256=sha256))
    foot = " ".join(filter(None, (sheet.lesson_id, f"v{version}" if version else "", sha256)))
    return workbook(Book(title=sheet.title, tables=tables, made_at=sheet.computed_at, zone=zone, foot=foot))


def _attendance(sheet: Sheet, words: Words) -> Table:
    """One row per person, students first; who was not recognised stands last."""
    _ = words.text
    columns = [
        Column(_("Person")),
        Column(_("E-mail")),
        Column(_("Role")),
        Column(_("Arrival"), Kind.MOMENT),
        Column(_("Departure"), Kind.MOMENT),
        Column(_("Late by, s"), Kind.NUMBER),
        Column(_("Min. of planned"), Kind.NUMBER),
        Column(_("% of planned"), Kind.PERCENT),
        Column(_("Min. of held"), Kind.NUMBER),
        Column(_("% of held"), Kind.PERCENT),
        Column(_("Verdict")),
        Column(_("Remarks")),
        Column(_("Seconds of planned"), Kind.NUMBER),
        Column(_("Seconds of held"), Kind.NUMBER),
        Column(_("Assumed, s"), Kind.NUMBER),
        Column(_("Waited, s"), Kind.NUMBER),
        Column(_("Checks asked"), Kind.NUMBER),
        Column(_("Checks confirmed"), Kind.NUMBER),
    ]
    people = (*sheet.people, *sheet.not_enrolled, *sheet.observers)
    rows: list[Sequence[Cell]] = [_person(person, words) for person in people]
    for each in sheet.strangers:
        seconds = each.attended_seconds
        row: dict[int, Cell] = {0: each.display_name, 2: _("Not recognised"), 6: seconds // 60, 12: seconds}
        row[3], row[4] = _ends(each.stays)
        rows.append([row.get(place) for place in range(len(columns))])
    return Table(title=_("Attendance"), columns=columns, rows=rows)


def _person(person: PersonSheet, words: Words) -> list[Cell]:
    return [
        person.name,
        person.email,
        role_words(words, person.role),
        person.first_joined_at,
        person.last_left_at,
        int(person.late_by.total_seconds()) if person.late_by is not None else None,
        person.attended.planned // 60,
        person.permille_planned,
        person.attended.held // 60,
        person.permille_held,
        verdict_words(words, person.verdict) if person.verdict is not None else None,
        listed(flag_words(words, person)),
        person.attended.planned,
        person.attended.held,
        person.assumed_seconds,
        person.waited_seconds,
        person.checks.asked,
        person.checks.confirmed,
    ]


def _ends(stays: Sequence[Stay]) -> tuple[Cell, Cell]:
    return (stays[0].joined_at, stays[-1].left_at) if stays else (None, None)


def _stays(sheet: Sheet, words: Words) -> Table:
    """Every stay of everybody."""
    _ = words.text
    start, end = _("start"), _("end")
    said = {
        frozenset[str](): None,
        frozenset({"joined_at"}): start,
        frozenset({"left_at"}): end,
        frozenset({"joined_at", "left_at"}): listed((start, end)),
    }

    def rows() -> Iterable[Sequence[Cell]]:
        people = (*sheet.people, *sheet.not_enrolled, *sheet.observers)
        for name, email, stays in (
            *((each.name, each.email, each.stays) for each in people),
            *((each.display_name, "", each.stays) for each in sheet.strangers),
        ):
            for stay in stays:
                yield name, email, stay.joined_at, stay.left_at, _seconds(stay), stay.connections, said[stay.assumed]

    columns = [
        Column(_("Person")),
        Column(_("E-mail")),
        Column(_("Joined"), Kind.MOMENT),
        Column(_("Left"), Kind.MOMENT),
        Column(_("Seconds"), Kind.NUMBER),
        Column(_("Devices"), Kind.NUMBER),
        Column(_("Assumed")),
    ]
    return Table(title=_("Stays"), columns=columns, rows=rows())


def _seconds(stay: Stay) -> int | None:
    return None if stay.left_at is None else int((stay.left_at - stay.joined_at).total_seconds())


def _checks(sheet: Sheet, words: Words) -> Table:
    """Every question of the presence checks with everybody's answer."""
    _ = words.text
    names = {person_id: person.name for person_id, person in sheet.by_id.items()}
    columns = [
        Column("№", Kind.NUMBER),
        Column(_("Person")),
        Column(_("Asked"), Kind.MOMENT),
        Column(_("Deadline"), Kind.MOMENT),
        Column(_("Answer")),
        Column(_("Answered"), Kind.MOMENT),
        Column(_("Reason")),
    ]
    rows: list[Sequence[Cell]] = [
        (
            number,
            names.get(answer.person_id, answer.person_id),
            answer.asked_at,
            answer.deadline,
            answer_words(words, answer.state),
            answer.at,
            answer.reason,
        )
        for number, checkpoint in enumerate(sheet.checkpoints, start=1)
        for answer in checkpoint.answers
    ]
    return Table(title=_("Presence checks"), columns=columns, rows=rows)


def _quizzes_and_polls(sheet: Sheet, words: Words) -> Table:
    """Every question that the platform itself asked, with everybody's answer; one that nobody answered stands alone."""
    _ = words.text
    names = {person_id: person.name for person_id, person in sheet.by_id.items()}
    kinds = {Interaction.QUIZ: _("Quiz"), Interaction.POLL: _("Poll")}
    said = {True: _("right"), False: _("wrong"), None: None}

    def rows() -> Iterable[Sequence[Cell]]:
        for asked in sheet.asked:
            labels = dict(asked.options)
            question = (kinds[asked.kind], asked.text)
            solution = (labels.get(asked.correct, asked.correct), asked.accuracy)
            if not asked.answers:
                yield *question, None, None, None, *solution
            for each in asked.answers:
                name = names.get(each.person_id, each.person_id)
                yield *question, name, labels.get(each.value, each.value), said[each.is_right], *solution

    columns = [
        Column(_("Kind")),
        Column(_("Question")),
        Column(_("Person")),
        Column(_("Answer")),
        Column(_("Right or wrong")),
        Column(_("Right answer")),
        Column(_("Answered right")),
    ]
    return Table(title=_("Quizzes and polls"), columns=columns, rows=rows())


def _differences(sheet: Sheet, words: Words) -> Table:
    """Where the platform's record and its webhooks say something else."""
    _ = words.text
    names = {person_id: person.name for person_id, person in sheet.by_id.items()}
    columns = [
        Column(_("Person")),
        Column(_("Webhooks, s"), Kind.NUMBER),
        Column(_("Record, s"), Kind.NUMBER),
    ]
    rows = [
        (names.get(each.person_id, each.person_id), each.webhooks_seconds, each.record_seconds)
        for each in sheet.differences
    ]
    return Table(title=_("Differences"), columns=columns, rows=rows)


def _about(sheet: Sheet, forms: Forms, *, version: int, sha256: str | None) -> Table:
    """What it is about, how final it is, and by what it can be proven."""
    words = forms.words
    _ = words.text
    rows: list[tuple[str, str]] = [
        (_("Course"), sheet.title),
        (_("Trainer"), listed(trainer.name for trainer in sheet.trainers)),
        (_("Planned"), f"{forms.span(sheet.planned_start, sheet.planned_end)}, {forms.length(sheet.planned_seconds)}"),
        (_("Held"), forms.length(sheet.held_seconds)),
        (_("Time zone"), forms.zone_line(sheet.planned_start, sheet.planned_end)),
        (_("State"), state_words(words, sheet.state)),
        (_("Lesson"), confirmation_words(words, sheet.confirmation)),
        (_("Record"), record_words(words, sheet.record)),
        (_("Document"), sheet.lesson_id),
        (_("Version"), str(version) if version else _("not written down yet")),
        (_("SHA-256 of the sheet"), sha256 or ""),
        (_("Rounding"), _("Minutes are whole minutes and percentages have one decimal, both rounded down.")),
    ]
    columns = [Column(_("About")), Column(sheet.title)]
    return Table(title=_("Document"), columns=columns, rows=rows)
