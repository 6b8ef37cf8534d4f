"""`rollcall token`: shown once, kept as a digest, of certain scopes, and taken back whenever one likes."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest

from bot.clock import wire_now
from handlers.keys import Keys
from tests.handlers.cli.conftest import Type

KEY = "a text of more than thirty-two characters"


@pytest.fixture
def lesson(type_: Type, course_file: Path) -> str:
    """A lesson's id."""
    type_("course", "import", course_file)
    return str(json.loads(type_("lesson", "list", "--json").out)[0]["id"])


def listed(type_: Type) -> list[dict[str, str]]:
    return list(json.loads(type_("token", "list", "--json").out))


def test_a_token_is_shown_once_and_alone_so_that_a_script_can_take_it(type_: Type) -> None:
    made = type_("token", "create", "--scope", "read", "--scope", "metrics")
    assert made.code == 0
    token = made.out.removesuffix("\n")
    assert token.startswith("rollcall_")
    assert len(token) > 40
    assert "\n" not in token
    (kept,) = listed(type_)
    assert (kept["scopes"], kept["state"], kept["expires_at"]) == (["metrics", "read"], "good", None)
    assert token not in type_("token", "list").out + json.dumps(kept)


def test_a_token_may_expire_and_be_bound_to_a_course(type_: Type, lesson: str) -> None:
    type_("token", "create", "--scope", "read", "--expires", "90d", "--course", "Python 101")
    (kept,) = listed(type_)
    assert kept["course"] == "Python 101"
    until = datetime.fromisoformat(kept["expires_at"])
    assert timedelta(days=89, hours=23) < until - wire_now() < timedelta(days=90, seconds=1)
    assert "course Python 101" in type_("token", "list").out


def test_a_token_is_taken_back_by_its_id(type_: Type) -> None:
    type_("token", "create", "--scope", "read")
    (kept,) = listed(type_)
    assert type_("token", "revoke", kept["id"]).out == f"Token {kept['id']} is good for nothing any more.\n"
    assert listed(type_)[0]["state"] == "revoked"


@pytest.mark.parametrize(("email", "role"), [("ada@example.com", "student"), (" Grace@Example.com", "trainer")])
def test_a_signaling_token_names_lesson_person_and_the_role_of_the_roster(
    type_: Type, lesson: str, email: str, role: str
) -> None:
    made = type_(
        "token", "create", "--scope", "signaling", "--lesson", lesson, "--person", email, ROLLCALL_SECRET_KEY=KEY
    )
    (kept,) = listed(type_)
    claims = jwt.decode(made.out.strip(), Keys([KEY]).signing[0], algorithms=["HS256"])
    assert (claims["jti"], claims["lesson"], claims["role"]) == (kept["id"], lesson, role)
    assert claims["person"] == kept["person"]
    assert claims["exp"] - claims["iat"] == 12 * 3600
    assert datetime.fromisoformat(kept["expires_at"]) == datetime.fromtimestamp(claims["exp"], UTC)


def test_with_a_signaling_token_comes_the_address_of_the_page_on_which_they_confirm(type_: Type, lesson: str) -> None:
    words = ("token", "create", "--scope", "signaling", "--lesson", lesson, "--person", "ada@example.com")
    made = type_(*words, ROLLCALL_SECRET_KEY=KEY, ROLLCALL_PUBLIC_URL="https://rollcall.example.com/")
    page = f"https://rollcall.example.com/check/{made.out.strip()}"
    assert made.err == f"The page on which they confirm: {page}\n"
    assert type_(*words, ROLLCALL_SECRET_KEY=KEY).err == ""


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--scope", "read", "--expires", "soon"], "--expires: `soon` is no length of time"),
        (["--scope", "read", "--expires", "0d"], "--expires 0d: it is over at once"),
        (["--scope", "read", "--course", "Cobol"], "There is no course 'Cobol'"),
        (["--scope", "metrics", "--course", "Python 101"], "--course: metrics are those of the whole workspace"),
        (["--scope", "read", "--person", "ada@example.com"], "--lesson and --person are for --scope signaling"),
        (["--scope", "signaling"], "--scope signaling stands alone and needs --lesson ID and --person EMAIL"),
        (["--scope", "signaling", "--lesson", "L", "--person", "P", "--expires", "13h"], "at most 12h"),
        (["--scope", "signaling", "--lesson", "nope", "--person", "P"], "There is no lesson 'nope'"),
        (["--scope", "signaling", "--lesson", "L", "--person", "eve@example.com"], "nobody on the roster"),
    ],
)
def test_a_wrong_value_is_named_and_no_token_is_made(type_: Type, lesson: str, words: list[str], why: str) -> None:
    given = [lesson if word == "L" else word for word in words]
    refused = type_("token", "create", *given, ROLLCALL_SECRET_KEY=KEY)
    assert (refused.code, refused.out) == (2, "")
    assert why in refused.err
    assert listed(type_) == []


def test_without_a_secret_key_no_jwt_is_signed(type_: Type, lesson: str) -> None:
    words = ("--scope", "signaling", "--lesson", lesson, "--person", "ada@example.com")
    assert type_("token", "create", *words).err.startswith("ROLLCALL_SECRET_KEY is missing: make one with")
    short = type_("token", "create", *words, ROLLCALL_SECRET_KEY="short")
    assert short.err.startswith("ROLLCALL_SECRET_KEY is shorter than 32 characters")


def test_an_unknown_scope_or_token_is_refused(type_: Type) -> None:
    assert type_("token", "create", "--scope", "everything").code == 2
    refused = type_("token", "revoke", "nope")
    assert (refused.code, refused.err) == (2, "There is no token 'nope': `rollcall token list` shows the ids.\n")
