"""`jpa package`: the commands of three modules in one group."""

from jpa.cli import recalls, viewing
from jpa.cli.packages import package

__all__ = ["package"]

for _command in (
    viewing.view,
    viewing.proposals,
    recalls.recall,
    recalls.correct,
    recalls.notice,
    recalls.sign_proposals,
):
    package.add_command(_command)
