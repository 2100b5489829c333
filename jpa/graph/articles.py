"""The table of national articles: entries are appended and withdrawn, never changed, so that an old figure can be explained."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import stamp
from jpa.graph.session import Tx
from jpa.model.article import Article, Confidence

ADD: Final[Query] = upkeep("CREATE (a:Article) SET a = $properties")

WITHDRAW: Final[Query] = upkeep("""
MATCH (a:Article {id: $id, state: $state}) WHERE a.withdrawn IS NULL SET a.withdrawn = $at, a.withdrawn_by = $by RETURN a.id AS id
""")

# No personal data and no case: what law a state has is open to everyone who logs in.
ALL: Final[Query] = query("""
MATCH (a:Article) WHERE a.withdrawn IS NULL AND ($state = '' OR a.state = $state)
RETURN properties(a) AS article ORDER BY a.state, a.article, a.valid_from, a.id
""")


def add_tx(tx: Tx, article: Article, *, by: str, at: datetime) -> None:
    """Append an entry."""
    properties = {
        "id": article.id,
        "state": article.state,
        "article": article.article,
        "offence": article.offence,
        "valid_from": article.valid_from,
        "valid_to": article.valid_to,
        "confidence": article.confidence.value,
        "source": article.source,
        "by": by,
        "at": stamp(at),
    }
    tx.run(ADD, properties=properties)


def withdraw_tx(tx: Tx, article: str, *, state: str, by: str, at: datetime) -> bool:
    """Withdraw an entry of a state's table; False when there is none that stands."""
    return tx.run(WITHDRAW, id=article, state=state, by=by, at=stamp(at)).single() is not None


def articles_tx(tx: Tx, state: str = "") -> list[Article]:
    """List the entries that stand, of one state or of all."""
    return [_article_of(row["article"]) for row in tx.run(ALL, state=state)]


def _article_of(node: Mapping[str, Any]) -> Article:
    return Article(
        id=node["id"],
        state=node["state"],
        article=node["article"],
        offence=node["offence"],
        valid_from=node["valid_from"],
        valid_to=node["valid_to"],
        confidence=Confidence(node["confidence"]),
        source=node["source"],
    )
