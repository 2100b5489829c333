"""Bringing one item of the post to its partner: asked how much is there, the rest brought in parts, the answer taken in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import BinaryIO, Final

from jpa.errors import CancelledError, IntegrityError, JpaError, UnavailableError
from jpa.graph import agencies, packages
from jpa.graph.agencies import readership_tx
from jpa.graph.session import Tx
from jpa.model.audit import AuditTag
from jpa.model.package import PackageAct, PackageState
from jpa.model.post import Parcel, Posted, PostKind, PostPartner, PostState, clerk
from jpa.operations.audit import Act
from jpa.operations.post_keys import calling
from jpa.services import messages_in
from jpa.services.packages import fetch, working
from jpa.services.stores import Ask, Stores, found
from jpa.sharing.courier import Courier
from jpa.sharing.post_wire import PART, Standing

Clock = Callable[[], datetime]
THEIR_INBOX: Final = (
    "Their installation took it in whole and their inbox refused it. Its officers see why; telephone them."
)
RECALLED: Final = "It was recalled before it had arrived."


def deliver(stores: Stores, item: Posted, clock: Clock) -> None:
    """Try once to bring an item that was taken from the spool; how it ended, or when it is tried again, is noted with it."""
    details = {"kind": item.kind.value, "subject": item.subject, "partner": item.partner, "try": item.tries + 1}
    try:
        with stores.audit.act(AuditTag.POST_DELIVERED, None, object=item.id, details=details, at=clock()) as act:
            state, words = _brought(stores, item, act, clock)
            act.details |= {"state": state.value}
            stores.post.end(item.id, state, words, clock())
    except CancelledError:
        return  # it was taken back, and is noted so
    except JpaError as error:
        stores.post.fail(item.id, str(error), clock())


def _brought(stores: Stores, item: Posted, act: Act, clock: Clock) -> tuple[PostState, str]:
    asked = stores.graph.read(act.intent, lambda tx: _clerk_tx(tx, item, clock()))
    if item.kind is PostKind.PACKAGE and not stores.graph.read(act.intent, lambda tx: _may_leave_tx(tx, asked, item)):
        return PostState.TAKEN_BACK, RECALLED
    partner = next(iter(stores.post.partners(agency=item.partner)), None)
    if partner is None or partner.address == "":
        raise UnavailableError("No address of the partner is pinned any more. An administrator pins its new post card.")
    courier = _courier(stores, partner)
    parcel = Parcel(item.agency, item.partner, item.kind.form, item.sha256, item.size)
    with _content(stores, item) as content:
        standing = courier.ask(parcel)
        while standing.state == "coming":
            _note(stores, item, int(standing.have), clock)
            before, standing = standing, courier.bring(parcel, content, int(standing.have))
            if standing.state == "coming" and int(standing.have) <= int(before.have):
                raise UnavailableError("Their installation keeps nothing of what it gets. Tell their administrator.")
    act.details |= {"sent": item.size}
    if standing.state == "refused":
        return PostState.REFUSED, THEIR_INBOX
    return PostState.ARRIVED, _answered(stores, asked, standing)


def _answered(stores: Stores, asked: Ask, standing: Standing) -> str:
    """Take the answer in as if an officer had been handed it; one that is refused says so, for the item has arrived all the same."""
    if standing.answer == "":
        return ""
    try:
        messages_in.receive_message(stores, asked, standing.message)
    except UnavailableError:
        raise
    except JpaError as error:
        return "It arrived, but the answer was refused here: " + " ".join(error.sentences())
    return ""


def _note(stores: Stores, item: Posted, have: int, clock: Clock) -> None:
    if have > item.size:
        raise UnavailableError("Their installation says that it has more than there is. Tell their administrator.")
    if not stores.post.advance(item.id, have, clock(), last=have + PART >= item.size):
        raise CancelledError("It was taken back.")


@contextmanager
def _content(stores: Stores, item: Posted) -> Iterator[BinaryIO]:
    if item.kind is not PostKind.PACKAGE:
        kept = stores.post.content(item.id)
        if kept is None:
            raise IntegrityError("Its bytes are not kept any more. Send it anew.")
        yield BytesIO(kept)
        return
    with working(stores) as folder:
        fetch(stores, item.subject, item.sha256, folder / "closed")
        with (folder / "closed").open("rb") as stream:
            yield stream


def _courier(stores: Stores, partner: PostPartner) -> Courier:
    context = calling(stores.settings.secrets_dir, partner.certificate)
    return Courier(partner.address, context, partner.fingerprint)


def _clerk_tx(tx: Tx, item: Posted, at: datetime) -> Ask:
    return Ask(clerk(item.agency, found(agencies.agency_tx(tx, item.agency)).state), at, "post")


def _may_leave_tx(tx: Tx, asked: Ask, item: Posted) -> bool:
    package = packages.package_tx(tx, readership_tx(tx, asked.officer, asked.at), item.subject)
    if package is None or package.state is PackageState.RECALLED or package.file == "":
        return False
    released = package.act(PackageAct.RELEASED)
    return released is not None and released.code == item.sha256
