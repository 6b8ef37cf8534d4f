"""The training participation report: who confirmed at which checkpoint, the rule, the verdicts, and the proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.language import Words, document_language
from bot.reports.forms import DASH, Forms
from bot.reports.printed import Names, Printed

#: Checkpoints side by side; more make another table.
MOST_COLUMNS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one person's answer to one checkpoint came to."""

    #: a state of an answer: `confirmed`, `late`, `missed` …
    state: str
    #: when they answered
    at: datetime | None = None
    #: late, and a trainer let it count
    is_accepted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """One line of the report."""

    name: str
    #: e-mail or id, for a name that no font can print
    beside: str
    #: one for each checkpoint; None: was not asked
    marks: Sequence[Mark | None]
    #: answers that count for the person, that count at all, and that the rule asks for
    passed: int
    countable: int
    needed: int
    #: None: the rule is void for them
    has_passed: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """Everything that the report of one presence check says."""

    check_id: str
    version: int
    course: str
    #: empty where there is none
    description: str
    #: the trainer's
    zone: str
    start: datetime
    end: datetime
    #: when each checkpoint was opened, and whether it was cancelled
    checkpoints: Sequence[tuple[datetime, bool]]
    participants: Sequence[Participant]
    #: of the answers that count
    rule_percent: int
    #: from which the moments follow, and what of it was written down when the check began; empty: they were not drawn
    seed: str
    seed_hash: str
    #: hash of the newest entry in the history that tells of the check, as a witness; empty where there is none
    history_hash: str
    made_at: datetime


def participation_report(about: Participation, names: Names, *, language: str = "en") -> Printed:
    """The report as its template takes it; who has no name is *Unknown*."""
    forms = Forms(language, about.zone, moments=(about.start, about.end))
    _ = forms.words.text
    people = [names.shown(each.name, beside=each.beside, nameless=_("Unknown")) for each in about.participants]
    data = {
        "language": document_language(language),
        "title": _("Training participation report"),
        "head": _head(about, forms),
        "number_head": "№",
        "person_head": _("Person"),
        "people": people,
        "checkpoints_title": _("Participation checkpoints"),
        "no_checkpoints": _("No checkpoint was reached."),
        "nobody": _("Nobody was asked."),
        "tables": _tables(about, forms),
        "legend": _legend(about, forms.words),
        "rule_title": _("Rule and verdicts"),
        "rule": _rule(about, forms.words),
        "verdict_heads": [_("Counted"), _("Needed"), _("Confirmed or waived"), _("Verdict")],
        "verdicts": [_verdict(each, forms.words) for each in about.participants],
        "proof_title": _("Proof of the moments"),
        "proof": _proof(about, forms.words),
        "page": _("Page"),
        "foot": _foot(about, forms.words),
    }
    return Printed(template="participation_report", data=data, made_at=about.made_at)


def report_file_name(about: Participation) -> str:
    """`participation-2026-11-23-1800.pdf`: by the beginning in the trainer's zone, without the course's name.

    The name of a course may hold anything; a file name goes through headers and file systems.
    """
    forms = Forms("en", about.zone)
    started = f"{forms.day(about.start)}-{forms.clock(about.start)}".replace(":", "")
    version = f"-v{about.version}" if about.version > 1 else ""
    return f"participation-{started}{version}.pdf"


def _head(about: Participation, forms: Forms) -> list[tuple[str, str]]:
    _ = forms.words.text
    return [
        (_("Course"), about.course),
        (_("Description"), about.description or DASH),
        (_("Time zone of the report"), forms.zone_line(about.start, about.end)),
        (_("Start of the training"), forms.moment(about.start)),
        (_("End of the training"), forms.moment(about.end)),
    ]


def _tables(about: Participation, forms: Forms) -> list[dict[str, Any]]:
    """At most eight checkpoints a table, each headed with its time."""
    tables = []
    total = len(about.checkpoints)
    for first in range(0, total, MOST_COLUMNS):
        columns = about.checkpoints[first : first + MOST_COLUMNS]
        last = first + len(columns)
        tables.append(
            {
                "title": _part(first + 1, last, total, forms.words) if total > MOST_COLUMNS else "",
                "heads": [_heading(at, forms, is_cancelled=is_cancelled) for at, is_cancelled in columns],
                "rows": [
                    [_cell(mark, forms) for mark in participant.marks[first:last]] for participant in about.participants
                ],
            }
        )
    return tables


def _part(first: int, last: int, total: int, words: Words) -> str:
    _ = words.text
    if first == last:
        return _("Checkpoint {n} of {total}", n=first, total=total)
    return _("Checkpoints {first} to {last} of {total}", first=first, last=last, total=total)


def _heading(at: datetime, forms: Forms, *, is_cancelled: bool) -> str:
    time = forms.clock(at)
    return forms.words.text("{time} cancelled", time=time) if is_cancelled else time


def _cell(mark: Mark | None, forms: Forms) -> str:
    _ = forms.words.text
    if mark is None:
        return ""
    at = forms.clock(mark.at)
    words = {
        "confirmed": at,
        "late": _("{time} late, accepted", time=at) if mark.is_accepted else _("{time} late", time=at),
        "missed": DASH,
        "awaited": DASH,
        "disconnected": _("offline"),
        "undelivered": _("not delivered"),
        "waived": _("waived"),
        "void": _("void"),
    }
    return words[mark.state]


def _legend(about: Participation, words: Words) -> list[str]:
    """What stands in the cells, as far as it stands in one."""
    _ = words.text
    shown = {mark.state if mark is not None else "" for each in about.participants for mark in each.marks}
    lines = [
        ("confirmed", _("A time: when the person confirmed to be there.")),
        ("missed", _("{dash}: the person did not answer in time.", dash=DASH)),
        ("late", _("late: answered after the deadline; it counts only where a trainer accepted it.")),
        ("disconnected", _("offline: was not in the lesson for more than half of the time to answer; does not count.")),
        ("undelivered", _("not delivered: the question did not reach the person; does not count.")),
        ("waived", _("waived: a trainer let the answer pass.")),
        ("void", _("void: the lesson or the check ended before the deadline; does not count.")),
        ("", _("Empty: the person was not asked.")),
    ]
    said = [text for state, text in lines if state in shown]
    if any(is_cancelled for _at, is_cancelled in about.checkpoints):
        said.append(_("A checkpoint that could not be opened in time was cancelled and fails nobody."))
    return said


def _rule(about: Participation, words: Words) -> list[str]:
    _ = words.text
    return [
        _(
            "Passed is who confirmed, or was let pass by a trainer, at {percent} % at least of the checkpoints that"
            " count for them, rounded up.",
            percent=about.rule_percent,
        ),
        _("Where nothing counts, there is no verdict."),
    ]


def _verdict(each: Participant, words: Words) -> list[str]:
    _ = words.text
    verdict = _("none") if each.has_passed is None else _("passed") if each.has_passed else _("failed")
    return [str(each.countable), str(each.needed), str(each.passed), verdict]


def _proof(about: Participation, words: Words) -> list[str]:
    _ = words.text
    if not about.seed:
        return [_("The moments of this check were not drawn: a trainer asked when they wanted to.")]
    return [
        _("The moments were drawn from a seed whose hash was written into the history before the first of them."),
        _("Seed: {seed}", seed=about.seed),
        _("SHA-256 of the seed: {hash}", hash=about.seed_hash),
    ]


def _foot(about: Participation, words: Words) -> list[str]:
    _ = words.text
    lines = [_("Presence check {id}, version {version}", id=about.check_id, version=about.version)]
    if about.history_hash:
        lines.append(_("Entry of the history: {hash}", hash=about.history_hash))
    return lines
