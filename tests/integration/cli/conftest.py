"""Commands over the installation of the run."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from jpa.cli import analysis, figures, files, officers, refusal
from jpa.errors import JpaError
from jpa.services.installation import Installation
from jpa.services.stores import Stores
from tests.web.conftest import empty_accounts


@pytest.fixture
def here(installation: Installation, stores: Stores, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """Open the installation of the run, and not one of its own, for each command."""

    @contextmanager
    def opened() -> Iterator[Installation]:
        try:
            yield installation
        except JpaError as error:
            raise refusal(error) from error

    assert stores is installation.stores
    empty_accounts(installation)
    for module in (officers, analysis, files, figures):
        monkeypatch.setattr(module, "Opened", opened)
    return installation
