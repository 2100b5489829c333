"""The small region in the real stores: all of it is there, duplicates cross borders, a planted network is found."""

import json

from jpa.graph.cypher import upkeep
from jpa.model.ids import new_id
from jpa.model.release import SIGNATURES, ReleaseState
from jpa.networks.detect import Parameters
from jpa.services import networks, releases, request_figures, resolution, returns
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from jpa.world.load import load_world
from jpa.world.truth import truth_json
from tests.conftest import NOW
from tests.web.conftest import empty_accounts

COUNTS = upkeep("""
MATCH (r:Record) WITH count(r) AS records
MATCH (p:Report) WITH records, count(p) AS reports
MATCH (c:Case) WITH records, reports, count(c) AS cases
MATCH (:Record)-[l]->(:Record) WHERE l.report IS NOT NULL RETURN records, reports, cases, count(l) AS links
""")
PROPOSED = upkeep("""
MATCH (p:Proposal) MATCH (a:Record {id: p.left}) MATCH (b:Record {id: p.right})
RETURN a.source_key AS left, b.source_key AS right, a.agency <> b.agency AS across
""")
MEMBERS = upkeep("MATCH (c:Candidate)-[:MEMBER]->(r:Record) RETURN c.id AS id, collect(r.source_key) AS members")
LEAKS = upkeep(
    "MATCH (n) WHERE any(k IN keys(n) WHERE any(v IN [] + n[k] WHERE toString(v) CONTAINS $name)) RETURN count(n) AS n"
)


def test_the_small_region_loads_whole_and_shows_duplicates_across_borders_and_a_planted_network(
    installation: Installation, stores: Stores
) -> None:
    empty_accounts(installation)

    world, logins = load_world(installation, "small", 3, NOW, lambda: "anchor-basket-candle-12345678")
    account = installation.accounts.find("analyst.tip")
    assert account is not None
    ask = Ask(account.officer, NOW)
    resolution.run_resolution(stores, ask, new_id(NOW))
    networks.run_detection(stores, ask, new_id(NOW), Parameters())

    counts, proposed, candidates, leaks = stores.graph.upkeep(
        lambda tx: (
            tx.run(COUNTS).single(strict=True).data(),
            [row.data() for row in tx.run(PROPOSED)],
            [row.data() for row in tx.run(MEMBERS)],
            tx.run(LEAKS, name="Rahmatoon").single(strict=True)["n"],
        )
    )
    truth = json.loads(truth_json(world))
    thing_of = {key: thing for thing, keys in truth["things"].items() for key in keys}
    across = [row for row in proposed if row["across"] and thing_of[row["left"]] == thing_of[row["right"]]]
    found = [{thing_of[key] for key in row["members"]} for row in candidates]

    assert counts == {name: number for name, number in world.counts.items() if name != "people"}
    assert {login.split(".")[1] for login, _, _ in logins} == {"tip", "ucg", "sfi"}
    assert len(across) > 0
    assert any(len(set(planted["members"]) & group) >= 3 for planted in truth["networks"] for group in found)
    assert leaks == 0
    supervisor = installation.accounts.find("supervisor.tip")
    assert supervisor is not None
    waiting = {
        (r.jpa.number, r.this.agency, r.state.value) for r in returns.list_returns(stores, Ask(supervisor.officer, NOW))
    }
    assert waiting == {(n, a, s) for n in (3, 4) for a, s in (("ucg", "accepted"), ("sfi", "received"))}
    desk = request_figures.list_waiting(stores, Ask(supervisor.officer, NOW))
    assert (desk.new, desk.owed, desk.overdue, desk.late, desk.answers) == (1, 1, 1, 1, 3)
    made = {
        (r.definition.measure, r.state, len(r.signatures))
        for r in releases.list_releases(stores, Ask(supervisor.officer, NOW))
    }
    assert made == {
        ("persons_arrested", ReleaseState.SIGNED, SIGNATURES), ("persons_convicted", ReleaseState.DRAFT, SIGNATURES - 1)
    }  # fmt: skip
