"""The lesson sheet to hand in: header, a line and a bar per person, signatures, and the hash of its data."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.attendance.checks.counting import CheckCounts
from bot.attendance.lessons import Interval
from bot.attendance.sheet import PersonSheet, Sheet, Stay
from bot.language import Words, document_language
from bot.reports.forms import DASH, Forms
from bot.reports.printed import Names, Printed
from bot.reports.timeline import Scale, axis, bar
from bot.reports.words import confirmation_words, flag_words, listed, record_words, state_words, verdict_words

#: People in a picture; more would be lines too thin to read, and the sheet has them all.
MOST_IN_PICTURE: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSheet:
    """A sheet with what stands on a document beside it."""

    sheet: Sheet
    #: as written down; 0 and None while the lesson runs
    version: int
    sha256: str | None
    #: when it was written down, or computed
    at: datetime
    zone: str
    #: "held" or "planned": what verdicts count against, and the least part of it, in percent
    basis: str
    minimum: str
    #: hash of the entry in the history that tells of this version, as a witness; empty where there is none
    history_hash: str = ""


def lesson_sheet(about: PrintedSheet, names: Names, *, language: str = "en") -> Printed:
    """The sheet as its template takes it."""
    sheet = about.sheet
    forms = _forms(about, language)
    _ = forms.words.text
    data = {
        "language": document_language(language),
        "title": _("Attendance sheet"),
        "head": _head(about, forms),
        "heads": _columns(forms.words),
        "axis": axis(sheet, forms),
        "groups": _groups(about, names, forms),
        "notes": _notes(about, forms.words),
        "signatures": [
            *(_("Trainer: {name}", name=name) for name in _trainers(sheet) or [""]),
            _("For the school"),
        ],
        "place_and_date": _("Place, date, signature"),
        "page": _("Page"),
        "foot": _foot(about, forms.words),
    }
    return Printed(template="lesson_sheet", data=data, made_at=about.at)


def lesson_timeline(about: PrintedSheet, names: Names, *, language: str = "en") -> Printed:
    """The bars alone, as one picture."""
    sheet = about.sheet
    forms = _forms(about, language)
    _ = forms.words.text
    everybody = [row for group in _groups(about, names, forms) for row in group["rows"]]
    data = {
        "language": document_language(language),
        "title": sheet.title,
        "subtitle": f"{forms.span(sheet.planned_start, sheet.planned_end)} · {_zone(about, forms)}",
        "axis": axis(sheet, forms),
        "rows": everybody[:MOST_IN_PICTURE],
        "more": _more(len(everybody) - MOST_IN_PICTURE, forms.words),
        "legend": [_("present"), _("partly assumed"), _("waiting"), _("lesson held")],
        "foot": _foot(about, forms.words),
    }
    return Printed(template="timeline", data=data, made_at=about.at)


def picture_in_words(about: PrintedSheet, *, language: str = "en") -> str:
    """What the picture shows, for who cannot see it."""
    forms = _forms(about, language)
    span = forms.span(about.sheet.planned_start, about.sheet.planned_end)
    counts = _counts(about.sheet, forms.words)
    return forms.words.text(
        "Who was there when: {title}, {span}. Students: {counts}", title=about.sheet.title, span=span, counts=counts
    )


def _more(n: int, words: Words) -> str:
    return words.count("… and {n} more, on the sheet", "… and {n} more, on the sheet", n) if n > 0 else ""


def sheet_file_name(about: PrintedSheet, suffix: str) -> str:
    """`attendance-2026-11-23-1800-v2.pdf`: by the planned start in the course's zone, without the course's name.

    The name of a course may hold anything; a file name goes through headers and file systems.
    """
    forms = Forms("en", about.zone)
    start = about.sheet.planned_start
    version = f"-v{about.version}" if about.version else "-live"
    return f"attendance-{forms.day(start)}-{forms.clock(start).replace(':', '')}{version}.{suffix}"


def _forms(about: PrintedSheet, language: str) -> Forms:
    return Forms(language, about.zone, moments=(about.sheet.planned_start, about.sheet.planned_end))


def _zone(about: PrintedSheet, forms: Forms) -> str:
    return forms.zone_line(about.sheet.planned_start, about.sheet.planned_end)


def _trainers(sheet: Sheet) -> list[str]:
    return [trainer.name for trainer in sheet.trainers]


def _head(about: PrintedSheet, forms: Forms) -> list[tuple[str, str]]:
    sheet, words = about.sheet, forms.words
    _ = words.text
    held = f"{forms.clock(sheet.actual_start)}–{forms.clock(sheet.actual_end)}"
    counted = _("held time") if about.basis == "held" else _("planned time")
    return [
        (_("Course"), sheet.title),
        (_("Trainer"), listed(_trainers(sheet)) or DASH),
        (_("Planned"), f"{forms.span(sheet.planned_start, sheet.planned_end)}, {forms.length(sheet.planned_seconds)}"),
        (_("Held"), f"{held}, {forms.length(sheet.held_seconds)}" if sheet.actual_start is not None else DASH),
        (_("Time zone"), _zone(about, forms)),
        (_("Attended from"), _("{percent} % of the {time}", percent=about.minimum, time=counted)),
        (_("Students"), _counts(sheet, words)),
        (
            _("State"),
            listed(
                (
                    state_words(words, sheet.state),
                    confirmation_words(words, sheet.confirmation),
                    record_words(words, sheet.record),
                )
            ),
        ),
    ]


def _counts(sheet: Sheet, words: Words) -> str:
    """`22: attended 20, absent 2`, the most frequent verdict first."""
    verdicts = (student.verdict for student in sheet.students)
    counts = Counter(verdict_words(words, verdict) for verdict in verdicts if verdict is not None)
    parts = listed(f"{said} {n}" for said, n in sorted(counts.items(), key=lambda each: (-each[1], each[0])))
    return f"{len(sheet.students)}: {parts}" if parts else str(len(sheet.students))


def _columns(words: Words) -> list[str]:
    _ = words.text
    return [
        "№",
        _("Person"),
        _("Arrival"),
        _("Departure"),
        _("Min. of planned"),
        "%",
        _("Min. of held"),
        "%",
        _("Verdict and remarks"),
        _("Checks"),
    ]


def _groups(about: PrintedSheet, names: Names, forms: Forms) -> list[dict[str, Any]]:
    """Students first, without a heading; who else was there follows under one."""
    sheet, scale = about.sheet, Scale.of(about.sheet)
    _ = forms.words.text

    def group(title: str, people: Sequence[PersonSheet]) -> dict[str, Any]:
        return {"title": title, "rows": [_row(person, names, forms, scale) for person in people]}

    strangers = [
        {
            **_there(each.display_name, "", each.stays, (), names, forms, scale),
            "cells": [*_times(each.stays, forms), forms.minutes(each.attended_seconds), "", "", "", "", ""],
        }
        for each in sheet.strangers
    ]
    groups = [
        group("", sheet.students),
        group(_("Trainers"), sheet.trainers),
        group(_("Not enrolled"), sheet.not_enrolled),
        group(_("Observers"), sheet.observers),
        {"title": _("Not recognised"), "rows": strangers},
    ]
    return [each for each in groups if each["rows"]]


def _row(person: PersonSheet, names: Names, forms: Forms, scale: Scale) -> dict[str, Any]:
    words = forms.words
    verdict = verdict_words(words, person.verdict) if person.verdict is not None else ""
    remarks = listed((verdict, *flag_words(words, person)))
    beside = person.email or person.person_id
    return {
        **_there(person.name, beside, person.stays, person.waited, names, forms, scale),
        "cells": [
            *_times(person.stays, forms),
            forms.minutes(person.attended.planned),
            forms.percent(person.permille_planned),
            forms.minutes(person.attended.held),
            forms.percent(person.permille_held),
            remarks,
            _checks(person.checks),
        ],
    }


def _checks(counts: CheckCounts) -> str:
    """`3/4`: answered of those that count; who was never asked has none."""
    return f"{counts.answered}/{counts.countable}" if counts.asked else ""


def _there(
    name: str,
    beside: str,
    stays: Sequence[Stay],
    waited: Iterable[Interval],
    names: Names,
    forms: Forms,
    scale: Scale,
) -> dict[str, Any]:
    shown = names.shown(name, beside=beside, nameless=forms.words.text("without a name"))
    return {"person": shown, "bar": bar(stays, waited, scale)}


def _times(stays: Sequence[Stay], forms: Forms) -> list[str]:
    return [forms.clock(stays[0].joined_at), forms.clock(stays[-1].left_at)] if stays else [DASH, DASH]


def _notes(about: PrintedSheet, words: Words) -> list[str]:
    _ = words.text
    notes = [
        _("Minutes are whole minutes and percentages have one decimal, both rounded down."),
        _("Checks: confirmed or waived answers of those that count."),
        _("Bars: dark is present, light partly assumed, a thin line waiting; the shaded ground is the held time."),
    ]
    if not about.version:
        notes.append(_("The lesson is not over: this sheet is not final and has no hash."))
    return notes


def _foot(about: PrintedSheet, words: Words) -> list[str]:
    _ = words.text
    written = _("version {n}", n=about.version) if about.version else _("not written down yet")
    lines = [_("Document {id}, {version}", id=about.sheet.lesson_id, version=written)]
    if about.sha256 is not None:
        lines.append(_("SHA-256 of the sheet: {hash}", hash=about.sha256))
    if about.history_hash:
        lines.append(_("Entry of the history: {hash}", hash=about.history_hash))
    return lines
