"""Blind questions by an oblivious PRF: RFC 9497 in verifiable mode over ristretto255, answered by the library `voprf`, asked by `blind_client`.

The asker blinds the keys of one thing and sends as many elements as every question has. The holder evaluates them with a secret of this
question alone, and adds its own keys as entries: a tag and a closed box, each made from the PRF of a key, topped up with noise. So the
asker finds the box of a key that it asked, and of no other; the holder sees random elements, and neither what was asked nor what was found.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from voprf import ristretto

from jpa.errors import InvalidInputError
from jpa.model.blind import MOST_ASKED
from jpa.model.canonical import canonical
from jpa.sharing.blind_client import blinded, draw_blind, finalized

SIZE: Final = 64
"""Elements of every question, so that their number tells neither the kind nor the names of what is asked; the most keys one thing has."""
LEAST: Final = 256
"""Entries of the smallest answer; larger ones double, so that one record more or less does not show."""
REFERENCE: Final = 10
"""Letters of a reference: 50 bits, to be read out over the telephone."""
ELEMENT: Final = 32
OUTPUT: Final = 96
TAG: Final = 16
ENTRY: Final = TAG + REFERENCE + 16
"""Bytes of an entry: its tag, the reference, and the seal of the box."""
SECRET: Final = 32
_NO_NONCE: Final = bytes(
    12
)  # the key of a box is used for that box alone: it depends on the question's secret and on the key
_PADDING: Final = b"jpa blind padding"
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Shape:
    """What every question of one kind looks like, and the least that an answer to it shows; neither depends on what is asked."""

    label: bytes
    """Begins each private input, so that what one kind asks meets nothing of another."""
    size: int
    """Elements of a question."""
    least: int
    """Entries of the smallest answer."""


THINGS: Final = Shape(b"jpa blind key ", SIZE, LEAST)
PLANS: Final = Shape(b"jpa blind plan ", MOST_ASKED, 4096)
"""Of planned actions: the longest one fits, so that no element more or less tells a day's arrest from a month's surveillance. The
answer's floor is that of some five hundred usual plans, so that one posted or withdrawn does not show."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the holder gives back; its size depends on how much it holds in powers of two, and on nothing else."""

    public: bytes
    """The public half of the question's secret: every output proves that it was made with this one."""
    outputs: tuple[bytes, ...]
    entries: tuple[bytes, ...]
    """Sorted, so that their order tells nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An asker's side of one open question, from which its answer is opened. Whoever has it can try out what was asked: it is kept closed."""

    inputs: tuple[bytes, ...] = field(repr=False)
    """Of each key, and then of noise."""
    blinds: tuple[bytes, ...] = field(repr=False)
    keys: int = field(repr=False)
    """How many inputs are of keys."""

    @property
    def elements(self) -> tuple[bytes, ...]:
        """What leaves: one element a key, and noise."""
        return tuple(map(blinded, self.inputs, self.blinds))

    def kept(self) -> bytes:
        """Write it, to be closed and kept until the answer comes; as long for one key as for many."""
        return canonical(
            {"keys": f"{self.keys:05}", **{n: [p.hex() for p in getattr(self, n)] for n in ("inputs", "blinds")}}
        )

    def told(self, answer: Answer) -> tuple[str, ...]:
        """Return the references of what was hit, in order; InvalidInputError when the answer proves to be none to this question."""
        if len(answer.outputs) != len(self.inputs):
            raise _wrong(f"it answers {len(answer.outputs)} elements, and {len(self.inputs)} were asked")
        boxes = {entry[:TAG]: entry[TAG:] for entry in answer.entries}
        hits = []
        try:
            for text, blind, output in zip(self.inputs, self.blinds, answer.outputs, strict=True):
                found = finalized(text, blind, output, answer.public)
                box = boxes.get(_tag(found))
                hits.append(None if box is None else _opened(found, box))
        except (ValueError, InvalidTag) as error:
            raise _wrong(str(error) or "a box does not open") from error
        return tuple(sorted({hit for hit in hits[: self.keys] if hit is not None}))


def ask_blind(keys: Sequence[str]) -> Asked:
    """Blind the keys of one thing, the most telling first; InvalidInputError where there is none to ask about."""
    wanted = list(dict.fromkeys(keys))[:SIZE]
    if len(wanted) == 0:
        raise InvalidInputError(
            "Nothing was asked.", {"": "There is no key in what was given that another agency could hold."}
        )
    return ask_digests([digest_of(key) for key in wanted], THINGS)


def ask_digests(digests: Sequence[bytes], shape: Shape) -> Asked:
    """Blind keys of which only the digests are known; ValueError for more than a question has elements."""
    if len(digests) > shape.size:
        raise ValueError(f"{len(digests)} keys, and a question has {shape.size} elements")
    room = len(shape.label) + hashlib.sha256().digest_size - len(_PADDING)
    noise = (_PADDING + n.to_bytes(room) for n in range(shape.size - len(digests)))
    inputs = (*(shape.label + digest for digest in digests), *noise)
    return Asked(inputs, tuple(draw_blind() for _ in inputs), len(digests))


def asked_again(kept: bytes) -> Asked:
    """Read what `Asked.kept` wrote."""
    said = json.loads(kept)
    inputs, blinds = (tuple(bytes.fromhex(p) for p in said[name]) for name in ("inputs", "blinds"))
    return Asked(inputs, blinds, int(said["keys"]))


def answer_blind(elements: Sequence[bytes], holdings: Mapping[str, str], secret: bytes, about: bytes) -> Answer:
    """Evaluate a question's elements and close the holder's references by its keys; `secret` is drawn for this question and forgotten.

    `about` names the question. InvalidInputError for elements that are none, or not as many as a question has.
    """
    return answer_digests(elements, {digest_of(key): r for key, r in holdings.items()}, secret, about, THINGS)


def answer_digests(
    elements: Sequence[bytes], holdings: Mapping[bytes, str], secret: bytes, about: bytes, shape: Shape
) -> Answer:
    """The same where only the digests of the holder's keys are known."""
    if len(elements) != shape.size:
        raise _wrong(f"it has {len(elements)} elements, and a question has {shape.size}")
    evaluator = ristretto.Evaluator.from_seed(secret, about)
    try:
        outputs = tuple(evaluator.evaluate(ristretto.BlindedInput.deserialize(e)).serialize() for e in elements)
    except ValueError as error:
        raise _wrong(str(error)) from error
    closed = [_closed(evaluator.evaluate_known_input(shape.label + d), r) for d, r in holdings.items()]
    noise = (_noise(secret, about, n) for n in range(padded(len(closed), shape.least) - len(closed)))
    return Answer(evaluator.public_key.serialize(), outputs, tuple(sorted((*closed, *noise))))


def padded(entries: int, least: int = LEAST) -> int:
    """Return how many entries an answer shows for so many."""
    return max(least, 1 << (entries - 1).bit_length()) if entries > 0 else least


def digest_of(key: str) -> bytes:
    """Return what stands for a key in its private input."""
    return hashlib.sha256(key.encode()).digest()


def reference_of(secret: bytes, question: str, record: str) -> str:
    """Name a record towards whoever asked one question; without the holder's secret it leads nowhere, and two questions share none."""
    digest = hashlib.blake2b(
        f"{question}|{record}".encode(), key=secret, digest_size=REFERENCE, person=b"jpa blind ref"
    ).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest)


def shared(asked: Collection[str], held: Mapping[str, str]) -> tuple[str, ...]:
    """Return what the keys asked lead to where both sides are in one place; what is worked through does not depend on a hit."""
    wanted = frozenset(asked)
    return tuple(sorted({reference for key, reference in held.items() if key in wanted}))


def _tag(output: bytes) -> bytes:
    return hashlib.blake2b(output, digest_size=TAG, person=b"jpa blind tag").digest()


def _cipher(output: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hashlib.blake2b(output, digest_size=32, person=b"jpa blind box").digest())


def _closed(output: bytes, reference: str) -> bytes:
    return _tag(output) + _cipher(output).encrypt(_NO_NONCE, reference.encode("ascii"), None)


def _opened(output: bytes, box: bytes) -> str:
    reference = _cipher(output).decrypt(_NO_NONCE, box, None).decode("ascii")
    if not reference.isalnum():
        raise ValueError("a box holds no reference")
    return reference


def _noise(secret: bytes, about: bytes, number: int) -> bytes:
    return hashlib.shake_256(b"jpa blind noise" + secret + number.to_bytes(8) + about).digest(ENTRY)


def _wrong(problem: str) -> InvalidInputError:
    return InvalidInputError("The file was refused; nothing of it was kept.", {"file": f"It does not fit: {problem}."})
