"""Fingerprints of keys as people read them to each other."""


def spaced(fingerprint: str) -> str:
    """Write a fingerprint in eight groups of four."""
    return " ".join(fingerprint[n : n + 4] for n in range(0, 32, 4))
