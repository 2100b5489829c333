"""`jpa officer` over the real stores: each command does what the page does, audited as the owner."""

import re

import pytest
from click.testing import CliRunner, Result

from jpa.cli import main
from jpa.errors import AuthenticationError
from jpa.model.audit import AuditTag, Outcome
from jpa.operations.audit import OWNER
from jpa.services.installation import Installation
from tests.conftest import NOW


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["officer", *arguments])


def created(login: str, role: str = "contribute") -> str:
    made = run("create", login, "--name", "Insp. Dewi", "--agency", "tip", "--role", role)
    assert made.exit_code == 0, made.output
    return str(re.findall(r"  (\S{23})\n", made.output)[0])


def test_an_officer_is_created_listed_disabled_enabled_and_reset(here: Installation) -> None:
    first = created("dewi.tip")

    listed = run("list", "--agency", "tip")
    entered = here.accounts.authenticate("dewi.tip", first, "", NOW)
    disabled = run("disable", "dewi.tip", "--yes")
    with pytest.raises(AuthenticationError):
        here.accounts.authenticate("dewi.tip", first, "", NOW)
    enabled = run("enable", "dewi.tip")
    reset = run("reset", "dewi.tip", "--factor")
    released = run("release", "dewi.tip")

    assert entered.must_change
    assert "dewi.tip" in listed.output
    assert {r.exit_code for r in (listed, disabled, enabled, reset, released)} == {0}
    second = re.findall(r"  (\S{23})\n", reset.output)[0]
    assert here.accounts.authenticate("dewi.tip", second, "", NOW).id == entered.id
    tags = {e.tag for e in here.stores.audit.events(actor=OWNER, object=entered.id)}
    assert tags == {
        AuditTag.OFFICER_DISABLED, AuditTag.OFFICER_ENABLED, AuditTag.PASSWORD_RESET, AuditTag.FACTOR_RESET, AuditTag.OFFICER_RELEASED,
    }  # fmt: skip


@pytest.mark.usefixtures("here")
def test_a_refusal_names_the_field_or_the_rule() -> None:
    created("lim.tip", "administrator")

    nowhere = run("create", "new.tip", "--name", "New", "--agency", "nowhere", "--role", "read")
    last = run("disable", "lim.tip", "--yes")
    unknown = run("enable", "nobody")

    assert {r.exit_code for r in (nowhere, last, unknown)} == {1}
    assert "agency: Choose one of the agencies." in nowhere.output
    assert "last active administrator" in last.output
    assert "There is no log-in nobody." in unknown.output


@pytest.mark.parametrize("command", ["list", "create", "disable", "enable", "reset", "release"])
def test_each_command_shows_an_example(command: str) -> None:
    shown = run(command, "--help")

    assert f"Example: jpa officer {command}" in shown.output


def test_a_wrong_password_at_the_prompt_stands_in_the_log(here: Installation) -> None:
    created("dewi.tip", "lead")
    before = here.stores.audit.standing().events

    refused = CliRunner().invoke(main, ["resolve", "--officer", "dewi.tip"], input="wrong\n")
    (event,) = [e for e in here.stores.audit.events(tag=AuditTag.LOGIN_FAILED.value) if e.sequence > before]

    assert refused.exit_code == 1
    assert "The log-in did not succeed" in refused.output
    assert event.outcome is Outcome.REFUSED
    assert "dewi" not in str(event.details)
