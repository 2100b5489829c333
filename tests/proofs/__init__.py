"""Proofs: randomised checks of one promise each; a seeded sample runs with the tests, the full count under `make prove`."""
