"""The coded summary through the browser's requests: ask with a basis, look at the table, sign second, release, read it at the recipient."""

import io
import re

import pytest

from jpa.model.job import JobKind
from jpa.model.officer import Role
from jpa.services import agencies, reports
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from tests.conftest import EMPTY, NOW
from tests.integration.services.test_package_summary import migrant, victim
from tests.integration.services.test_packages import MONEY, RECIPIENT, agreed, person, pin, report
from tests.web.conftest import PASSWORD, Login, asking, worked
from tests.web.test_packages import TIP, case, commands, post, run

__all__ = ["case", "commands"]


@pytest.fixture
def aboard(stores: Stores, wulan: Ask, case: str) -> str:
    people = [migrant(n) for n in range(1, 4)]
    victims = tuple(victim(n, citizenship="" if n < 11 else "MM") for n in range(23))
    reports.add_report(stores, wulan, report(case, person("0", "Karim Boatman"), *people, victims=victims))
    return case


def table_of(page: str) -> list[tuple[str, ...]]:
    """Return the rows of the summary as the page shows them."""
    found = re.search(r'<table id="t-summary">.*?</table>', page, re.DOTALL)
    rows = [] if found is None else re.findall(r"<tr>(<td.*?)</tr>", found.group())
    return [tuple(re.findall(r"<td[^>]*>(.*?)</td>", row)) for row in rows]


def test_a_summary_is_asked_for_seen_signed_by_another_released_and_read_abroad(
    login: Login, installation: Installation, stores: Stores, aboard: str
) -> None:
    maker = login(Role.LIAISON)
    second = login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    agreement = agreed(stores, asking(installation, "liaison.tip"), asking(installation, "supervisor.tip"))
    new, terms = f"/packages/new/{aboard}", f"sfi~{agreement}~{MONEY}"
    asked = {"terms": terms, "summary": "yes", "summary_basis": "Trafficking Protocol art. 10"}

    status, problems = post(maker, new, do="preview", **asked)
    assert (status, problems.count("Say it, in at most 300 characters.") > 0) == (422, True)
    asked["summary_purpose"] = "planning of shelters"
    _, preview = post(maker, new, do="preview", **asked)
    rows = table_of(preview)
    assert ("victims", "All", "everybody counted", "23") in rows
    assert ("victims", "Citizenship", "unknown", "11") in rows
    assert ("victims", "Citizenship", "Myanmar (Burma)", "12") in rows
    assert all(int(row[3]) >= 11 and row[0] == "victims" for row in rows)
    assert "Secretname" not in preview

    post(maker, new, do="draft", **asked)
    page = f"/packages/{worked(installation, JobKind.PACKAGE).id}"
    kept = maker.get(page).text
    assert (table_of(kept), "You asked for it" in kept) == (rows, True)
    assert post(maker, f"{page}/summary", password=PASSWORD)[0] == 403
    assert post(second, f"{page}/release", password=PASSWORD)[0] == 409
    waits = second.get(page).text
    assert (table_of(waits), "Trafficking Protocol art. 10" in waits, "signed first" in waits) == (rows, True, True)
    assert post(second, f"{page}/summary", password="wrong")[0] == 422
    assert "You signed the coded summary" in post(second, f"{page}/summary", password=PASSWORD)[1]
    post(second, f"{page}/release", password=PASSWORD)
    worked(installation, JobKind.PACKAGE_RELEASE)
    record = second.get(f"{page}/record")
    assert (record.status_code, record.data[:5]) == (200, b"%PDF-")
    closed = maker.get(f"{page}/file").data

    stores.graph.upkeep(lambda tx: tx.run(EMPTY).consume())
    for agency in (RECIPIENT, TIP):
        agencies.save_agency(stores, agency, NOW)
    pin(stores, "sfi", TIP)
    there = login(Role.LIAISON, "sfi", "XC", Role.LEAD)
    _, arrived = post(there, "/packages/receive", file=(io.BytesIO(closed), "p.age"))
    assert table_of(arrived) == rows
    assert "Trafficking Protocol" not in arrived


def test_where_too_few_are_protected_the_page_says_so_and_keeps_nothing(
    login: Login, installation: Installation, stores: Stores, case: str
) -> None:
    maker = login(Role.LIAISON)
    login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    agreement = agreed(stores, asking(installation, "liaison.tip"), asking(installation, "supervisor.tip"))

    status, page = post(
        maker, f"/packages/new/{case}", terms=f"sfi~{agreement}~{MONEY}", summary="yes", summary_basis="art. 10",
        summary_purpose="planning", do="preview",
    )  # fmt: skip

    assert (status, "Nothing of it may leave" in page) == (422, True)
    assert "No package made yet" in maker.get("/packages/").text


@pytest.mark.usefixtures("commands")
def test_the_commands_ask_for_a_summary_and_sign_it(login: Login, installation: Installation, aboard: str) -> None:
    login(Role.LIAISON)
    login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    agreed(installation.stores, asking(installation, "liaison.tip"), asking(installation, "supervisor.tip"))
    order = (
        "--officer",
        "liaison.tip",
        "--to",
        "sfi",
        "--agreement",
        "Memorandum",
        "--purpose",
        MONEY,
        "--case",
        "T-1",
    )

    assert "needs a legal basis and a purpose" in run("build", *order, "--summary-purpose", "planning")[1]
    _, built = run("build", *order, "--summary-basis", "art. 10", "--summary-purpose", "planning")
    this = re.findall(r"Draft ([0-9a-f]{32}):", built)[0]
    sign = ("sign-summary", "--officer", "supervisor.tip", this)
    assert run(*sign, also="n\n")[0] == 1
    code, signed = run(*sign, also=f"y\n{PASSWORD}\n\n")

    assert (code, "victims, All: everybody counted  23" in signed, "Signed." in signed) == (0, True, True), signed
    assert aboard != this
