"""The modals of presence checks: start one, and waive an answer."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.messages.actions import (
    CHECK_ANSWER,
    CHECK_ANSWERED,
    CHECK_FIRST,
    CHECK_TEMPLATE,
    CHECK_THEN,
    CHECK_VIEW,
    CHECK_WAIVE_VIEW,
    ButtonValue,
)
from bot.messages.blocks import asked, option, section, select, typed
from bot.messages.formatting import Writer, cut, escape
from bot.messages.forms import form, reason_asked
from bot.messages.message import Block, Reader

#: Of `CHECK_TEMPLATE`: ask once, and ranges of one's own.
ASK_NOW = "now"
CUSTOM = "custom"


class Unconfirmed(NamedTuple):
    """An answer that can be waived."""

    checkpoint_id: str
    number: int
    person_id: str
    name: str


def check_view(*, lesson_id: str, title: str, template: str, reader: Reader) -> Block:
    """*Presence check*: once or as a series, when, and how long each question stays open.

    `template` is the course's own, which stands there already; with *off*, asking once does.
    """
    _ = Writer(reader).text
    kinds = [
        option(_("Ask once, now"), ASK_NOW),
        option(_("OpenTalk: after 10–30 min, then every 105–135 min"), "opentalk"),
        option(_("Light: once an hour, and near the end"), "light"),
        option(_("CPE: three in 50 min"), "cpe"),
        option(_("CLE: one in 50 min, and near the end"), "cle"),
        option(_("Custom: as said below"), CUSTOM),
    ]
    chosen = next((kind for kind in kinds if kind["value"] == template), kinds[0])
    listed = {**select(CHECK_TEMPLATE, placeholder=_("When?"), options=kinds), "initial_option": chosen}
    told = _("Students of *{title}* who are there get a message with one button.", title=escape(title))

    def line(field: str, label: str, example: str, hint: str) -> Block:
        element = typed(field, placeholder=example, longest=60)
        return asked(field, label=label, element=element, hint=hint, is_optional=True)

    return form(
        reader,
        title=_("Presence check"),
        callback=CHECK_VIEW,
        about=ButtonValue(lesson_id),
        submit=_("Start"),
        blocks=[
            section(told),
            asked(CHECK_TEMPLATE, label=_("When?"), element=listed),
            line(CHECK_FIRST, _("Custom: the first question after"), "10-30m", _("A moment between the two is drawn.")),
            line(CHECK_THEN, _("Custom: then every"), "105-135m", _("Empty: as the first.")),
            line(
                CHECK_ANSWER,
                _("Time to answer"),
                "5m",
                _("Empty: as the course or the template says. A dash: until the next question."),
            ),
        ],
    )


def check_waive_view(*, lesson_id: str, title: str, answers: Sequence[Unconfirmed], reader: Reader) -> Block:
    """*Waive…*: whose answer, and why; with no answers Slack would refuse it, so the caller sees to that."""
    _ = Writer(reader).text
    ordered = sorted(answers, key=lambda each: (each.number, each.name))
    options = [
        option(
            _("{name}, question {n}", name=cut(each.name, 55), n=each.number),
            f"{each.checkpoint_id} {each.person_id}",
        )
        for each in ordered
    ]
    listed = select(CHECK_ANSWERED, placeholder=_("A name"), options=options)
    return form(
        reader,
        title=_("Waive an answer"),
        callback=CHECK_WAIVE_VIEW,
        about=ButtonValue(lesson_id),
        submit=_("Waive"),
        blocks=[
            section(_("*{title}*: it counts as confirmed, and is recorded with your name.", title=escape(title))),
            asked(CHECK_ANSWERED, label=_("Whose?"), element=listed),
            reason_asked(reader, label=_("Why?"), hint=_("The student and the report show it.")),
        ],
    )
