"""The queue says what the last comparison went through and lists pairs; the comparison explains one of them."""

from jpa.model.officer import Role
from jpa.services import cases, reports, resolution
from jpa.services.cases import NewCase
from jpa.services.stores import Ask, Stores
from jpa.web.resolution import counted
from tests.integration.access.test_hidden import person, report
from tests.web.conftest import Login


def test_the_queue_sums_up_the_last_comparison_and_each_pair_opens_with_its_evidence(
    stores: Stores, wulan: Ask, login: Login
) -> None:
    case = cases.open_case(stores, wulan, NewCase("T-1", "Shared", open_in_agency=True)).id
    reports.add_report(stores, wulan, report(case, person("1", "Rahim Uddin"), person("2", "Rohim Uddin")))
    resolution.run_resolution(stores, wulan, "a" * 32)
    client = login(Role.ANALYST)
    proposal = resolution.list_proposals(stores, wulan)[0][0].proposal

    queue = client.get("/same/")
    pair = client.get(f"/same/{proposal.left}/{proposal.right}")

    assert "2 records, 1 pairs, 1 proposals" in queue.text
    assert "too large" not in queue.text
    assert f"/same/{proposal.left}/{proposal.right}" in queue.text
    assert "bits add up to" in pair.text


def test_a_count_that_ended_early_says_so() -> None:
    assert (counted(999), counted(1000), counted(1049, 50), counted(1050, 50)) == ("999", "1,000+", "1,049", "1,050+")
