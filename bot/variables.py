"""How variables of the environment become settings: their kinds, and one line for each that is wrong or missing."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

HIGHEST_PORT = 65535
#: Bytes.
UNITS = {"MB": 1000**2, "GB": 1000**3, "TB": 1000**4}
#: The two drivers that Rollcall brings.
DATABASES = ("sqlite+aiosqlite://", "postgresql+asyncpg://")


def _several(value: Any) -> Any:
    """Several secrets, separated by commas, are good at once while they are rotated."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _port(value: Any) -> Any:
    if isinstance(value, str) and not (value.strip().isdecimal() and int(value) <= HIGHEST_PORT):
        raise ValueError(f'"{value}" is no port: give a whole number from 0 to {HIGHEST_PORT}')
    return value


def _size(value: Any) -> Any:
    """Bytes of `500MB`; a thousand to a unit, as disks are sold."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"(\d+)\s*(MB|GB|TB)", value.strip(), re.IGNORECASE | re.ASCII)
    if found is None:
        raise ValueError(f'"{value}" is no size: give a whole number with MB, GB or TB, such as 500MB')
    return int(found[1]) * UNITS[found[2].upper()]


def _log_format(value: Any) -> Any:
    if value not in {"console", "json"}:
        raise ValueError(f'"{value}" is no log format: give console or json')
    return value


def _web_address(value: Any) -> Any:
    parts = urlsplit(str(value))
    if value and not (parts.scheme in {"http", "https"} and parts.netloc):
        raise ValueError(f'"{value}" is no web address: it begins with https:// or http://')
    return value


def _header(value: Any) -> Any:
    # The value is a secret: it is never repeated.
    name, colon, content = str(value).partition(":")
    if not (colon and content.strip() and re.fullmatch(r"[A-Za-z0-9-]+", name.strip()) and str(value).isprintable()):
        raise ValueError("no header: give its name, a colon and its value, such as Authorization: Bearer …")
    return value


def _database_url(value: Any) -> Any:
    # The value holds a password: it is never repeated.
    if not str(value).startswith(DATABASES):
        raise ValueError(f"no database of ours: it begins with {' or '.join(DATABASES)}")
    return value


Secrets = Annotated[tuple[SecretStr, ...], BeforeValidator(_several)]
Size = Annotated[int, BeforeValidator(_size)]
Port = Annotated[int, BeforeValidator(_port)]
WebAddress = Annotated[str, BeforeValidator(_web_address)]
Header = Annotated[SecretStr, BeforeValidator(_header)]
DatabaseUrl = Annotated[str, BeforeValidator(_database_url)]
LogFormat = Annotated[Literal["console", "json"], BeforeValidator(_log_format)]


def named(variable: str, default: Any, description: str, *, shown: bool = True) -> Any:
    """A field that is read from this variable; `shown` in `repr`, unless it is a secret."""
    return Field(default=default, validation_alias=AliasChoices(variable), description=description, repr=shown)


class Variables(BaseModel):
    """Some settings, each with what it is for; `repr` hides the secrets."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> tuple[Self, list[str]]:
        """The settings, with the default for each wrong value, and a line about each of these."""
        given = {name: value for name, value in environment.items() if value.strip()}
        try:
            return cls.model_validate(given), []
        except ValidationError as problem:
            wrong = {str(error["loc"][0]): error["msg"] for error in problem.errors(include_input=False)}
        good = {name: value for name, value in given.items() if name not in wrong}
        return cls.model_validate(good), [
            f"{variable}: {message.removeprefix('Value error, ')}" for variable, message in wrong.items()
        ]

    @classmethod
    def variable(cls, name: str) -> str:
        """The variable that a field is read from."""
        return str(cls.model_fields[name].validation_alias.choices[0])  # type: ignore[union-attr]  # `named` gave it

    @classmethod
    def variables(cls) -> list[str]:
        """All of them."""
        return [cls.variable(name) for name in cls.model_fields]


class PlatformVariables(Variables):
    """What the environment says of one platform."""

    #: the field with the secrets of its webhooks, which switch it on
    switched_on_by: ClassVar[str]
    #: the fields that its API needs, all or nothing, and where to find what goes into them
    credentials: ClassVar[tuple[str, ...]] = ()
    credentials_from: ClassVar[str] = ""

    @property
    def secrets(self) -> Sequence[str]:
        """Of its webhooks; none where it is not switched on."""
        secrets: Sequence[SecretStr] = getattr(self, self.switched_on_by)
        return [secret.get_secret_value() for secret in secrets]

    def missing_credentials(self) -> list[str]:
        """One line for each that the API needs beside others that are given."""
        given = [self.variable(name) for name in self.credentials if getattr(self, name)]
        if not given:
            return []
        rest = [self.variable(name) for name in self.credentials if not getattr(self, name)]
        others = " and ".join(given)
        remedy = f"nothing can be done with {others} alone; copy it from {self.credentials_from}, or take {others} out"
        return [f"{variable} is missing: {remedy}" for variable in rest]
