"""afterword site, thread, moderator, token: setting up who may do what."""

import json
from secrets import token_hex
from typing import Any

import click
from marshmallow import ValidationError

from service.actions import credentials, identities, sites, threads
from service.actions.errors import NotFound, Refused
from service.api.policy_schemas import PolicySettings
from service.bell import Bell, RedisBell, connect
from service.cli.database import session
from service.config import Settings
from service.domain.identity import Algorithm
from service.domain.pages import normalise_page
from service.domain.policy import Mode, Policy
from service.domain.reader_tokens import read_key
from service.domain.roles import SCOPES
from service.store import credentials as stored_credentials
from service.store import sites as stored_sites
from service.store.audit import COMMAND_LINE as BY

ALGORITHMS = click.Choice([algorithm.value for algorithm in Algorithm])
MODES = click.Choice([mode.value for mode in Mode])


def bell() -> Bell:
    """Tells running web processes at once; without it they would find out within seconds."""
    return RedisBell(connect(Settings.from_env().redis_url))


@click.group()
def site() -> None:
    """Websites that take comments."""


@site.command("add")
@click.argument("key")
@click.option("--name", required=True, help="As moderators know it.")
@click.option(
    "--origin", "origins", multiple=True, help="https://www.example.org; may be repeated."
)
def add_site(key: str, name: str, origins: tuple[str, ...]) -> None:
    """Add a site, with a policy that a small newspaper could keep."""
    with session() as opened:
        sites.add_site(opened, key=key, name=name, origins=origins, by=BY)
    click.echo(f"Added the site {key}.")


@site.command("list")
def list_sites() -> None:
    """List the sites' keys."""
    with session() as opened:
        for key in stored_sites.all_keys(opened):
            click.echo(key)


@site.command("origins")
@click.argument("key")
@click.argument("origins", nargs=-1, required=True)
def set_origins(key: str, origins: tuple[str, ...]) -> None:
    """Replace the origins from which a site takes comments."""
    with session() as opened:
        sites.set_origins(opened, bell(), key, origins, by=BY)
    click.echo(f"The site {key} takes comments from {', '.join(origins)}.")


@site.command("policy")
@click.argument("key")
@click.option(
    "--set", "file", type=click.File("r"), help="A JSON file with the new settings; - reads them."
)
def policy(key: str, file: Any) -> None:
    """Print a site's policy as JSON, or replace it."""
    with session() as opened:
        found = stored_sites.find(opened, key)
        if found is None:
            raise NotFound(f"There is no site with the key {key!r}.")
        if file is None:
            click.echo(json.dumps(found.policy.as_json(), indent=2, ensure_ascii=False))
            return
        settings = _validated(file.read())
        version = sites.set_policy(
            opened, bell(), key, seen=found.policy_version, settings=settings, by=BY
        )
    click.echo(f"The policy of {key} is at version {version} now.")


def _validated(text: str) -> dict[str, Any]:
    try:
        return Policy.from_json(PolicySettings().load(json.loads(text))).as_json()
    except json.JSONDecodeError as error:
        raise Refused(f"The policy is not valid JSON: {error}.") from error
    except ValidationError as error:
        raise Refused(f"The policy is not valid: {json.dumps(error.messages)}") from error


@site.command("identity")
@click.argument("key")
@click.option("--algorithm", type=ALGORITHMS, help="With which its tokens are signed.")
@click.option(
    "--secret-file",
    type=click.File("rb"),
    help="HS256: 32 random characters or more.",
)
@click.option("--public-key-file", type=click.File("rb"), help="EdDSA: an Ed25519 key as PEM.")
@click.option(
    "--forget", type=click.Choice(["old", "all"]), help="All keys, or all but the newest."
)
def identity(
    key: str, algorithm: str | None, secret_file: Any, public_key_file: Any, forget: str | None
) -> None:
    """Let a publisher sign in its readers: give the key of their tokens, or list the keys.

    The key before it stays good until the next one comes. HS256 without a file makes a secret and
    prints it alone.
    """
    secret = Settings.from_env().secret
    with session() as opened:
        if forget is not None:
            gone = identities.forget_keys(opened, key, but_newest=forget == "old", by=BY)
            click.echo(f"Forgot {gone} key(s).")
        elif algorithm is None:
            for one in identities.stored(opened, key):
                click.echo(f"{one.algorithm}\tsince {one.created_at:%Y-%m-%d %H:%M} UTC")
        else:
            content, is_made = _key_content(Algorithm(algorithm), secret_file, public_key_file)
            found = read_key(Algorithm(algorithm), content)
            count = identities.set_key(opened, key, found, secret=secret, by=BY)
            told = content.decode() if is_made else f"The site {key} has {count} key(s) now."
            click.echo(told)


def _key_content(algorithm: Algorithm, secret: Any, public: Any) -> tuple[bytes, bool]:
    """What the file holds; or a secret made for the publisher, and True."""
    if algorithm is Algorithm.EDDSA and (public is None or secret is not None):
        raise Refused("For EdDSA, give the public key: --public-key-file FILE.")
    if algorithm is Algorithm.HS256 and public is not None:
        raise Refused("For HS256, give a secret: --secret-file FILE. Public keys are for EdDSA.")
    if algorithm is Algorithm.HS256 and secret is None:
        return token_hex(32).encode(), True
    return (public or secret).read(), False


@click.group()
def thread() -> None:
    """Single threads."""


@thread.command("mode")
@click.argument("key")
@click.argument("page")
@click.argument("mode", type=click.Choice([*MODES.choices, "policy"]))
def set_mode(key: str, page: str, mode: str) -> None:
    """Open, premoderate or close one thread; `policy` goes back to what the site's policy says."""
    chosen = None if mode == "policy" else mode
    with session() as opened:
        settings = {"mode": chosen}
        threads.set_up(opened, bell(), key, page=normalise_page(page), settings=settings, by=BY)
    click.echo(f"The thread is {mode} now.")


@click.group()
def token() -> None:
    """Bearer tokens for programs."""


@token.command("create")
@click.option("--name", required=True, help="Decisions are recorded under it.")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(list(SCOPES)))
@click.option("--site", help="For one site alone.")
@click.option("--days", type=click.IntRange(1, 3650), help="Expires after so many days.")
def create_token(name: str, scopes: tuple[str, ...], site: str | None, days: int | None) -> None:
    """Create a token. It is printed alone, and this once only."""
    with session() as opened:
        made = credentials.create_token(
            opened, name=name, scopes=scopes, site=site, days=days, by=BY
        )
    click.echo(made)


@token.command("list")
def list_tokens() -> None:
    """List tokens, without their secret."""
    with session() as opened:
        for one in stored_credentials.tokens(opened):
            state = "revoked" if one.revoked_at else f"until {one.expires_at or 'revoked'}"
            click.echo(f"{one.name}\t{','.join(one.scopes)}\t{state}")


@token.command("revoke")
@click.argument("name")
def revoke_token(name: str) -> None:
    """Revoke all tokens of that name, a moderator's e-mail address included."""
    with session() as opened:
        count = credentials.revoke_tokens(opened, name, by=BY)
    click.echo(f"Revoked {count} token(s).")
