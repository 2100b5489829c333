"""The asker's half of RFC 9497: its vectors, the library on the other side, and outputs that are none."""

import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voprf import ristretto

from jpa.sharing.blind_client import blinded, draw_blind, finalized

pytestmark = pytest.mark.fast

PUBLIC = bytes.fromhex("c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e")
BLIND = bytes.fromhex("64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706")
VECTORS = [
    (
        "00",
        "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",
        "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e",
        "ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd066d4346421d17bf5117a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d",
        "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7da4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c",
    ),
    (
        "5a" * 17,
        "cc0b2a350101881d8a4cba4c80241d74fb7dcbfde4a61fde2f91443c2bf9ef0c",
        "60a59a57208d48aca71e9e850d22674b611f752bed48b36f7a91b372bd7ad468",
        "401a0da6264f8cf45bb2f5264bc31e109155600babb3cd4e5af7d181a2c9dc0a67154fabf031fd936051dec80b0b6ae29c9503493dde7393b722eafdf5a50b02",
        "8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60356f4610bf816f27afdd84f47719e480906d27ecd994985890e5f539e7ea74b6",
    ),
]  # RFC 9497, A.1.2


@pytest.mark.parametrize(("text", "element", "output", "proof", "prf"), VECTORS)
def test_it_gives_the_vectors_of_rfc_9497(text: str, element: str, output: str, proof: str, prf: str) -> None:
    private = bytes.fromhex(text)

    assert blinded(private, BLIND).hex() == element
    assert finalized(private, BLIND, bytes.fromhex(proof + output), PUBLIC).hex() == prf


@settings(max_examples=30)
@given(text=st.binary(min_size=1, max_size=80))
def test_it_agrees_with_the_library_that_answers(text: bytes) -> None:
    evaluator, blind = ristretto.Evaluator.from_seed(secrets.token_bytes(32), b"q"), draw_blind()

    output = evaluator.evaluate(ristretto.BlindedInput.deserialize(blinded(text, blind))).serialize()

    assert finalized(text, blind, output, evaluator.public_key.serialize()) == evaluator.evaluate_known_input(text)


@settings(max_examples=60)
@given(place=st.integers(0, 95), bit=st.integers(0, 7))
def test_an_output_with_one_bit_changed_is_no_answer(place: int, bit: int) -> None:
    evaluator, blind = ristretto.Evaluator.from_seed(secrets.token_bytes(32), b"q"), draw_blind()
    output = bytearray(evaluator.evaluate(ristretto.BlindedInput.deserialize(blinded(b"x", blind))).serialize())
    output[place] ^= 1 << bit

    with pytest.raises(ValueError, match=r"an output|a proof"):
        finalized(b"x", blind, bytes(output), evaluator.public_key.serialize())


def test_the_answer_under_another_key_or_to_another_element_is_no_answer() -> None:
    evaluator, blind = ristretto.Evaluator.from_seed(bytes(32), b"q"), draw_blind()
    output = evaluator.evaluate(ristretto.BlindedInput.deserialize(blinded(b"x", blind))).serialize()
    other = ristretto.Evaluator.from_seed(bytes(32), b"r").public_key.serialize()

    for changed in ((b"x", blind, output, other), (b"y", blind, output, evaluator.public_key.serialize()),
                    (b"x", draw_blind(), output, evaluator.public_key.serialize()), (b"x", blind, output, bytes(32)),
                    (b"x", blind, bytes(96), other), (b"x", blind, b"short", other)):  # fmt: skip
        with pytest.raises(ValueError, match=r"an output|a proof"):
            finalized(*changed)
