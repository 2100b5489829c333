"""The second signature under the coded summary of a draft."""

from jpa.graph import packages
from jpa.graph.agencies import readership_tx
from jpa.graph.session import Tx
from jpa.model.access import Action
from jpa.model.audit import AuditTag
from jpa.model.package import Done, Package, PackageAct
from jpa.services import account
from jpa.services.installation import Installation
from jpa.services.package_facts import Bench, require_unchanged
from jpa.services.package_summary import keep_counted, require_signable
from jpa.services.packages import again_tx, opened_of, working
from jpa.services.stores import Ask, found, require
from jpa.sharing.manifest import read_manifest


def sign_summary(here: Installation, ask: Ask, this: str, password: str, code: str) -> Package:
    """Sign the coded summary of a draft as the second officer, who proves anew who they are; without it the draft is not released."""
    stores = here.stores
    with stores.audit.act(
        AuditTag.SUMMARY_SIGNED, ask.officer, object=this, at=ask.at
    ) as act, working(stores) as draft, working(stores) as anew:  # fmt: skip
        require(ask, Action.SIGN_SUMMARY)

        def check(tx: Tx) -> Package:
            package = found(packages.package_tx(tx, readership_tx(tx, ask.officer, ask.at), this))
            require_signable(package, ask.officer.id)
            return package

        package = stores.graph.read(act.intent, check)
        account.step_up(here, ask, password, code)
        opened = opened_of(stores, package, draft)
        made, _ = stores.graph.read(act.intent, lambda tx: again_tx(tx, stores, ask, package, Bench(anew)))
        require_unchanged(opened.manifest, read_manifest(made.manifest))
        file = keep_counted(stores, package.id, made.counted)
        act.details |= {
            "partner": package.partner,
            "manifest": package.manifest,
            "lines": int(found(opened.manifest.counts.summary)),
        }

        def save(tx: Tx) -> Package:
            packages.act_tx(
                tx, check(tx), Done(PackageAct.SUMMARY_SIGNED, ask.officer.id, ask.officer.name, ask.at, file)
            )
            return found(packages.package_tx(tx, readership_tx(tx, ask.officer, ask.at), this))

        return stores.graph.write(act.intent, save)
