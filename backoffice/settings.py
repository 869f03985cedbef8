"""What may differ between one installation and another?"""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MEBIBYTE = 1024 * 1024


class Settings(BaseSettings):
    """One installation, read from `GIJO_…` environment variables."""

    model_config = SettingsConfigDict(env_prefix="GIJO_", frozen=True)

    data_dir: Path = Path("data")
    database_url: str = ""
    """Empty: SQLite in `data_dir`. `postgresql+psycopg://…` for several workers."""
    master_key_file: Path | None = None
    """Wraps all other keys. Empty: `keys/master.key` in `data_dir`; keep it elsewhere in production."""
    audit_heads_dir: Path | None = None
    """Where the audit chain's daily head is written; a write-once share in production."""
    host: str = "127.0.0.1"
    port: int = 8600
    demonstration: bool = False
    """Invented people, known passwords, `/patterns`: never in production."""
    session_idle_minutes: int = 30
    session_absolute_hours: int = 12
    upload_limit_bytes: int = 20 * MEBIBYTE
    worker_id: str = "worker-1"
    """One process an id: a restarted worker takes up what the same id held."""
    retention_days_jobs: int = 90
    retention_years_audit: int = Field(default=5, ge=1)
    """Full years after the end of a fiscal year before its part of the trail may be dropped, by a person."""
    chromium: Path | None = None
    log_level: str = "INFO"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'gijo.db'}"

    @property
    def master_key_path(self) -> Path:
        return self.master_key_file or self.data_dir / "keys" / "master.key"

    @property
    def audit_heads_path(self) -> Path:
        return self.audit_heads_dir or self.data_dir / "audit-heads"

    @property
    def blobs_path(self) -> Path:
        return self.data_dir / "blobs"

    @property
    def pause_path(self) -> Path:
        """Present after a restore: nights and sending stay shut until a person opens them."""
        return self.data_dir / "paused"
