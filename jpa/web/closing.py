"""The closing report of a joint period as a PDF, every number of which leads to its records."""

from flask import Blueprint, make_response, render_template, url_for
from werkzeug.wrappers import Response

from jpa.interchange.pdf import write_pdf
from jpa.model.access import Action, can
from jpa.services import closing, request_figures
from jpa.statistics.tables import Credit
from jpa.web.gate import ask, installation

pages = Blueprint("closing", __name__, url_prefix="/jpas")


@pages.get("/<jpa>/closing.pdf")
def report(jpa: str) -> Response:
    """Hand out the closing report."""
    stores, asked = installation().stores, ask()
    this = closing.read_closing(stores, asked, jpa)
    between = request_figures.read_of_jpa(stores, asked, jpa) if can(asked.officer, Action.COUNT_REQUEST) else []
    page = render_template(
        "frames/closing.html",
        closing=this,
        requests=between,
        credits=Credit,
        link=records_address,
        asked=requests_address,
    )
    answer = make_response(write_pdf(page))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="closing-report-jpa-{this.frame.jpa.number}.pdf"'
    return answer


def records_address(measure: str, credit: Credit, jpa: str, months: int | None = None) -> str:
    """Return the full address of the records behind one number, now or so many months after the opening; it opens after a log-in, as far as the reader is cleared."""
    return url_for("figures.records", measure=measure, credit=credit.value, jpa=jpa, months=months, _external=True)


def requests_address(measure: str, jpa: str) -> str:
    """Return the full address of the requests behind one number."""
    return url_for("requests.listed", measure=measure, where=f"jpa:{jpa}", _external=True)
