"""The one search box; the words travel in the body, never in an address."""

from flask import Blueprint, render_template, request

from jpa.services import search
from jpa.web.gate import ask, installation

pages = Blueprint("search", __name__)


@pages.post("/search")
def find() -> str:
    """Search everything that the officer may read."""
    words = request.form.get("words", "")
    return render_template("search.html", words=words, found=search.search_all(installation().stores, ask(), words))
