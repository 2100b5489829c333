"""Who might be the same: normalisation, keys, comparators and scores; pure."""
