"""`rollcall account`: an address that is shown once, a secret that is never an argument."""

import io
import json
import sys
from collections.abc import Callable

import pytest

from tests.handlers.cli.conftest import Answer, Type

KEY = "a text of more than thirty-two characters"

Give = Callable[..., Answer]


@pytest.fixture
def give(type_: Type, monkeypatch: pytest.MonkeyPatch) -> Give:
    """Types `rollcall account …`, with a secret on standard input."""

    def give_command(*words: str, secret: str = "s3cret-of-zoom\n", **settings: str) -> Answer:
        monkeypatch.setattr(sys, "stdin", io.StringIO(secret))
        return type_("account", *words, **{"ROLLCALL_SECRET_KEY": KEY, **settings})

    return give_command


def listed(type_: Type) -> list[dict[str, object]]:
    return list(json.loads(type_("account", "list", "--json").out))


def test_an_account_is_added_and_its_address_shown_once(give: Give, type_: Type) -> None:
    added = give("add", "Evening school", "--platform", "zoom", ROLLCALL_PUBLIC_URL="https://rollcall.example.com/")
    assert added.code == 0
    assert added.out.startswith("https://rollcall.example.com/webhooks/zoom/")
    token = added.out.strip().rsplit("/", 1)[1]
    assert len(token) > 40
    shown = type_("account", "list").out
    assert shown.startswith("zoom  Evening school  never heard from  1 good secret\n")
    assert token not in shown
    assert "s3cret" not in shown + json.dumps(listed(type_))


def test_without_a_public_url_the_host_is_left_to_fill_in(give: Give) -> None:
    assert give("add", "Evening school", "--platform", "zoom").out.startswith("https://YOUR-HOST/webhooks/zoom/")


def test_where_the_address_proves_the_delivery_no_secret_is_asked_for_and_every_url_is_shown(give: Give) -> None:
    urls = give("add", "Evening school", "--platform", "vcaas", secret="").out.splitlines()
    assert len(urls) == 5
    assert all(url.startswith("https://YOUR-HOST/webhooks/vcaas/") for url in urls)
    assert {url.rsplit("/", 1)[1] for url in urls} >= {"user-join-leave", "meeting-data"}


def test_a_secret_is_rotated_and_the_old_one_stays_good_for_a_while(give: Give, type_: Type) -> None:
    give("add", "Evening school", "--platform", "zoom")
    rotated = give("rotate", "Evening school", "--platform", "zoom", "--keep", "2h", secret="the next one\n")
    assert rotated.out.startswith("The new secret is good from now on, the old one until 20")
    assert "2 good secrets, one until" in type_("account", "list").out
    assert listed(type_)[0]["secrets"] == 2


def test_an_address_is_replaced_without_a_new_secret(give: Give, type_: Type) -> None:
    first = give("add", "Evening school", "--platform", "zoom").out
    second = give("rotate", "Evening school", "--platform", "zoom", "--address", secret="").out
    assert second.startswith("https://YOUR-HOST/webhooks/zoom/")
    assert first != second
    assert listed(type_)[0]["secrets"] == 1


def test_where_the_address_proves_the_delivery_rotating_gives_new_urls_beside_the_old(give: Give, type_: Type) -> None:
    give("add", "Evening school", "--platform", "vcaas")
    rotated = give("rotate", "Evening school", "--platform", "vcaas", secret="")
    assert len(rotated.out.splitlines()) == 5
    assert "The old addresses are good until" in rotated.err
    assert listed(type_)[0]["secrets"] == 2


def test_a_secret_is_no_option_of_any_command(type_: Type) -> None:
    for command in ("add", "rotate"):
        assert "--secret" not in type_("account", command, "--help").out


@pytest.mark.parametrize(
    ("words", "secret", "why"),
    [
        (["add", "x", "--platform", "zom"], "s\n", "--platform zom: there is 100ms, "),
        (
            ["add", "x", "--platform", "signaling"],
            "s\n",
            "--platform signaling: it is our own, nothing comes from outside",
        ),
        (["rotate", "x", "--platform", "signaling"], "s\n", "--platform signaling: it is our own"),
        (["add", "default", "--platform", "zoom"], "s\n", "default is the account of the settings: give another name."),
        (["add", "x", "--platform", "zoom"], "\n", "The webhook secret is empty"),
        (["add", "Evening school", "--platform", "zoom"], "s\n", "zoom has an account 'Evening school' already"),
        (["rotate", "x", "--platform", "zoom"], "s\n", "zoom has no account 'x': `rollcall account list` shows them."),
        (["rotate", "default", "--platform", "zoom"], "s\n", "The secrets of default are in the settings"),
        (["rotate", "Evening school", "--platform", "zoom", "--keep", "soon"], "s\n", "--keep: "),
    ],
)
def test_what_is_wrong_is_one_sentence_and_changes_nothing(
    give: Give, type_: Type, words: list[str], secret: str, why: str
) -> None:
    give("add", "Evening school", "--platform", "zoom")
    before = listed(type_)
    refused = give(*words, secret=secret)
    assert (refused.code, refused.out) == (2, "")
    assert why in refused.err
    assert listed(type_) == before


@pytest.mark.parametrize("key", ["", "short"])
def test_without_a_secret_key_no_secret_is_asked_for(give: Give, key: str) -> None:
    refused = give("add", "Evening school", "--platform", "zoom", secret="", ROLLCALL_SECRET_KEY=key)
    assert refused.code == 2
    assert refused.err.startswith("ROLLCALL_SECRET_KEY is ")
    assert "token_urlsafe" in refused.err
