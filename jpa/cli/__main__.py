"""`python -m jpa.cli` is `jpa`."""

from jpa.cli import main

main()
