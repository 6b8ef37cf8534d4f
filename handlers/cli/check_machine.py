"""Checks of what Rollcall stands on: secret key, address, database, disk, fonts."""

import ipaddress
import shutil
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import ConfigurationError
from bot.settings import Settings
from handlers.asset_files import AssetFiles
from handlers.cli.context import remedy_for
from handlers.cli.finding import Finding
from handlers.fonts import Fonts
from handlers.platforms import VARIABLES, missing_credentials
from storage.database import Store
from storage.errors import DATABASE_ERRORS, StorageError
from storage.schema import SchemaState

#: Bytes; a school of a thousand lessons a month writes less in a year.
LEAST_FREE = 500 * 1024 * 1024
#: Different characters: what a person types in one go has fewer, and so has one word that is repeated.
LEAST_CHARACTERS = 12
#: How our own settings begin; those of platforms and of Slack might be another program's.
OURS = "ROLLCALL_"
OF_TESTS = "ROLLCALL_TEST"
SQLITE = "sqlite+aiosqlite:///"


def settings_findings(settings: Settings) -> Iterator[Finding]:
    """What is missing to serve, one line each."""
    missing = [*settings.missing_to_serve(), *missing_credentials(settings)]
    if not missing:
        yield Finding("settings", "everything that `serve` needs is there")
    for line in missing:
        what, _, remedy = line.partition(": ")
        yield Finding("settings", what, remedy)
    if settings.secret_key and not any("ROLLCALL_SECRET_KEY" in line for line in missing):
        yield _secret_key(settings)
    yield _public_url(settings.public_url)


def unknown_findings(environment: Mapping[str, str]) -> Iterator[Finding]:
    """What begins like a setting of ours and is none, one line each: a typing error would count for nothing."""
    known = {*Settings.variables(), *(name for kind in VARIABLES.values() for name in kind.variables())}
    endings = [name.removeprefix(OURS) for name in known if name.startswith(OURS)]
    for name in sorted(environment):
        if name.startswith(OURS) and not name.startswith(OF_TESTS) and name not in known:
            alike = get_close_matches(name.removeprefix(OURS), endings, n=1)
            remedy = f"did you mean {OURS}{alike[0]}?" if alike else "take it out"
            yield Finding("settings", f"{name} is no setting", remedy)


def _secret_key(settings: Settings) -> Finding:
    if any(len(set(key.get_secret_value())) < LEAST_CHARACTERS for key in settings.secret_key):
        remedy = "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        return Finding("key", "ROLLCALL_SECRET_KEY repeats itself: it can be guessed", remedy)
    return Finding("key", "ROLLCALL_SECRET_KEY is long and varied")


def _public_url(url: str) -> Finding:
    remedy = "set ROLLCALL_PUBLIC_URL to the https:// address under which platforms and students reach this bot"
    if not url:
        return Finding("address", "ROLLCALL_PUBLIC_URL is not set: Join is each course's link, nobody's own", remedy)
    parts = urlsplit(url)
    if parts.scheme != "https":
        return Finding("address", f"{url} is not https: platforms send nothing there", remedy)
    if _is_local(parts.hostname or ""):
        return Finding("address", f"{url} is an address of this machine or network alone", remedy)
    if parts.query or parts.fragment or parts.username:
        return Finding("address", "ROLLCALL_PUBLIC_URL has more in it than host and path", remedy)
    return Finding("address", f"{url} can be reached from outside, by its form")


def _is_local(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".internal"))


async def database_finding(settings: Settings) -> Finding:
    """Whether the database answers, and has this program's tables."""
    try:
        store = await Store.open(settings.database_url)
    except ConfigurationError as problem:
        return Finding("database", str(problem), "correct ROLLCALL_DATABASE_URL")
    except StorageError as problem:
        return Finding("database", f"cannot be used ({problem})", remedy_for(settings.database_url))
    try:
        state = await store.schema_state()
    except DATABASE_ERRORS as problem:
        return Finding("database", f"cannot be used ({StorageError(problem)})", remedy_for(settings.database_url))
    finally:
        await store.close()
    if state is SchemaState.CURRENT:
        return Finding("database", "reachable, schema current")
    if state is SchemaState.NEWER:
        return Finding("database", "has the schema of a newer version", "update this program")
    return Finding("database", f"schema {state.value}", "run `rollcall db upgrade`")


def disk_findings(settings: Settings) -> Iterator[Finding]:
    """Whether the folder of reports can be written to, and whether there is room."""
    folder = _that_exists(settings.data_dir.absolute())
    try:
        AssetFiles(settings.data_dir).try_out()
        yield Finding("data", f"{settings.data_dir} can be written to")
    except OSError:
        yield Finding("data", f"{settings.data_dir} cannot be written to", "correct ROLLCALL_DATA_DIR, or its owner")
    places = {folder}
    if settings.database_url.startswith(SQLITE):
        places.add(_that_exists(Path(settings.database_url.removeprefix(SQLITE)).absolute().parent))
    free = min(shutil.disk_usage(place).free for place in places)
    if free < LEAST_FREE:
        yield Finding("disk", f"{free // 1024**2} MiB are free", f"make room for {LEAST_FREE // 1024**2} MiB at least")
    else:
        yield Finding("disk", f"{free / 1024**3:.1f} GiB are free")


def fonts_finding(fonts: Fonts) -> Finding:
    """Whether names in every script can be printed."""
    missing = fonts.missing_scripts()
    if not missing:
        return Finding("fonts", "documents can print names in every common script")
    remedy = "install fonts that have them, such as Debian's fonts-noto-core and fonts-noto-cjk"
    return Finding("fonts", f"no font for {', '.join(missing)}: such names get an e-mail or id beside them", remedy)


def _that_exists(path: Path) -> Path:
    """The folder itself, or the nearest above it."""
    return next(each for each in (path, *path.parents) if each.exists())
