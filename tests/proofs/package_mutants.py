"""Malformed packages: what a broken disk, a careless program and an attacker would send, some of it signed with a trusted key."""

import hashlib
import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from warnings import catch_warnings

import pyrage

from jpa.model.canonical import canonical
from jpa.model.case import Agency
from jpa.operations.messages import sign_message
from jpa.sharing import bag
from jpa.sharing.manifest import ENTITIES, KIND, REPORTS, read_manifest
from jpa.sharing.package import local
from tests.proofs.package_worlds import (
    AT,
    IDENTITY,
    RECIPIENT,
    SIGNER,
    STRANGER,
    TERMS,
    Content,
    assembled,
    content_of,
    head_of,
)

MOMENT: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class World:
    """One good package in parts, and a folder to make bad ones in."""

    rng: random.Random
    folder: Path
    content: Content
    manifest: bytes
    parts: Mapping[str, bytes]
    """Payload by path."""

    def files(self, manifest: bytes | None = None, signature: bytes | None = None) -> dict[str, bytes]:
        """Return all files below the root, signed with the trusted key unless another signature is given."""
        body = self.manifest if manifest is None else manifest
        line = sign_message(SIGNER, KIND, body).encode() if signature is None else signature
        return bag.tag_files(read_manifest(self.manifest), body, line) | dict(self.parts)

    @property
    def root(self) -> str:
        """The folder in the container."""
        return str(json.loads(self.manifest)["id"])


def world_of(rng: random.Random, folder: Path, **head: Any) -> World:
    """Make a good package in parts."""
    content = content_of(rng, rng.randint(2, 6))
    payload = folder / "payload"
    payload.mkdir()
    manifest = assembled(content, replace(head_of(rng), **head), payload)
    paths = [f.path for f in read_manifest(manifest).files]
    return World(rng, folder, content, manifest, {p: (payload / local(p)).read_bytes() for p in paths})


def zipped(files: Mapping[str, bytes], root: str, change: Callable[[zipfile.ZipInfo], None] = lambda _: None) -> bytes:
    """Pack files as jpa does, each entry changed first."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for path, content in files.items():
            info = zipfile.ZipInfo(f"{root}/{path}", MOMENT)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o100600 << 16, 3
            change(info)
            made.writestr(info, content)
    return out.getvalue()


def whole(w: World) -> bytes:
    """Return the good package, not closed."""
    return zipped(w.files(), w.root)


def sealed(content: bytes, identity: pyrage.x25519.Identity = IDENTITY) -> bytes:
    """Close bytes to the recipient."""
    return bytes(pyrage.encrypt(content, [identity.to_public()]))


def signed_again(w: World, parts: Mapping[str, bytes]) -> bytes:
    """Let the trusted key sign other content."""
    said = json.loads(w.manifest)
    for file in said["files"]:
        data = parts[file["path"]]
        file |= {"bytes": str(len(data)), "sha256": hashlib.sha256(data).hexdigest()}
    manifest = canonical(said)
    tags = bag.tag_files(read_manifest(manifest), manifest, sign_message(SIGNER, KIND, manifest).encode())
    return zipped(tags | dict(parts), w.root)


def said_again(w: World, change: Callable[[dict[str, Any]], None], write: Callable[[Any], bytes] = canonical) -> bytes:
    """Let the trusted key sign another manifest."""
    said = json.loads(w.manifest)
    change(said)
    return zipped(w.files(write(said)), w.root)


def _lines(change: Callable[[World, list[bytes]], list[bytes]], path: str = ENTITIES) -> Callable[[World], bytes]:
    def mutate(w: World) -> bytes:
        lines = w.parts[path].splitlines(keepends=True)
        return signed_again(w, {**w.parts, path: b"".join(change(w, lines))})

    return mutate


def _entry(name: str, content: bytes = b"x", mode: int = 0o100600) -> Callable[[World], bytes]:
    def mutate(w: World) -> bytes:
        out = io.BytesIO(whole(w))
        with catch_warnings(action="ignore"), zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as made:
            info = zipfile.ZipInfo(name.replace("ROOT", w.root), MOMENT)
            info.external_attr, info.create_system = mode << 16, 3
            made.writestr(info, content)
        return out.getvalue()

    return mutate


def _changed(change: Callable[[zipfile.ZipInfo], None]) -> Callable[[World], bytes]:
    return lambda w: zipped(w.files(), w.root, change)


def _manifest(change: Callable[[dict[str, Any]], None]) -> Callable[[World], bytes]:
    return lambda w: said_again(w, change)


def _flip(w: World, content: bytes) -> bytes:
    place = w.rng.randrange(len(content))
    return content[:place] + bytes([content[place] ^ (1 << w.rng.randrange(8))]) + content[place + 1 :]


def _cut(w: World, content: bytes) -> bytes:
    return content[: w.rng.randrange(len(content))]


def _patched(w: World, signature: bytes, offset: int, value: bytes) -> bytes:
    """Overwrite a field of one header, found by its mark."""
    content = whole(w)
    places = [n for n in range(len(content) - 4) if content[n : n + 4] == signature]
    place = w.rng.choice(places) + offset
    return content[:place] + value + content[place + len(value) :]


@lru_cache(maxsize=2)
def _zeros(size: int) -> bytes:
    made = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = bytes(1024 * 1024)
    return b"".join(made.compress(piece) for _ in range(size // len(piece))) + made.flush()


def _bomb(w: World) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for path, content in w.files().items():
            data = bytes(150 * 1024 * 1024) if path == REPORTS else content
            info = zipfile.ZipInfo(f"{w.root}/{path}", MOMENT)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o100600 << 16
            made.writestr(info, data)
    return out.getvalue()


def _lying_bomb(w: World) -> bytes:
    """Say that an entry is small while it unpacks to much."""
    files = w.files()
    packed = _zeros(64 * 1024 * 1024)
    out = bytearray()
    directory = bytearray()
    for path, content in files.items():
        data = packed if path == REPORTS else _deflated(content)
        name = f"{w.root}/{path}".encode()
        head = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, zlib.crc32(content), len(data), len(content), len(name), 0)
        directory += b"PK\x01\x02\x14\x03" + head + struct.pack("<HHHLL", 0, 0, 0, 0o100600 << 16, len(out)) + name
        out += b"PK\x03\x04" + head + name + data
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(files), len(files), len(directory), len(out), 0)
    return bytes(out + directory + end)


def _deflated(content: bytes) -> bytes:
    made = zlib.compressobj(6, zlib.DEFLATED, -15)
    return made.compress(content) + made.flush()


def _nested(w: World) -> bytes:
    """A zip of zips of zeros, where lines should be."""
    content = bytes(2 * 1024 * 1024)
    for _ in range(3):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for n in range(4):
                made.writestr(f"{n}.zip", content)
        content = out.getvalue()
    return signed_again(w, {**w.parts, REPORTS: content})


def _overlapping(w: World) -> bytes:
    """Let two names share the same bytes."""
    content = bytearray(whole(w))
    places = [n for n in range(len(content) - 4) if content[n : n + 4] == b"PK\x01\x02"]
    content[places[1] + 42 : places[1] + 46] = content[places[0] + 42 : places[0] + 46]
    return bytes(content)


def _many(w: World) -> bytes:
    return zipped(w.files() | {f"data/evidence/{n:064x}": b"" for n in range(5_000)}, w.root)


def _without(name: str) -> Callable[[World], bytes]:
    return lambda w: zipped({path: c for path, c in w.files().items() if path != name}, w.root)


def _swapped(w: World) -> bytes:
    other = whole(replace(w, manifest=canonical({**json.loads(w.manifest), "id": "f" * 32})))
    with zipfile.ZipFile(io.BytesIO(other)) as opened:
        line = opened.read(f"{'f' * 32}/package.sig")
    return zipped(w.files(signature=line), w.root)


def _signature(w: World, change: Callable[[dict[str, str]], None]) -> bytes:
    said = json.loads(sign_message(SIGNER, KIND, w.manifest))
    change(said)
    return zipped(w.files(signature=canonical(said)), w.root)


_DEEP: Final = b"[" * 1_000_000 + b"]" * 1_000_000


def _raw_manifest(content: Callable[[World], bytes]) -> Callable[[World], bytes]:
    return lambda w: zipped(w.files(content(w)), w.root)


OUTER: Final[Mapping[str, Callable[[World], bytes]]] = {
    "a bit flipped on the way": lambda w: _flip(w, sealed(whole(w))),
    "cut off on the way": lambda w: _cut(w, sealed(whole(w))),
    "bytes behind it": lambda w: sealed(whole(w)) + b"x",
    "nothing": lambda _: b"",
    "noise": lambda w: w.rng.randbytes(5000),
    "not closed": whole,
    "closed to somebody else": lambda w: sealed(whole(w), pyrage.x25519.Identity.generate()),
    "closed with a password": lambda w: b"age-encryption.org/v1\n-> scrypt AAAA 99\n" + w.rng.randbytes(500),
    "closed twice": lambda w: sealed(sealed(whole(w))),
    "closed nothing": lambda _: sealed(b""),
    "closed noise": lambda w: sealed(w.rng.randbytes(5000)),
    "a header of age alone": lambda _: b"age-encryption.org/v1\n",
}
"""What happens to the closed file."""

INNER: Final[Mapping[str, Callable[[World], bytes]]] = {
    "a bit flipped inside": lambda w: _flip(w, whole(w)),
    "cut off inside": lambda w: _cut(w, whole(w)),
    "bytes behind the container": lambda w: whole(w) + b"x" * 30,
    "bytes before the container": lambda w: b"MZ" + whole(w),
    "a remark on the container": lambda w: whole(w)[:-2] + b"\x05\x00hello",
    "a remark on a file": _changed(lambda info: setattr(info, "comment", b"see me")),
    "an extra field": _changed(lambda info: setattr(info, "extra", struct.pack("<HH4s", 0x9999, 4, b"abcd"))),
    "another date": _changed(lambda info: setattr(info, "date_time", (2026, 1, 1, 0, 0, 0))),
    "packed by bzip2": _changed(lambda info: setattr(info, "compress_type", zipfile.ZIP_BZIP2)),
    "packed by lzma": _changed(lambda info: setattr(info, "compress_type", zipfile.ZIP_LZMA)),
    "a path that climbs": _entry("ROOT/../../../../tmp/out"),
    "a path from the root": _entry("/etc/cron.d/out"),
    "a path of another system": _entry("ROOT\\..\\..\\out"),
    "a path with a drive": _entry("C:/Windows/out"),
    "a name that reads backwards": _entry("ROOT/data/evidence/\u202egnp.exe"),
    "a name with a zero": _entry("ROOT/data/evidence/a\x00b"),
    "a name of 60,000 letters": _entry("ROOT/" + "a" * 60_000),
    "a link": _entry("ROOT/data/evidence/" + "a" * 64, b"/etc/passwd", 0o120777),
    "a device": _entry("ROOT/data/evidence/" + "b" * 64, b"", 0o020666),
    "a folder": _entry("ROOT/data/", b"", 0o040700),
    "a file that nobody listed": _entry("ROOT/data/evidence/" + "c" * 64),
    "a second folder": _entry("0" * 32 + "/bagit.txt"),
    "the manifest twice": _entry("ROOT/package.json", b"{}"),
    "records twice": _entry("ROOT/data/entities.jsonl", b""),
    "no manifest": _without("package.json"),
    "no signature": _without("package.sig"),
    "no records": _without(ENTITIES),
    "no declaration": _without("bagit.txt"),
    "5,000 files": _many,
    "a bomb": _bomb,
    "a bomb that lies": _lying_bomb,
    "a bomb in a bomb": _nested,
    "files that overlap": _overlapping,
    "a wrong check sum": lambda w: _patched(w, b"PK\x01\x02", 16, b"\x01\x02\x03\x04"),
    "a wrong size": lambda w: _patched(w, b"PK\x01\x02", 24, struct.pack("<L", w.rng.randrange(2**32))),
    "a huge packed size": lambda w: _patched(w, b"PK\x01\x02", 20, b"\xff\xff\xff\xff"),
    "a wrong place": lambda w: _patched(w, b"PK\x01\x02", 42, struct.pack("<L", w.rng.randrange(1, 2**31))),
    "a password on a file": lambda w: _patched(w, b"PK\x01\x02", 8, b"\x01\x00"),
    "a wrong number of files": lambda w: _patched(w, b"PK\x05\x06", 10, b"\x01\x00"),
    "a directory elsewhere": lambda w: _patched(w, b"PK\x05\x06", 16, struct.pack("<L", w.rng.randrange(2**31))),
    "a root of another name": lambda w: zipped(w.files(), "e" * 32),
    "signed by a stranger": lambda w: zipped(
        w.files(signature=sign_message(STRANGER, KIND, w.manifest).encode()), w.root
    ),
    "a stranger's signature under a trusted name": lambda w: _signature(
        w, lambda s: s.update(signature=json.loads(sign_message(STRANGER, KIND, w.manifest))["signature"])
    ),
    "signed as a return": lambda w: zipped(
        w.files(signature=sign_message(SIGNER, "return", w.manifest).encode()), w.root
    ),
    "the signature of another package": _swapped,
    "a signature that is no JSON": lambda w: zipped(w.files(signature=b"{"), w.root),
    "a signature of spaces": lambda w: zipped(w.files(signature=b" "), w.root),
    "a signature of letters beyond ASCII": lambda w: zipped(w.files(signature="{“}".encode()), w.root),
    "a signature with a further line": lambda w: zipped(
        w.files(signature=sign_message(SIGNER, KIND, w.manifest).encode() + b"\n"), w.root
    ),
    "a signature written otherwise": lambda w: zipped(
        w.files(signature=json.dumps(json.loads(sign_message(SIGNER, KIND, w.manifest))).encode()), w.root
    ),
    "a signature of another format": lambda w: _signature(w, lambda s: s.update(format="9")),
    "another version of the format": _manifest(lambda m: m.update(format="2")),
    "a field too many": _manifest(lambda m: m.update(comment="hello")),
    "a field too few": _manifest(lambda m: m.pop("purpose")),
    "a number that is one": _manifest(lambda m: m["counts"].update(records=3)),
    "a negative number": _manifest(lambda m: m["counts"].update(records="-3")),
    "a wrong number of records": _manifest(lambda m: m["counts"].update(records="7000000")),
    "files out of order": _manifest(lambda m: m["files"].reverse()),
    "a file less": _manifest(lambda m: m["files"].pop()),
    "a file elsewhere": _manifest(lambda m: m["files"][0].update(path="data/../../out")),
    "a file of another hash": _manifest(lambda m: m["files"][0].update(sha256="0" * 64)),
    "a file of another size": _manifest(lambda m: m["files"][0].update(bytes="1")),
    "an unknown marking": _manifest(lambda m: m["marking"].update(tlp="TLP:PURPLE")),
    "an unknown condition": _manifest(lambda m: m["marking"].update(conditions=["burn after reading"])),
    "a manifest with spaces": lambda w: said_again(w, lambda _: None, lambda m: json.dumps(m).encode()),
    "a manifest out of order": lambda w: said_again(
        w, lambda _: None, lambda m: json.dumps(dict(reversed(m.items())), separators=(",", ":")).encode()
    ),
    "a name twice in the manifest": _raw_manifest(lambda w: b'{"agreement":{},' + w.manifest[1:]),
    "a manifest of a million brackets": _raw_manifest(lambda _: _DEEP[:1_000_000]),
    "a manifest too large": _raw_manifest(lambda w: w.manifest[:-1] + b" " * 2_000_000 + b"}"),
    "a manifest of broken letters": _raw_manifest(lambda w: w.manifest.replace(b"Tenggara", b"Teng\xff\xfe\xfd\xfc")),
    "a manifest that is a list": _raw_manifest(lambda _: b"[]"),
    "a manifest of half a letter": _raw_manifest(lambda w: w.manifest.replace(b"Tenggara", b"Te\\ud800g")),
    "a line of a million brackets": _lines(lambda _, lines: [_DEEP[:900_000] + b"\n", *lines]),
    "a line that is no JSON": _lines(lambda _, lines: [b"{nope\n", *lines[1:]]),
    "a line too long": _lines(lambda _, lines: [lines[0][:-2] + b" " * 1_100_000 + b"}\n", *lines[1:]]),
    "a line that does not end": _lines(lambda _, lines: [*lines[:-1], lines[-1].rstrip(b"\n")]),
    "a line more": _lines(lambda _, lines: [*lines, lines[-1]]),
    "a line less": _lines(lambda _, lines: lines[:-1]),
    "a line twice": _lines(lambda _, lines: [lines[0], lines[0], *lines[2:]]),
    "a line with spaces": _lines(lambda _, lines: [lines[0].replace(b'":"', b'": "', 1), *lines[1:]]),
    "an empty line": _lines(lambda _, lines: [b"\n", *lines[1:]]),
    "a line of broken letters": _lines(lambda _, lines: [lines[0].replace(b'"id"', b'"\xff\xfe"', 1), *lines[1:]]),
    "a line with a field too many": _lines(
        lambda _, lines: [lines[0].replace(b'{"id"', b'{"a":"b","id"', 1), *lines[1:]]
    ),
    "a report that is not there": _lines(lambda _, lines: [_repointed(lines[0], "report"), *lines[1:]]),
    "a report less": _lines(lambda _, lines: lines[:-1], REPORTS),
    "a report of a third": _lines(
        lambda _, lines: [lines[0].replace(b'"agency":"tip"', b'"agency":"xyz"'), *lines[1:]], REPORTS
    ),
    "a record of a third": _lines(
        lambda _, lines: [lines[0].replace(b'"agency":"tip"', b'"agency":"xyz"'), *lines[1:]]
    ),
}
"""What is wrong inside a closed file; much of it is signed with a trusted key."""

HEADS: Final[Mapping[str, dict[str, Any]]] = {
    "from the future": {"made": AT + timedelta(hours=1)},
    "under an agreement that ended": {"terms": TERMS.model_copy(update={"ends": "2026-11-23"})},
    "to another agency": {"recipients": [(Agency("xyz", "Another", "XC"), str(IDENTITY.to_public()))]},
    "to an earlier key": {"recipients": [(RECIPIENT, str(pyrage.x25519.Identity.generate().to_public()))]},
    "from another than who signed": {"sender": Agency("xyz", "Another", "XC")},
}
"""Good packages that are not for here or now."""


def _repointed(line: bytes, name: str) -> bytes:
    said = json.loads(line)
    said["jpa"][name] = "0" * 32
    return canonical(said) + b"\n"


KINDS: Final = (*OUTER, *INNER, *HEADS)


def mutant(kind: str, rng: random.Random, folder: Path) -> bytes:
    """Return the bytes of one malformed package."""
    w = world_of(rng, folder, **HEADS.get(kind, {}))
    if kind in OUTER:
        return OUTER[kind](w)
    return sealed(INNER[kind](w) if kind in INNER else whole(w))
