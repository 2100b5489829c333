"""The pages of candidate networks: what the newest run went over and left out, and who left a candidate since."""

from dataclasses import replace
from datetime import timedelta

from jpa.model.officer import Role
from jpa.services import networks, retractions
from jpa.services.stores import Ask, Stores
from tests.web.conftest import Login
from tests.web.scene import set_scene


def test_the_pages_tell_what_the_run_went_over_and_who_left_since(stores: Stores, wulan: Ask, login: Login) -> None:
    scene = set_scene(stores, wulan)
    file = networks.read_candidate(stores, wulan, scene.candidate)
    gone, *others = file.candidate.members
    client = login(Role.ANALYST)
    before = client.get("/networks/").text

    later = replace(wulan, at=wulan.at + timedelta(minutes=5))
    retractions.retract_record(stores, later, gone.record, "another man")
    listed, shown = client.get("/networks/").text, client.get(f"/networks/{scene.candidate}").text

    assert f"{file.run['people']} people, {file.run['ties']} ties" in before
    assert "no phone, account or place is used by very many" in before
    assert "left since" not in before
    assert "1 left since" in listed
    assert "1 of the members have left since the run" in shown
    assert file.captions[gone.record] not in shown
    assert all(file.captions[m.record] in shown for m in others)
    assert client.get("/networks/?skip=50").status_code == 200
    drawn = client.get(f"/networks/{scene.candidate}/chart/data").json
    assert drawn is not None
    assert {m.record for m in others} <= {t["id"] for t in drawn["things"]}
    assert gone.record not in {t["id"] for t in drawn["things"]}
    assert f'href="/networks/{scene.candidate}"' in client.get(f"/networks/{scene.candidate}/chart").text
    assert (
        f'data-graph="/networks/{scene.candidate}/chart/data"' in client.get(f"/networks/{scene.candidate}/chart").text
    )
