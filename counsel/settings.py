"""All settings, read once from the environment. A wrong or unsafe value refuses to start.

| variable       | default                       | meaning                                             |
|----------------|-------------------------------|-----------------------------------------------------|
| `MODE`         | `demo`                        | `demo`, `rehearsal` or `live`                       |
| `DATA`         | `.data` beside `manage.py`    | folder of the embedded database, secret, demo root  |
| `PORT`         | `8000`                        | port the runner listens on                          |
| `HOST`         | `127.0.0.1`                   | address it listens on                               |
| `ORIGIN`       | `http://localhost:$PORT`      | the one exact origin pages are served under         |
| `DATABASE_URL` | SQLite in `DATA`              | `postgres://user:password@host:port/name`           |
| `REDIS_URL`    | none: doorbell in the process | `redis://host:port/0`                               |
| `ORG_ROOT`     | the demo root in `DATA`       | base64url of the root statement, built into pages   |
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE = Path(__file__).resolve().parent.parent


def _choice(name: str, default: str, *allowed: str) -> str:
    value = os.environ.get(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r}: use one of {', '.join(allowed)}.")
    return value


def _port(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise ImproperlyConfigured(f"{name}={value!r}: use a port between 1 and 65535.")
    return int(value)


MODE = _choice("MODE", "demo", "demo", "rehearsal", "live")
DATA = Path(os.environ.get("DATA", BASE / ".data")).resolve()
PORT = _port("PORT", 8000)
HOST = os.environ.get("HOST", "127.0.0.1")
ORIGIN = os.environ.get("ORIGIN", f"http://localhost:{PORT}")
ORG_ROOT = os.environ.get("ORG_ROOT", "")
SECURE = ORIGIN.startswith("https://")


def _secret() -> str:
    if value := os.environ.get("SECRET_KEY"):
        return value
    DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = DATA / "secret"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text()


SECRET_KEY = _secret()
DEBUG = False
ALLOWED_HOSTS = [urlsplit(ORIGIN).hostname or ""]
ROOT_URLCONF = "counsel.urls"
ASGI_APPLICATION = "counsel.asgi.application"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "zh-hans"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "counsel.Staff"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "channels",
    "counsel",
    "chat",
    "triage",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
]

# Staff at the door (counsel/signin.py). Scrypt is hard on memory too, and every supported Python
# brings it; the codes are slowed by name, so the library's own silent delay is off.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
OTP_TOTP_THROTTLE_FACTOR = 0
OTP_TOTP_SYNC = False
OTP_TOTP_ISSUER = "counsel"
_PREFIX = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME = f"{_PREFIX}staff"
CSRF_COOKIE_NAME = f"{_PREFIX}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_AGE = None
CSRF_HEADER_NAME = "HTTP_X_CSRF_TOKEN"
CSRF_TRUSTED_ORIGINS = [ORIGIN]
CSRF_FAILURE_VIEW = "counsel.views.refuse_strange_origin"


def _database() -> dict[str, object]:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "counsel.sqlite3",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                    "PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL: use postgres://user:password@host:port/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username or "",
        "PASSWORD": parts.password or "",
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 600,
        "OPTIONS": {},
    }


DATABASES = {"default": _database()}
REDIS_URL = os.environ.get("REDIS_URL", "")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
