"""What may differ between one installation and another?"""

import re
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, FilePath, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MEBIBYTE = 1024 * 1024


def is_loopback(address: str) -> bool:
    """Say whether an address lies on this very machine, where plain http is heard by nobody else."""
    return urlsplit(address).hostname in {"127.0.0.1", "localhost", "::1"}


def is_origin(address: str) -> bool:
    """Say whether an address is a scheme and a host, perhaps a port, and nothing more: what browsers call an origin."""
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        return False
    alone = parts.path in {"", "/"} and not (parts.query or parts.fragment or parts.username or parts.password)
    return alone and port != 0 and parts.scheme in {"http", "https"} and bool(parts.hostname)


NAME = r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)"
HOST = re.compile(rf"{NAME}(\.{NAME})*|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
DOMAIN = re.compile(rf"{NAME}(\.{NAME})+")
MAIL = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{NAME}(\.{NAME})+")
"""What an envelope can bear without SMTPUTF8, and a header without a name before it."""
TELEPHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,}[^<>{}\r\n]{0,20}")


def is_web_address(address: str) -> bool:
    """Say whether a browser can go to an address, in safety."""
    try:
        parts = urlsplit(address)
        named = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return named and parts.username is None and not re.search(r"\s", address)


CLOSED_NETWORKS = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))


def is_in_closed_network(address: str) -> bool:
    """Say whether an address is plain http to an IP of a closed network (RFC 1918, RFC 4193) or of this machine."""
    try:
        parts = urlsplit(address)
        host = ip_address(parts.hostname or "")
        named = parts.scheme == "http" and parts.port != 0
    except ValueError:
        return False
    closed = host.is_loopback or any(host in network for network in CLOSED_NETWORKS)
    return named and closed and parts.username is None and not re.search(r"\s", address)


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
    public_address: str = ""
    """How browsers reach the office (`https://gijo.city.example`): security keys and the identity provider need it."""
    oidc_issuer: str = ""
    """The city's own identity provider (OpenID Connect). Set: staff sign in there, not with passwords kept here."""
    oidc_client_id: str = ""
    oidc_client_secret_file: FilePath | None = None
    oidc_account_claim: str = "preferred_username"
    """Which claim of the id token holds the 職員ID."""
    oidc_required_acr: str = ""
    oidc_required_amr: str = ""
    """What the provider must have asserted for its own second factor to count; both empty: ours is asked as well."""
    oidc_ca_file: FilePath | None = None
    """The city's own certificate authority, where the machine does not know it."""
    smtp_host: str = ""
    """The city's mail server. Empty: no mail is sent."""
    smtp_port: int = Field(default=0, ge=0, le=65535)
    """0: the usual one of `smtp_security` (25, 587, 465)."""
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"
    smtp_user: str = ""
    smtp_password_file: Path | None = None
    smtp_from: str = ""
    smtp_ca_file: Path | None = None
    """The city's own certificate authority, where the machine does not know it."""
    smtp_timeout_seconds: float = Field(default=15.0, gt=0)
    smtp_content_timeout_seconds: float = Field(default=120.0, gt=0)
    """How long a server that has a whole notice in its hands is waited for; after that nobody knows whether it went."""
    smtp_connections: int = Field(default=16, ge=1, le=50)
    """How many connections notices leave by, each sending process."""
    sending_lanes: int = Field(default=1, ge=1, le=20)
    """How many workers send one run at the same time; more than one wants PostgreSQL."""
    dkim_domain: str = ""
    """Notices are signed in this domain's name (RFC 6376). Empty: not signed here; the city's relay may sign."""
    dkim_selector: str = ""
    dkim_key_file: FilePath | None = None
    """RSA (2048 bits or more) or Ed25519, PEM."""
    line_endpoint: str = "https://api.line.me"
    line_token_file: FilePath | None = None
    """The channel access token. Empty: nothing goes by LINE."""
    line_channel_secret_file: FilePath | None = None
    """By which LINE signs what it tells. Empty: nothing is heard of LINE."""
    line_calls_a_second: float = Field(default=5.0, gt=0)
    line_timeout_seconds: float = Field(default=30.0, gt=0)
    bounce_maildir: Path | None = None
    """The folder (Maildir) into which the mail server puts what came back. Empty: nothing is read."""
    bounce_soft_most: int = Field(default=3, ge=1)
    """So many messages that could not be delivered for the time being, within `bounce_soft_days`, close an address."""
    bounce_soft_days: int = Field(default=30, ge=1)
    imap_host: str = ""
    """The mail server whose mailbox is emptied. Empty: no mail is taken in."""
    imap_port: int = Field(default=0, ge=0, le=65535)
    """0: the usual one of `imap_security` (143, 143, 993)."""
    imap_security: Literal["none", "starttls", "tls"] = "tls"
    imap_user: str = ""
    imap_password_file: Path | None = None
    imap_folder: str = "INBOX"
    imap_done_folder: str = "Gijo"
    """Where a letter lies once it was taken in; made if it is not there."""
    imap_ca_file: Path | None = None
    """The city's own certificate authority, where the machine does not know it."""
    imap_timeout_seconds: float = Field(default=20.0, gt=0)
    mail_in_department: str = ""
    """Code or name of the office that sorts what came to no department's own address."""
    mail_in_domains: str = "city.fukuoka.lg.jp"
    """Whither letters may be passed on, parted by commas; what lies under a domain counts as it."""
    mail_in_limit_bytes: int = Field(default=40 * MEBIBYTE, ge=1)
    """What one letter may weigh; of a larger one only its heading is fetched."""
    mail_in_days: int = Field(default=90, ge=1)
    """So long the content of a letter is kept after it came, once all is done with it."""
    scan_dir: Path | None = None
    """Where scanners put files, in one folder a department. Empty: sheets come by upload only."""
    stop_feed_dir: Path | None = None
    """Where the register's system puts the feed of deaths, moves and protection. Empty: by command alone."""
    stop_feed_hours: int = Field(default=26, ge=1)
    """So old may the feed be; nothing is sent on an older one."""
    take_up_days: int = Field(default=180, ge=1)
    """A grant so many days after a notice counts as taken up upon it."""
    gateway_port: int = 8601
    """Of `gijo gateway`: where other systems' machines call. Another process than the pages', on loopback too."""
    gateway_address: str = ""
    """How machines reach the gateway (`https://gateway.city.example`): their assertions name it. Empty: loopback."""
    gateway_certificates: bool = False
    """Whether the proxy before the gateway asks machines for certificates and says in `Client-Cert` which one came."""
    gateway_calls_a_minute: int = Field(default=6000, ge=1)
    """How many calls one client may make, in each gateway process."""
    portal_address: str = "https://www.city.fukuoka.lg.jp/support/"
    """Where residents sign in (ふくおかサポート): notices lead there."""
    notice_telephone: str = "092-711-4111"
    """Whom residents call about notices: it stands in every notice, and on the page behind the link in a mail."""
    notice_yen_mail: float | None = Field(default=None, ge=0)
    """What one mail costs the city; None: nobody has said."""
    notice_yen_line: float | None = Field(default=0, ge=0)
    """What one LINE message costs: the city's account sends for nothing."""
    notice_domains: str = "city.fukuoka.lg.jp"
    """Whither links in notices may lead, parted by commas; what lies under a domain counts as it."""
    demonstration: bool = False
    """Invented people, known passwords, `/patterns`: never in production."""
    public_api: bool = False
    """Whether anyone who reaches the pages may read the public part of programs, `/api/public`, without signing in."""
    night_report_hour: int = Field(default=7, ge=0, le=23)
    """From this hour on (Asia/Tokyo) the morning's report of the nights is made and mailed."""
    night_stall_minutes: int = Field(default=15, ge=2)
    """A night that has moved no item for so long alarms those on duty."""
    alarm_webhook: str = ""
    """The one address to which alarms of nights are posted as JSON, beside the mail. Empty: to none."""
    session_idle_minutes: int = 30
    session_absolute_hours: int = 12
    upload_limit_bytes: int = 20 * MEBIBYTE
    scan_limit_bytes: int = 140 * MEBIBYTE
    """Of a PDF or TIFF of many pages."""
    evidence_days: int = Field(default=400, ge=1)
    """So long a night's pictures are kept: a year's work can be looked at until the next year's is done."""
    print_dir: Path | None = None
    """Under it lies a folder for each printer's queue, into which bots put PDFs. None: nothing is printed."""
    rehearsal_days: int = Field(default=30, ge=1)
    """So long what a rehearsal of a bot showed is kept, its pictures among it; and what bots propose, after the last
    time."""
    worker_id: str = "worker-1"
    """One process an id: a restarted worker takes up what the same id held."""
    retention_days_jobs: int = 90
    retention_years_audit: int = Field(default=5, ge=1)
    """Full years after the end of a fiscal year before its part of the trail may be dropped, by a person."""
    chromium: Path | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"

    @model_validator(mode="after")
    def _public_address_is_safe(self) -> Self:
        """Browsers use keys, and the identity provider sends people back, over https only."""
        if self.public_address and not (self.public_address.startswith("https://") or is_loopback(self.public_address)):
            raise ValueError("GIJO_PUBLIC_ADDRESS は https:// で始まる住所にしてください。")
        return self

    @model_validator(mode="after")
    def _gateway_address_is_safe(self) -> Self:
        """Tokens travel over https only, and an assertion names this address letter by letter."""
        address = self.gateway_address
        if address and not (is_origin(address) and (address.startswith("https://") or is_loopback(address))):
            raise ValueError("GIJO_GATEWAY_ADDRESS は https:// で始まり、道を持たない住所にしてください。")
        return self

    @model_validator(mode="after")
    def _portal_is_safe(self) -> Self:
        if not is_web_address(self.portal_address):
            raise ValueError("GIJO_PORTAL_ADDRESS は https:// で始まる住所にしてください。")
        return self

    @model_validator(mode="after")
    def _identity_provider_is_whole(self) -> Self:
        if not self.oidc_issuer:
            return self
        if not (self.public_address and self.oidc_client_id):
            raise ValueError("GIJO_OIDC_ISSUER には GIJO_PUBLIC_ADDRESS と GIJO_OIDC_CLIENT_ID も要ります。")
        if not self.oidc_issuer.startswith("https://") and not is_loopback(self.oidc_issuer):
            raise ValueError("GIJO_OIDC_ISSUER は https:// で始まる住所にしてください。")
        return self

    @model_validator(mode="after")
    def _names_are_names(self) -> Self:
        """What is no address would be found out by the first mail of thousands."""
        if self.smtp_from and not MAIL.fullmatch(self.smtp_from):
            raise ValueError("GIJO_SMTP_FROM は、メールアドレス1つだけ(例 gijo@city.example.jp)にしてください。")
        if self.smtp_host and not HOST.fullmatch(self.smtp_host):
            raise ValueError("GIJO_SMTP_HOST は、サーバーの名前だけ(例 relay.city.example.jp)にしてください。")
        if self.dkim_domain and not DOMAIN.fullmatch(self.dkim_domain):
            raise ValueError("GIJO_DKIM_DOMAIN は、ドメインの名前だけ(例 city.example.jp)にしてください。")
        if self.notice_domains and not all(DOMAIN.fullmatch(each.strip()) for each in self.notice_domains.split(",")):
            raise ValueError(
                "GIJO_NOTICE_DOMAINS は、ドメインの名前をカンマで区切って(https:// なしで)書いてください。"
            )
        if not TELEPHONE.fullmatch(self.notice_telephone):
            raise ValueError("GIJO_NOTICE_TELEPHONE は、電話番号(例 092-711-4111)にしてください。")
        return self

    @model_validator(mode="after")
    def _mail_server_is_whole(self) -> Self:
        if not self.smtp_host:
            return self
        if not (self.smtp_from and self.public_address):
            raise ValueError("GIJO_SMTP_HOST には GIJO_SMTP_FROM と GIJO_PUBLIC_ADDRESS も要ります。")
        if bool(self.smtp_user) != bool(self.smtp_password_file):
            raise ValueError("GIJO_SMTP_USER と GIJO_SMTP_PASSWORD_FILE は、両方か、どちらもなしにしてください。")
        if self.smtp_user and self.smtp_security == "none" and not is_loopback(f"//{self.smtp_host}"):
            raise ValueError("GIJO_SMTP_SECURITY=none のままでは、パスワードが読める形で流れます。")
        return self

    @model_validator(mode="after")
    def _mailbox_is_whole(self) -> Self:
        if not all(DOMAIN.fullmatch(each.strip()) for each in self.mail_in_domains.split(",")):
            raise ValueError("GIJO_MAIL_IN_DOMAINS は、ドメインの名前をカンマで区切って書いてください。")
        if not self.imap_host:
            return self
        if not HOST.fullmatch(self.imap_host):
            raise ValueError("GIJO_IMAP_HOST は、サーバーの名前だけ(例 mail.city.example.jp)にしてください。")
        if not (self.imap_user and self.imap_password_file and self.mail_in_department):
            raise ValueError(
                "GIJO_IMAP_HOST には GIJO_IMAP_USER、GIJO_IMAP_PASSWORD_FILE、GIJO_MAIL_IN_DEPARTMENT も要ります。"
            )
        if self.imap_security == "none" and not is_loopback(f"//{self.imap_host}"):
            raise ValueError("GIJO_IMAP_SECURITY=none は、この機械の中(127.0.0.1)だけで使えます。")
        if self.imap_folder == self.imap_done_folder:
            raise ValueError("GIJO_IMAP_FOLDER と GIJO_IMAP_DONE_FOLDER は、別のフォルダーにしてください。")
        return self

    @model_validator(mode="after")
    def _signing_is_whole(self) -> Self:
        named = (bool(self.dkim_domain), bool(self.dkim_selector), self.dkim_key_file is not None)
        if any(named) and not all(named):
            raise ValueError("GIJO_DKIM_DOMAIN、GIJO_DKIM_SELECTOR、GIJO_DKIM_KEY_FILE は、そろえるか、どれもなしに。")
        return self

    @model_validator(mode="after")
    def _line_is_safe(self) -> Self:
        """The token opens the city's whole account: it travels over https only."""
        address = self.line_endpoint
        if not (is_origin(address) and (address.startswith("https://") or is_loopback(address))):
            raise ValueError("GIJO_LINE_ENDPOINT は https:// で始まり、道を持たない住所にしてください。")
        return self

    @model_validator(mode="after")
    def _alarms_stay_at_home(self) -> Self:
        """An alarm goes over https, or in the clear to an address of the closed network."""
        address = self.alarm_webhook
        if address and not (is_web_address(address) or is_in_closed_network(address)):
            raise ValueError("GIJO_ALARM_WEBHOOK は https:// の住所か、閉域網のIPの http:// の住所にしてください。")
        return self

    @property
    def public_api_open(self) -> bool:
        """A demonstration shows it; a real city decides to."""
        return self.public_api or self.demonstration

    @property
    def smtp_port_or_usual(self) -> int:
        return self.smtp_port or {"none": 25, "starttls": 587, "tls": 465}[self.smtp_security]

    @property
    def smtp_password(self) -> str:
        """Read where it is used and kept nowhere else."""
        return self.smtp_password_file.read_text("utf-8").strip() if self.smtp_password_file else ""

    @property
    def imap_port_or_usual(self) -> int:
        return self.imap_port or {"none": 143, "starttls": 143, "tls": 993}[self.imap_security]

    @property
    def imap_password(self) -> str:
        """Read where it is used and kept nowhere else."""
        return self.imap_password_file.read_text("utf-8").strip() if self.imap_password_file else ""

    @property
    def line_channel_secret(self) -> str:
        """Read where it is used and kept nowhere else."""
        return self.line_channel_secret_file.read_text("utf-8").strip() if self.line_channel_secret_file else ""

    @property
    def gateway_issuer(self) -> str:
        """Who gives the gateway's tokens: the audience that machines name."""
        return self.gateway_address.rstrip("/") or f"http://127.0.0.1:{self.gateway_port}"

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
