"""What a recipient proposes back to the sender of a package, item by item: the file that the offline viewer saves (docs/package-format.md).

The file is the body of a message and proves nothing by itself: who it is from follows from the signature around it, or from the hand that
brings it. Nothing in it changes a record; the sender's officers accept or refuse each item.
"""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from jpa.errors import InvalidInputError
from jpa.model.fingerprint import spaced
from jpa.sharing.lines import Name
from jpa.sharing.manifest import Manifest, Party, write_manifest
from jpa.sharing.refusal import PackageRefusedError
from jpa.sharing.strict import Hash, Key, Moment, Strict, parsed, written

KIND: Final = "proposals"
"""Of the signed message that carries them."""
MOST_BYTES: Final = 16 * 1024 * 1024
MOST_ITEMS: Final = 2_000
"""More than an officer can weigh; what says more is a package of its own."""
_REFUSED: Final = "The proposals were refused; nothing of them was taken in."
_CURE: Final = "Save the file again in the viewer and hand it over unchanged."
_ALLOWED: Final = {
    "seen here too": frozenset[str](),
    "not the same": frozenset({"other"}),
    "another value": frozenset({"property", "stated", "value"}),
}
"""What an item of each kind says beyond what all say."""

Remark = Annotated[str, Field(max_length=2_000)]


class Item(Strict):
    """One proposal about one record or link of the package."""

    id: Key
    """Made at random where it was written: the same item again is no second proposal."""
    kind: Literal["seen here too", "not the same", "another value"]
    what: Literal["record", "link"]
    about: Key
    hash: Hash
    """Content hash of the record or link as it was sent."""
    other: Key | None = None
    """The record that it is not the same as; left out where it is none of the package, and the remark says whom."""
    property: Name | None = None
    stated: Annotated[str, Field(max_length=500_000)] | None = None
    """The value as typed that another stands against; left out where none was stated."""
    value: Annotated[str, Field(min_length=1, max_length=2_000)] | None = None
    reference: Annotated[str, Field(max_length=200)]
    """The recipient's own number of a case or report; may be empty."""
    text: Remark
    """In the recipient's own words; may be empty."""


class Proposals(Strict):
    """All that the file says."""

    format: Literal["1"]
    jpa: Literal["proposals"]
    package: Key
    manifest: Hash
    """SHA-256 of the manifest that was read: another version is another package."""
    by: Party
    contact: Annotated[str, Field(max_length=200)]
    """Desk or officer to ask; may be empty."""
    made: Moment
    """By the clock of the machine that the viewer was open on."""
    items: Annotated[list[Item], Field(min_length=1, max_length=MOST_ITEMS)]


def write_proposals(this: Proposals) -> bytes:
    """Write the file: canonical JSON and a line end."""
    return written(this)


def read_proposals(body: bytes) -> Proposals:
    """Read a file of proposals; InvalidInputError names the field and the cure."""
    if len(body) > MOST_BYTES:
        raise _refusal("file", f"It has {len(body)} bytes; {MOST_BYTES} is the most. Save fewer items in each file.")
    if not body.endswith(b"\n"):
        raise _refusal("file", f"It was cut off: its end is missing. {_CURE}")
    try:
        this = parsed(Proposals, body[:-1], "The file")
    except PackageRefusedError as error:
        raise _refusal("file", f"{error.fields['file']} {_CURE}") from error
    seen: set[str] = set()
    for place, item in enumerate(this.items, start=1):
        _require_whole(item, f"items.{place}")
        if item.id in seen:
            raise _refusal(f"items.{place}.id", f"It stands in the file twice. {_CURE}")
        seen.add(item.id)
    return this


def require_answer_to(this: Proposals, manifest: Manifest) -> None:
    """Refuse proposals that do not answer this package, in this version, by one of its recipients."""
    if this.package != manifest.id:
        raise _refusal("package", f"They are about package {this.package}. Choose that one.")
    sha256 = hashlib.sha256(write_manifest(manifest)).hexdigest()
    if this.manifest != sha256:
        problem = f"They were made from another version of the package ({spaced(this.manifest)}). Ask for new ones."
        raise _refusal("manifest", problem)
    if (this.by.agency, this.by.state) not in {(r.agency, r.state) for r in manifest.recipients}:
        raise _refusal("by", f"The package never went to {this.by.agency} of {this.by.state}. Ask who made the file.")


def misfit(item: Item, hashes: Mapping[str, str]) -> str | None:
    """Say why an item cannot be weighed, given the content hashes of all that the package carried; None where it can."""
    if item.about not in hashes:
        return f"the {item.what} was not in the package"
    if hashes[item.about] != item.hash:
        return f"the {item.what} was sent with other content"
    if item.other is not None and item.other not in hashes:
        return "the other record was not in the package"
    return None


def _require_whole(item: Item, where: str) -> None:
    """Refuse an item that says too little for its kind, or too much."""
    extra = {"other", "property", "stated", "value"} - _ALLOWED[item.kind]
    for name in sorted(extra):
        if getattr(item, name) is not None:
            raise _refusal(f"{where}.{name}", f"“{item.kind}” says nothing of the kind. {_CURE}")
    if item.kind == "another value":
        for name in ("property", "value"):
            if getattr(item, name) is None:
                raise _refusal(f"{where}.{name}", "Say which property has which other value.")
    if item.kind == "not the same":
        if item.what == "link":
            raise _refusal(f"{where}.what", "Only two records can be the same or not. Propose it of a record.")
        if item.other == item.about:
            raise _refusal(f"{where}.other", "It names the record itself. Choose another one.")
        if item.other is None and item.text.strip() == "":
            raise _refusal(f"{where}.text", "Say who it is not the same as, or choose the other record.")


def _refusal(name: str, problem: str) -> InvalidInputError:
    return InvalidInputError(_REFUSED, {name: problem}, cause="proposals")
