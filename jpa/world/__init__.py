"""The fictional region: a seeded generator with the truth beside it."""
