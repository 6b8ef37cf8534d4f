"""The state machine of presence logging: every arrow of the diagram, and nothing else."""

import itertools
import re
from pathlib import Path

import pytest

from bot.attendance.checks.refused import CheckRefused, RefusalCode
from bot.attendance.checks.run import RUN, EndReason, Happening, RunState, StartReason, after, as_mermaid

ROOT = Path(__file__).parents[4]

#: The diagram of the protocol, written down by hand: state, what happens, state.
ARROWS = """
idle_without_creator       creator_joined             idle_with_creator
idle_with_creator          creator_left               idle_without_creator
idle_with_creator          enabled_alone              waiting_for_participant
idle_with_creator          enabled_with_others        waiting_for_initial_delay
idle_with_creator          autostarted                waiting_for_initial_delay
waiting_for_participant    first_participant_joined   waiting_for_initial_delay
waiting_for_participant    disabled                   idle_with_creator
waiting_for_participant    creator_left               idle_without_creator
waiting_for_initial_delay  initial_delay_reached      collecting
waiting_for_initial_delay  last_participant_left      waiting_for_participant
waiting_for_initial_delay  disabled                   idle_with_creator
waiting_for_initial_delay  creator_left               idle_without_creator
collecting                 interval_reached           collecting
collecting                 confirmed                  collecting
collecting                 last_participant_left      finalising
collecting                 creator_left               finalising
collecting                 disabled                   finalising
finalising                 report_made                idle_with_creator
finalising                 report_made_to_wait_again  waiting_for_participant
"""
DRAWN = {
    (RunState(state), Happening(happening)): RunState(following)
    for state, happening, following in (line.split() for line in ARROWS.strip().splitlines())
}


@pytest.mark.parametrize(("state", "happening"), list(itertools.product(RunState, Happening)))
def test_each_happening_leads_where_the_diagram_says_or_is_refused(state: RunState, happening: Happening):
    if (state, happening) in DRAWN:
        assert after(state, happening) is DRAWN[state, happening]
    else:
        with pytest.raises(CheckRefused):
            after(state, happening)


def test_a_second_start_is_refused_as_already_enabled():
    with pytest.raises(CheckRefused) as refused:
        after(RunState.COLLECTING, Happening.ENABLED_WITH_OTHERS)
    assert refused.value.code is RefusalCode.PRESENCE_LOGGING_ALREADY_ENABLED


@pytest.mark.parametrize("state", [RunState.IDLE_WITH_CREATOR, RunState.IDLE_WITHOUT_CREATOR, RunState.FINALISING])
@pytest.mark.parametrize("happening", [Happening.DISABLED, Happening.CONFIRMED])
def test_what_does_not_run_can_neither_be_stopped_nor_confirmed(state: RunState, happening: Happening):
    with pytest.raises(CheckRefused) as refused:
        after(state, happening)
    assert refused.value.code is RefusalCode.PRESENCE_LOGGING_NOT_ENABLED


def test_nobody_starts_a_check_in_a_classroom_without_a_trainer():
    with pytest.raises(CheckRefused) as refused:
        after(RunState.IDLE_WITHOUT_CREATOR, Happening.ENABLED_WITH_OTHERS)
    assert refused.value.code is RefusalCode.INSUFFICIENT_PERMISSIONS


def test_the_reasons_are_those_of_the_protocol():
    assert set(StartReason) == {"autostart", "first_participant_joined", "started_manually"}
    assert set(EndReason) == {"last_participant_left", "creator_left", "stopped_manually"}


def test_the_diagram_in_the_documentation_is_the_table():
    page = (ROOT / "docs" / "presence-checks.md").read_text(encoding="utf-8")
    (diagram,) = re.findall(r"```mermaid\n(.*?)\n```", page, re.DOTALL)
    assert diagram == as_mermaid(RUN)
