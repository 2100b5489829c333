"""The fast canonical JSON is the RFC's: whoever checks a content hash with another tool gets the same."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from jpa.model.canonical import Plain, canonical

pytestmark = pytest.mark.fast

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
KEYS = st.text(st.characters(max_codepoint=126, min_codepoint=32), max_size=8)
PLAIN = st.recursive(
    st.none() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, PLAIN, max_size=6))
def test_any_plain_content_is_written_as_the_rfc_writes_it(content: dict[str, Plain]) -> None:
    assert canonical(content) == rfc8785.dumps(content)


def test_every_character_is_written_as_the_rfc_writes_it() -> None:
    every = "".join(chr(c) for c in range(0x3000) if not 0xD800 <= c < 0xE000)

    assert canonical({"text": every, "beyond": "\U0001f6a2\U0010ffff"}) == rfc8785.dumps(
        {"text": every, "beyond": "\U0001f6a2\U0010ffff"}
    )


def test_the_order_in_which_content_is_given_does_not_matter() -> None:
    assert canonical({"b": None, "a": [{"d": "1", "c": "2"}]}) == b'{"a":[{"c":"2","d":"1"}],"b":null}'
