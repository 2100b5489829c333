"""Commands about the post: hand the own card out, pin a partner's, send, see how it stands, listen."""

from datetime import UTC, datetime
from pathlib import Path

import click

from jpa.cli.opening import Opened, ask_as, console, officer_option
from jpa.model.fingerprint import words
from jpa.model.post import PostKind
from jpa.services import post as post_services
from jpa.services import post_cards
from jpa.services.post import SENT_BY_HAND
from jpa.sharing.post_card import MOST_BYTES
from jpa.web.post_server import listen_forever

_KINDS = [k.value for k in PostKind if k in SENT_BY_HAND]


@click.group()
def post() -> None:
    """Packages, recalls, blind questions, returns, requests, planned actions and their answers, brought to a partner's installation over HTTPS.

    Example: jpa post send --officer liaison.tip package 0193a1b2c3d4...
    """


@post.command()
@officer_option
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where the card is written."
)
def card(login: str, out: Path) -> None:
    """Write the signed post card of the officer's agency: where it takes post, and the certificate that it shows.

    Example: JPA_POST_PORT=8443 jpa post card --officer administrator.tip --out post-tip.jsonl
    """
    with Opened() as installation:
        asked = ask_as(installation, login)
        places = post_cards.read_places(installation.stores, asked)
        _name, content = post_cards.write_post_card_file(installation.stores, asked)
        with out.open("xb") as stream:
            stream.write(content)
    where = places.address or "nowhere: it sends, and takes nothing (JPA_POST_PORT is not set)"
    console.print(f"address      {where}\ncertificate  {words(places.fingerprint)}", highlight=False)


@post.command()
@officer_option
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def pin(login: str, path: Path) -> None:
    """Pin a partner's post card, as an administrator; it is signed with the key of that agency that is pinned already.

    Example: jpa post pin --officer administrator.tip post-ucg.jsonl
    """
    with Opened() as installation, path.open("rb") as stream:
        pinned = post_cards.pin_post_card(installation.stores, ask_as(installation, login), stream.read(MOST_BYTES + 1))
    console.print(
        f"{pinned.agency} takes post at {pinned.address or 'no address'}; certificate {words(pinned.fingerprint)}.",
        highlight=False,
    )


@post.command()
@officer_option
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("this")
def send(login: str, kind: str, this: str) -> None:
    """Put something on its way by its id, a receipt by its package's; the worker brings it. A planned action asks the partners not asked yet.

    Example: jpa post send --officer liaison.tip package 0193a1b2c3d4...
    """
    with Opened() as installation:
        sent = post_services.send_by_post(installation.stores, ask_as(installation, login), PostKind(kind), this)
    console.print(f"{sent.id}: {sent.kind} for {sent.partner}, {sent.size} bytes, {sent.state}.", highlight=False)


@post.command(name="send-proposals")
@officer_option
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def send_proposals(login: str, path: Path) -> None:
    """Sign proposals that the viewer saved, and put them on their way to the sender of the package.

    Example: jpa post send-proposals --officer liaison.ucg proposals.json
    """
    with Opened() as installation:
        sent = post_services.send_proposals(installation.stores, ask_as(installation, login), path.read_bytes())
    console.print(f"{sent.id}: {sent.kind} for {sent.partner}, {sent.size} bytes, {sent.state}.", highlight=False)


@post.command()
@officer_option
def status(login: str) -> None:
    """List what was sent and how far it is, and what came.

    Example: jpa post status --officer liaison.tip
    """
    with Opened() as installation:
        box = post_services.read_post(installation.stores, ask_as(installation, login))
    now = datetime.now(UTC)
    for item in box.sent:
        due = "" if item.due is None else f", next try {item.due:%H:%M:%S} UTC"
        late = ", overdue" if item.overdue(now) else ""
        why = "" if item.error == "" else f": {item.error}"
        console.print(
            f"{item.id}  to {item.partner}  {item.kind}  {item.state}, {item.sent} of {item.size} bytes{due}{late}{why}",
            highlight=False,
        )
    for came in box.came:
        what = came.subject or came.parcel.sha256[:32]
        why = "" if came.reason == "" else f": {came.reason}"
        console.print(f"{what}  from {came.parcel.sender}  {came.parcel.form}  {came.state}{why}", highlight=False)


@post.command()
@officer_option
@click.argument("item")
def now(login: str, item: str) -> None:
    """Let something that waits be tried at once.

    Example: jpa post now --officer liaison.tip 0193a1b2c3d4...
    """
    with Opened() as installation:
        post_services.send_now(installation.stores, ask_as(installation, login), item)
    console.print("It is tried now.", highlight=False)


@post.command(name="take-back")
@officer_option
@click.argument("item")
def take_back(login: str, item: str) -> None:
    """Send something no more that waits and of which not every byte has left.

    Example: jpa post take-back --officer liaison.tip 0193a1b2c3d4...
    """
    with Opened() as installation:
        post_services.take_back(installation.stores, ask_as(installation, login), item)
    console.print("Taken back.", highlight=False)


@post.command()
def listen() -> None:
    """Take post for a home that is set up already; `jpa run` does it by itself where JPA_POST_PORT is set.

    Example: JPA_POST_PORT=8443 jpa post listen
    """
    with Opened() as installation:
        listen_forever(installation)
