"""Settings: the only reader of the environment.

Everything that one installation keeps lives in one folder, `JPA_HOME`.
"""

from pathlib import Path
from typing import Final

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from jpa.errors import SetupError

PROJECT: Final = Path(__file__).resolve().parent.parent
"""The checkout (or site-packages) that holds the package `jpa`."""


class Settings(BaseSettings):
    """One installation's settings, read once from variables that start with `JPA_`."""

    model_config = SettingsConfigDict(env_prefix="JPA_", frozen=True, extra="ignore")

    home: Path = Field(default=Path("home"), description="Folder that keeps everything of this installation")
    host: str = Field(default="127.0.0.1", description="Address the web server listens on")
    port: int = Field(default=8000, ge=0, le=65535, description="Port the web server listens on; 0 picks one")
    neo4j_uri: str | None = Field(
        default=None, description="Address of a Neo4j that runs elsewhere; unset: jpa runs its own"
    )
    neo4j_user: str = Field(default="neo4j", description="User at that Neo4j")
    neo4j_password: SecretStr | None = Field(default=None, description="Password at that Neo4j")
    neo4j_heap: str = Field(default="1g", description="Heap of the embedded Neo4j, as Java writes it")
    neo4j_pagecache: str = Field(default="512m", description="Page cache of the embedded Neo4j")
    neo4j_java: str = Field(default="", description="More options for the embedded Neo4j's Java, parted by spaces")
    neo4j_conf: str = Field(
        default="", description="More settings of the embedded Neo4j, each name=value, parted by spaces"
    )
    operations_url: str | None = Field(
        default=None, description="SQLAlchemy URL of the operations store; unset: SQLite in the home folder"
    )
    worker: str = Field(default="worker", description="Name of this worker; workers that share one store need one each")
    nightly: str = Field(default="0 0 2 * * *", description="When ordered work runs, as cron with seconds, in UTC")
    https: bool = Field(default=False, description="Served behind TLS: cookies are Secure and named __Host-")
    ratelimit: bool = Field(
        default=True,
        description="Refuse more requests a minute than people and honest programs make; each server process counts its own",
    )
    blind_step: float = Field(
        default=2.0,
        gt=0,
        le=60,
        description="Seconds of the time step on which blind questions are answered; longer than answering takes, or its length tells",
    )
    post_port: int | None = Field(
        default=None, ge=1, le=65535, description="Port where partners' installations bring post; unset: nobody listens"
    )
    post_host: str | None = Field(default=None, description="Address that listener binds; unset: as the web server's")
    post_address: str | None = Field(
        default=None,
        description="Where partners reach that listener, https://host:port; unset: its own address and port",
    )
    demo: bool = Field(default=False, description="Fictional region: log-ins are printed, TOTP is not asked")
    jar_cache: Path | None = Field(
        default=None, description="Folder where the Neo4j jars are kept between installations"
    )

    @property
    def jar_folder(self) -> Path:
        """Where the Neo4j jars are kept between installations."""
        return self.jar_cache or Path("~/.m2/repository").expanduser()

    @property
    def neo4j_home(self) -> Path:
        """Folder of the embedded Neo4j server."""
        return self.home / "neo4j"

    @property
    def secrets_dir(self) -> Path:
        """Folder of keys and passwords, readable by the owner only."""
        return self.home / "secrets"

    @property
    def evidence_dir(self) -> Path:
        """Folder of evidence files, encrypted, addressed by content hash."""
        return self.home / "evidence"

    @property
    def releases_dir(self) -> Path:
        """Folder of what releases were made from, encrypted, addressed by content hash."""
        return self.home / "releases"

    @property
    def work_dir(self) -> Path:
        """Folder where packages are opened; nothing stays in it."""
        return self.home / "work"

    @property
    def post_dir(self) -> Path:
        """Folder of what is coming in from partners, closed; what is lost of it is sent again."""
        return self.home / "post"

    @property
    def post_place(self) -> str:
        """Address that is handed to partners; empty where nobody listens."""
        if self.post_address is not None:
            return self.post_address
        return "" if self.post_port is None else f"https://{self.post_host or self.host}:{self.post_port}"

    @property
    def operations_address(self) -> str:
        """SQLAlchemy URL of the operations store in force."""
        if self.operations_url is not None:
            return self.operations_url
        return f"sqlite:///{(self.home / 'operations.sqlite').resolve()}"

    @property
    def jobs_address(self) -> str:
        """SQLAlchemy URL where durable workflows keep their steps: a file of its own beside SQLite, the same PostgreSQL else."""
        if self.operations_url is not None and not self.operations_url.startswith("sqlite"):
            return self.operations_url
        return f"sqlite:///{(self.home / 'jobs.sqlite').resolve()}"


def load_settings(**overrides: object) -> Settings:
    """Read the environment once; `overrides` are what a command line said. SetupError names each variable that cannot be taken."""
    try:
        settings = Settings(**{k: v for k, v in overrides.items() if v is not None})  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        wrong = [f"JPA_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}." for e in error.errors(include_input=False)]
        raise SetupError("\n  ".join(["The environment cannot be taken.", *wrong])) from error
    return settings.model_copy(update={"home": settings.home.expanduser().resolve()})
