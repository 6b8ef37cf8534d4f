"""The table of test vectors in the definitions of attendance, row by row and column by column.

A lesson of 60 minutes, grace 5/5, bridge 60 s, minimum 90 %; the trainer is there from −10 to 70 unless the case says otherwise.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.attendance.attendance import sheet_of
from bot.attendance.lessons import Confirmation, Interval, LessonFacts
from bot.attendance.sheet import Flag, QuestionKind, Sheet, Verdict
from tests.builders import (
    ADA,
    GRACE,
    PresenceEvent,
    an_ended_lesson,
    at,
    during,
    facts,
    stay,
    the_trainer,
    waiting,
)
from tests.oracle import oracle_of

AFTERWARDS = at(180)
ALL_THE_TIME = ((-10, 70),)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row: who was there when, and what all columns say; lengths in seconds, percentages in tenths."""

    name: str
    stays: tuple[tuple[float, float], ...]
    #: attended, of, permille
    planned: tuple[int, int, int]
    held: tuple[int, int, int]
    verdict: Verdict
    flags: tuple[Flag, ...] = ()
    late_by: int = 0
    trainer: tuple[tuple[float, float], ...] = ALL_THE_TIME
    breaks: tuple[Interval, ...] = ()
    waited: tuple[tuple[float, float], ...] = ()
    bridged: int = 0
    confirmation: Confirmation = Confirmation.CONFIRMED

    def facts(self) -> LessonFacts:
        ada = (self._on_devices(self.stays), [waiting(ADA, at=start) for start, _ in self.waited])
        trainer = [the_trainer(start, end) for start, end in self.trainer]
        return facts(*ada[0], *ada[1], *trainer, lesson=an_ended_lesson(breaks=self.breaks), roster=(ADA, GRACE))

    def _on_devices(self, stays: Iterable[tuple[float, float]]) -> list[tuple[PresenceEvent, ...]]:
        """Stays that overlap are on different devices; those that follow each other on one."""
        ends: list[float] = []
        told = []
        for start, end in stays:
            device = next((index for index, last in enumerate(ends) if last <= start), len(ends))
            ends[device : device + 1] = [end]
            told.append(stay(ADA, start, end, device=f"device {device}"))
        return told


ALL, EXACTLY_90, MOST = (3600, 3600, 1000), (3240, 3600, 900), (3000, 3600, 833)
ONE_SECOND = 1 / 60

CASES = (
    Case(name="two devices", stays=((0, 60), (0, 60)), planned=ALL, held=ALL, verdict=Verdict.VALIDATED),
    Case(
        name="overlapping and outside",
        stays=((-5, 20), (15, 30), (40, 70)),
        planned=MOST,
        held=MOST,
        verdict=Verdict.PARTIAL,
    ),
    Case(
        name="45 s gap",
        stays=((0, 30), (30.75, 60)),
        planned=ALL,
        held=ALL,
        flags=(Flag.BRIDGED,),
        bridged=45,
        verdict=Verdict.VALIDATED,
    ),
    Case(
        name="exactly 90 %",
        stays=((6, 60),),
        planned=EXACTLY_90,
        held=EXACTLY_90,
        flags=(Flag.LATE,),
        late_by=360,
        verdict=Verdict.VALIDATED,
    ),
    Case(
        name="just under",
        stays=((6 + ONE_SECOND, 60),),
        planned=(3239, 3600, 899),
        held=(3239, 3600, 899),
        flags=(Flag.LATE,),
        late_by=361,
        verdict=Verdict.PARTIAL,
    ),
    Case(
        name="trainer 12–60, student on time",
        trainer=((12, 60),),
        stays=((0, 60),),
        planned=ALL,
        held=(2880, 2880, 1000),
        late_by=0,
        verdict=Verdict.VALIDATED,
    ),
    Case(
        name="trainer 12–60, student at 14",
        trainer=((12, 60),),
        stays=((14, 60),),
        planned=(2760, 3600, 766),
        held=(2760, 2880, 958),
        late_by=120,
        verdict=Verdict.VALIDATED,
    ),
    Case(
        name="trainer 0–45",
        trainer=((0, 45),),
        stays=((0, 45),),
        planned=(2700, 3600, 750),
        held=(2700, 2700, 1000),
        verdict=Verdict.VALIDATED,
    ),
    Case(
        name="waits 0–8, then let in",
        waited=((0, 8),),
        stays=((8, 60),),
        planned=(3120, 3600, 866),
        held=(3120, 3600, 866),
        flags=(Flag.WAITED,),
        verdict=Verdict.PARTIAL,
    ),
    Case(
        name="early, gone, back",
        stays=((-20, -5), (9, 60)),
        planned=(3060, 3600, 850),
        held=(3060, 3600, 850),
        flags=(Flag.LATE,),
        late_by=540,
        verdict=Verdict.PARTIAL,
    ),
    Case(
        name="planned break 25–35",
        breaks=(during(25, 35),),
        stays=((0, 25), (35, 60)),
        planned=(3000, 3000, 1000),
        held=(3000, 3000, 1000),
        verdict=Verdict.VALIDATED,
    ),
    Case(
        name="host restarts: all 0–29, 32–60",
        trainer=((0, 29), (32, 60)),
        stays=((0, 29), (32, 60)),
        planned=(3420, 3600, 950),
        held=(3420, 3420, 1000),
        verdict=Verdict.VALIDATED,
    ),
    Case(
        name="left 10 early",
        stays=((0, 50),),
        planned=MOST,
        held=MOST,
        flags=(Flag.LEFT_EARLY,),
        verdict=Verdict.PARTIAL,
    ),
    Case(
        name="came for the end only",
        stays=((58, 90),),
        planned=(120, 3600, 33),
        held=(120, 3600, 33),
        flags=(Flag.LATE,),
        late_by=58 * 60,
        verdict=Verdict.PARTIAL,
    ),
    Case(
        name="joined and left in one second, alone",
        stays=((10, 10),),
        planned=(0, 3600, 0),
        held=(0, 3600, 0),
        verdict=Verdict.ABSENT,
    ),
    Case(
        name="room move: left and joined at 30 in one second",
        stays=((0, 30), (30, 60)),
        planned=ALL,
        held=ALL,
        verdict=Verdict.VALIDATED,
    ),
    Case(
        name="trainer seen −10–1, then 12–60; student at 11",
        trainer=((-10, 1), (12, 60)),
        stays=((11, 60),),
        planned=(2940, 3600, 816),
        held=(2880, 2880, 1000),
        late_by=0,
        verdict=Verdict.VALIDATED,
    ),
    Case(
        name="trainer seen 0–5 only, students there",
        trainer=((0, 5),),
        stays=((5.5, 60),),
        planned=(3270, 3600, 908),
        held=(0, 300, 0),
        late_by=330,
        verdict=Verdict.PENDING,
        flags=(Flag.LATE,),
        confirmation=Confirmation.UNCONFIRMED,
    ),
    Case(
        name="trainer 0–45 and 59–60 (closes the room)",
        trainer=((0, 45), (59, 60)),
        stays=((0, 45),),
        planned=(2700, 3600, 750),
        held=(2700, 2700, 1000),
        verdict=Verdict.VALIDATED,
    ),
    Case(
        name="one second in every minute",
        stays=tuple((minute, minute + ONE_SECOND) for minute in range(60)),
        planned=(360, 3600, 100),
        held=(360, 3600, 100),
        bridged=300,
        verdict=Verdict.PARTIAL,
        flags=(Flag.BRIDGED,),
    ),
)


def row(sheet: Sheet) -> dict[str, object]:
    """What the sheet says in the columns of the table."""
    ada = sheet.by_id[ADA.id]
    return {
        "planned": (ada.attended.planned, ada.denominator.planned, ada.permille_planned),
        "held": (ada.attended.held, ada.denominator.held, ada.permille_held),
        "flags": ada.flags,
        "verdict": ada.verdict,
        "bridged": ada.bridged_seconds,
        "waited": ada.waited_seconds,
        "confirmation": sheet.confirmation,
    }


def expected_of(case: Case) -> dict[str, object]:
    return {
        "planned": case.planned,
        "held": case.held,
        "flags": case.flags,
        "verdict": case.verdict,
        "bridged": case.bridged,
        "waited": sum(int(end - start) * 60 for start, end in case.waited),
        "confirmation": case.confirmation,
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_vector(case: Case) -> None:
    sheet = sheet_of(case.facts(), now=AFTERWARDS)

    assert row(sheet) == expected_of(case)


@pytest.mark.parametrize("case", [case for case in CASES if case.planned[0]], ids=lambda case: case.name)
def test_the_vector_says_how_late(case: Case) -> None:
    sheet = sheet_of(case.facts(), now=AFTERWARDS)

    assert sheet.by_id[ADA.id].late_by == timedelta(seconds=case.late_by)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_oracle_says_the_same(case: Case) -> None:
    ada = oracle_of(case.facts(), now=AFTERWARDS).people[ADA.id]

    assert (ada.attended, ada.denominator) == (
        (case.planned[0], case.held[0]),
        (case.planned[1], case.held[1]),
    )
    assert (ada.verdict, ada.flags, ada.bridged) == (case.verdict, case.flags, case.bridged)


def test_waiting_at_first_can_be_credited_with_one_tap() -> None:
    case = next(case for case in CASES if case.waited)

    questions = sheet_of(case.facts(), now=AFTERWARDS).questions

    assert (QuestionKind.WAITED, ADA.id) in [(question.kind, question.subject) for question in questions]


def test_the_table_is_whole() -> None:
    assert len({case.name for case in CASES}) == 20
