"""Settings, all from the environment, read once. Unsafe ones stop the product before it serves anybody."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PACKAGE = Path(__file__).resolve().parent
SHORTEST_SECRET = 32
MEGABYTE = 1024 * 1024


class UnsafeSettingsError(Exception):
    """One clear line about the setting that must be changed before the product may start."""


def resource(name: str) -> Path:
    """A folder that ships with the product: inside an installed wheel, else beside the package."""
    packed = PACKAGE / "_data" / name
    return packed if packed.is_dir() else PACKAGE.parent / name


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and how strict the house is. ``demo`` shows ready-made sign-ins and is refused in production."""

    secret_key: str
    database_url: str
    files: Path
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    zone: str = "Asia/Shanghai"
    demo: bool = False
    testing: bool = False
    secure_cookies: bool = True
    argon2_time: int = 2
    argon2_memory_kib: int = 19_456

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read ``INCENTIVES_*``.

        Raises:
            UnsafeSettingsError: a setting is missing, malformed or unsafe.
        """
        env = os.environ if environment is None else environment
        secret = env.get("INCENTIVES_SECRET_KEY", "")
        if len(secret) < SHORTEST_SECRET:
            raise UnsafeSettingsError(
                f"INCENTIVES_SECRET_KEY must be at least {SHORTEST_SECRET} characters of your own; "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(48))' makes one."
            )
        hosts = tuple(host.strip() for host in env.get("INCENTIVES_ALLOWED_HOSTS", "").split(",") if host.strip())
        if not hosts:
            raise UnsafeSettingsError(
                "INCENTIVES_ALLOWED_HOSTS must name the host names that people type, with commas."
            )
        files = Path(env.get("INCENTIVES_FILES", "data")).resolve()
        return cls(
            secret_key=secret,
            database_url=env.get("INCENTIVES_DATABASE_URL", f"sqlite:///{files / 'incentives.db'}"),
            files=files,
            allowed_hosts=hosts,
            trusted_proxies=_whole(env, "INCENTIVES_TRUSTED_PROXIES"),
            zone=env.get("INCENTIVES_TIME_ZONE", "Asia/Shanghai"),
            secure_cookies=env.get("INCENTIVES_INSECURE_COOKIES") != "yes",
        )

    def as_flask(self) -> dict[str, object]:
        """The same for Flask and its extensions."""
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "MIGRATIONS": PACKAGE / "migrations",
            "MAX_CONTENT_LENGTH": 40 * MEGABYTE,
            "MAX_FORM_MEMORY_SIZE": 2 * MEGABYTE,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.secure_cookies,
            "SESSION_COOKIE_NAME": "incentives",
            "WTF_CSRF_TIME_LIMIT": None,
            "BABEL_DEFAULT_TIMEZONE": self.zone,
            "TESTING": self.testing,
            "SETTINGS": self,
            "DEMO_SIGN_INS": self._demo_sign_ins(),
        }

    def _demo_sign_ins(self) -> dict[str, Any] | None:
        """The invented people whom the demo's sign-in page offers; nobody's in production."""
        if not self.demo:
            return None
        found: dict[str, Any] = yaml.safe_load(
            (resource("seeds") / "demo" / "sign_ins.yaml").read_text(encoding="utf-8")
        )
        return found


def _whole(env: Mapping[str, str], name: str) -> int:
    text = env.get(name, "0")
    if not text.isdecimal():
        raise UnsafeSettingsError(f"{name} must be a whole number, not “{text}”.")
    return int(text)
