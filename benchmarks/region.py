"""Rows to measure with: people, phones and ties of the shape that case work has, from one seed."""

from random import Random
from typing import Final

_SYLLABLES: Final = tuple(a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "un", "ar"))
PEOPLE_MAP: Final = 'id = "id"\n[properties]\nname = "name"\nbirthDate = "born"\nnationality = "state"\n'
PHONES_MAP: Final = 'id = "id"\n[properties]\nnumber = "number"\n'
TIES_MAP: Final = '[link]\nsource = "from"\ntarget = "to"\ntype_column = "kind"\n'
HUBS: Final = 100
"""People with `HUB_TIES` ties each: the page of a hub is the slow one."""
HUB_TIES: Final = 300


def people(count: int, seed: int, prefix: str = "p") -> bytes:
    """Write people as a CSV."""
    draw = Random(seed)
    lines = ["id,name,born,state"]
    for i in range(count):
        name = " ".join("".join(draw.choices(_SYLLABLES, k=3)) for _ in range(2)).title()
        born = f"{draw.randrange(1950, 2004)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 28):02d}"
        lines.append(f"{prefix}{i},{name},{born},{draw.choice(('ID', 'TH', 'MM', 'BD', 'MY'))}")
    return "\n".join(lines).encode()


def phones(count: int) -> bytes:
    """Write phone numbers that parse as a CSV."""
    return "\n".join(
        ["id,number", *(f"f{i},+62 812 {7000 + i // 10_000:04d} {i % 10_000:04d}" for i in range(count))]
    ).encode()


def ties(people_count: int, phone_count: int, seed: int) -> bytes:
    """Write ties: each phone has a user or two, people know a few others, some hubs know many."""
    draw = Random(seed)
    lines = ["from,to,kind"]
    for i in range(phone_count):
        users = draw.sample(range(people_count), draw.choice((1, 1, 2)))
        lines += [f"p{user},f{i},USES" for user in users]
    for i in range(people_count // 2):
        lines.append(f"p{i},p{(i * 7 + 13) % people_count},ASSOCIATE_OF")
    for hub in range(HUBS):
        known = draw.sample(range(HUBS, people_count), HUB_TIES)
        lines += [f"p{hub},p{other},ASSOCIATE_OF" for other in known]
    return "\n".join(lines).encode()
