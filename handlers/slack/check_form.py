"""What a trainer chose of a presence check, typed or filled in, and the settings that it is. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from bot.attendance.checks.settings import WINDOW, CheckSettings, Template, TimeRange, check_window, custom, settings_of
from bot.messages import actions, check_views
from bot.messages.check_answers import CheckAnswers
from bot.messages.message import Reader
from handlers.slack.check_grammar import NoLength, Series, Span, length_of, span_of
from handlers.slack.visit import Visit

#: What stands in the modal's field for a question without a deadline.
NO_DEADLINE = frozenset({"-", "–", "—"})


def settings_meant(series: Series, of_course: str) -> CheckSettings:
    """What was said, and for the rest what the course or the template says. Raises `CheckRefused`."""
    if series.first is not None and series.then is not None:
        window = None if series.has_no_deadline else series.answer_within or WINDOW
        return custom(_range(series.first), _range(series.then), window=window)
    chosen = series.template or of_course
    settings = settings_of(Template(chosen) if chosen in set(Template) else Template.OPENTALK)
    if series.has_no_deadline:
        return replace(settings, window=None)
    if series.answer_within is None:
        return settings
    check_window(series.answer_within)
    return replace(settings, window=series.answer_within)


def wrong_fields(visit: Visit) -> Mapping[str, str]:
    """What is wrong with the modal, by field."""
    # Who asks is known only to the memory, which is not asked before the modal closes.
    says = CheckAnswers(Reader())
    spans = {field: _span(visit, field) for field in (actions.CHECK_FIRST, actions.CHECK_THEN)}
    wrong = {field: says.no_range() for field, span in spans.items() if span is False}
    is_custom = visit.fields.get(actions.CHECK_TEMPLATE) == check_views.CUSTOM
    if is_custom and not any(spans.values()) and not wrong:
        wrong[actions.CHECK_FIRST] = says.no_range()
    answer = visit.fields.get(actions.CHECK_ANSWER, "").strip()
    if answer and answer not in NO_DEADLINE and length_of(answer) is None:
        wrong[actions.CHECK_ANSWER] = says.no_window()
    return wrong


def series_of(visit: Visit, template: str) -> Series:
    """What was filled in; the ranges count with *Custom* alone."""
    answer = visit.fields.get(actions.CHECK_ANSWER, "").strip()
    first = span_of(visit.fields.get(actions.CHECK_FIRST, ""))
    then = span_of(visit.fields.get(actions.CHECK_THEN, ""))
    is_custom = template == check_views.CUSTOM
    return Series(
        template="" if is_custom else template,
        first=(first or then) if is_custom else None,
        then=(then or first) if is_custom else None,
        answer_within=length_of(answer),
        has_no_deadline=answer in NO_DEADLINE,
    )


def _span(visit: Visit, field: str) -> Span | Literal[False] | None:
    """What stands in a field of the modal; False for what is no range."""
    try:
        return span_of(visit.fields.get(field, ""))
    except NoLength:
        return False


def _range(span: Span) -> TimeRange:
    return TimeRange(int(span.after.total_seconds()), int(span.within.total_seconds()))
