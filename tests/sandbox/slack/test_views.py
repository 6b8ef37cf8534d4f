"""Modals and Home tabs: triggers, stacks, hashes."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox.slack.world import World, field, modal, section


class Wire:
    """Wire time that is moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def world(wire: Wire) -> World:
    return World(wire=wire)


def trigger(world: World) -> str:
    return world.workspace.views.new_trigger("U0ADA")


def opened(world: World, **more: str) -> dict[str, str]:
    view: dict[str, str] = world.call("views.open", trigger_id=trigger(world), view=modal(**more))["view"]
    return view


def test_a_trigger_opens_a_modal_before_its_person(world):
    view = opened(world, callback_id="x")
    assert [shown.id for shown in world.ada.open_views] == [view["id"]]
    assert view["root_view_id"] == view["id"]
    assert world.grace.open_views == []


def test_a_trigger_is_good_for_once(world):
    used = trigger(world)
    assert world.error("views.open", trigger_id=used, view=modal()) == "none"
    assert world.error("views.open", trigger_id=used, view=modal()) == "exchanged_trigger_id"


@pytest.mark.parametrize(("seconds", "error"), [(3, "none"), (3.1, "expired_trigger_id")])
def test_a_trigger_is_good_for_three_seconds_of_wire_time(world, wire, seconds, error):
    born = trigger(world)
    wire.now += timedelta(seconds=seconds)
    world.clock.advance(minutes=5)
    assert world.error("views.open", trigger_id=born, view=modal()) == error


def test_a_trigger_is_not_used_up_by_a_view_with_mistakes(world):
    good = trigger(world)
    assert world.error("views.open", trigger_id=good, view=modal(section(""))) == "invalid_arguments"
    assert world.error("views.open", trigger_id=good, view=modal()) == "none"


def test_a_trigger_has_to_be_one(world):
    assert world.error("views.open", trigger_id="1.2", view=modal()) == "invalid_trigger_id"
    assert world.error("views.open", view=modal()) == "invalid_arguments"


def test_three_modals_stand_above_each_other_and_no_fourth(world):
    first = opened(world)
    for _ in range(2):
        assert world.error("views.push", trigger_id=trigger(world), view=modal()) == "none"
    assert world.error("views.push", trigger_id=trigger(world), view=modal()) == "push_limit_reached"
    stack = world.ada.open_views
    assert [view.root for view in stack] == [first["id"]] * 3
    assert stack[1].previous == first["id"]


def test_nothing_is_pushed_onto_nothing(world):
    assert world.error("views.push", trigger_id=trigger(world), view=modal()) == "not_found"


def test_a_view_is_updated_by_its_id_or_by_the_apps_own(world):
    view = opened(world, external_id="mine")
    assert world.error("views.update", view_id=view["id"], view=modal(external_id="mine")) == "none"
    assert world.error("views.update", external_id="mine", view=modal()) == "none"
    assert world.error("views.update", view_id="V9", view=modal()) == "not_found"
    assert world.ada.open_views[0].id == view["id"]


def test_a_hash_protects_from_an_update_in_between(world):
    view = opened(world)
    newer = world.call("views.update", view_id=view["id"], hash=view["hash"], view=modal())["view"]
    assert world.error("views.update", view_id=view["id"], hash=view["hash"], view=modal()) == "hash_conflict"
    assert world.error("views.update", view_id=view["id"], hash=newer["hash"], view=modal()) == "none"


def test_an_apps_own_id_is_used_once(world):
    opened(world, external_id="mine")
    view = modal(external_id="mine")
    assert world.error("views.open", trigger_id=trigger(world), view=view) == "duplicate_external_id"


def test_a_home_tab_is_published_and_published_again(world):
    home = {"type": "home", "blocks": [section("one")]}
    first = world.call("views.publish", user_id="U0ADA", view=home)["view"]
    second = world.call("views.publish", user_id="U0ADA", view=home, hash=first["hash"])["view"]
    assert first["id"] == second["id"]
    assert world.error("views.publish", user_id="U0ADA", view=home, hash=first["hash"]) == "hash_conflict"
    assert world.error("views.publish", user_id="U0NOBODY", view=home) == "user_not_found"
    assert world.ada.home is not None
    assert world.ada.home.blocks[0]["text"]["text"] == "one"


def test_a_home_tab_has_to_be_enabled():
    world = World(app_home={"home_tab_enabled": False})
    assert world.error("views.publish", user_id="U0ADA", view={"type": "home", "blocks": [section()]}) == "not_enabled"


def test_a_modal_is_no_home_tab(world):
    assert world.error("views.publish", user_id="U0ADA", view=modal()) == "invalid_arguments"
    home = {"type": "home", "blocks": [section()]}
    assert world.error("views.open", trigger_id=trigger(world), view=home) == "invalid_arguments"


def test_an_update_keeps_what_was_typed_where_the_input_stays(world):
    typed = field({"type": "plain_text_input", "action_id": "why"}, "reason")
    world.call("views.open", trigger_id=trigger(world), view=modal(typed))
    view = world.ada.open_views[0]
    world.workspace.views.put(
        type(view)(
            id=view.id, person=view.person, hash=view.hash, root=view.root, source=view.source,
            state={"reason": {"why": {"type": "plain_text_input", "value": "ill"}}},
        )
    )  # fmt: skip
    world.call("views.update", view_id=view.id, view=modal(section(), typed))
    assert world.ada.open_views[0].state == {"reason": {"why": {"type": "plain_text_input", "value": "ill"}}}
    world.call("views.update", view_id=view.id, view=modal())
    assert world.ada.open_views[0].state == {"reason": {}}
