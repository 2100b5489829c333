"""The command line; upkeep belongs to the owner of the folder and is audited as such."""

import click

from jpa.cli import (
    analysis,
    blind,
    figures,
    files,
    keeping,
    officers,
    packages,
    post,
    recalls,
    returns,
    running,
    schema,
    upkeep,
    viewing,
)


@click.group()
@click.version_option(package_name="jpa")
def main() -> None:
    """Run, feed and look after one installation of jpa.

    JPA_HOME chooses the folder that keeps everything (default: ./home), JPA_PORT where the page listens.
    """


for _command in (
    running.run,
    running.serve,
    running.work,
    running.migrate,
    running.world,
    files.import_file,
    files.export_file,
    analysis.resolve,
    analysis.detect,
    figures.figures,
    returns.returns,
    blind.blind,
    packages.package,
    post.post,
    keeping.backup,
    keeping.restore,
    keeping.compact,
    keeping.health,
    upkeep.audit,
    officers.officer,
    schema.schema,
):
    main.add_command(_command)
for _command in (
    viewing.view,
    viewing.proposals,
    recalls.recall,
    recalls.correct,
    recalls.notice,
    recalls.sign_proposals,
):
    packages.package.add_command(_command)
