"""All settings, read once from the environment. A wrong or unsafe value refuses to start, with an id
(`counsel.E101` and on) and what to write instead; `manage.py check --deploy` asks for the rest.

| variable       | default                       | meaning                                               |
|----------------|-------------------------------|-------------------------------------------------------|
| `MODE`         | `demo`                        | `demo`, `rehearsal` or `live`                         |
| `DATA`         | `.data` beside `manage.py`    | folder of the embedded database, secret, demo root    |
| `PORT`         | `8000`                        | port the runner listens on                            |
| `HOST`         | `127.0.0.1`                   | address it listens on                                 |
| `ORIGIN`       | `http://localhost:$PORT`      | the one exact origin pages are served under; `https`  |
|                |                               | means production                                      |
| `DATABASE_URL` | SQLite in `DATA`              | `postgres://user:password@host:port/name`             |
| `REDIS_URL`    | none: doorbell in the process | `redis://host:port/0`                                 |
| `ORG_ROOT`     | the demo root in `DATA`       | base64url of the root statement, built into pages     |
| `SECRET_KEY`   | drawn into `DATA`             | the same on all web processes of one site             |
| `STATIC`       | `counsel/static`              | folder of the built pages                             |
| `SILENT_AFTER` | `180`                         | seconds until a silent counsellor's talk goes back;   |
|                |                               | 30 to 600 where the public comes                      |
| `AUDIT_KEY_FILE` | `DATA/audit/key`, drawn     | what checkpoints of the staff's trail are signed with |
| `AUDIT_CHECKPOINTS` | `DATA/audit/checkpoints` | file they are added to                                |
| `AUDIT_HOOK`   | none                          | program that brings each to another machine           |
| `RED_SLOTS`    | `0`                           | free counsellors kept for those in danger             |
| `PAGE_MAIL`    | none: no pages by e-mail      | `mailtos://user:password@host:465?from=address`       |
| `PAGE_GATEWAY` | none: no pages by telephone   | `https://host/path` that is POSTed JSON for SMS and   |
|                |                               | voice                                                 |
| `PAGE_PUSH_HOSTS` | none: no pages to browsers | hosts of browsers' makers that may be called, with    |
|                |                               | commas between; `.example.org` for all below it       |
| `PAGE_PUSH_KEY_FILE` | `DATA/paging/key`, drawn | what calls to browsers are signed with; the same on |
|                |                               | all web processes of one site                         |
| `MIX_EVERY`    | `600`                         | seconds letters to desks gather before they are       |
|                |                               | written; 300 at least where the public comes          |

And one for measurements alone, `UNSAFE_BENCH_KEY_FILE`, by default not set: whoever knows the key in
that file signs in as anybody of a made-up staff, and nobody is told to slow down. Only a demo on the
loopback takes it. What an organisation says of itself (name, time zone, languages, numbers) is no
setting of the machine: administrators set it on a page.
"""

from __future__ import annotations

from pathlib import Path

from counsel import environment, journal, limits
from counsel.certificates import is_local
from counsel.environment import SettingError

BASE = Path(__file__).resolve().parent.parent

MODE = environment.choice("MODE", "demo", "demo", "rehearsal", "live")
DATA = environment.folder("DATA", BASE / ".data")
STATIC = environment.folder("STATIC", BASE / "counsel" / "static")
PORT = environment.port("PORT", 8000)
HOST = environment.host("HOST", "127.0.0.1")
ORIGIN = environment.origin("ORIGIN", f"http://localhost:{PORT}")
ORG_ROOT = environment.org_root("ORG_ROOT")
SECURE = ORIGIN.startswith("https://")
UNSAFE_BENCH_KEY = environment.unsafe_key("UNSAFE_BENCH_KEY_FILE")
AUDIT_KEY_FILE = environment.file("AUDIT_KEY_FILE", DATA / "audit" / "key")
AUDIT_CHECKPOINTS = environment.file("AUDIT_CHECKPOINTS", DATA / "audit" / "checkpoints")
AUDIT_HOOK = environment.program("AUDIT_HOOK")
RED_SLOTS = environment.count("RED_SLOTS", 0)
PAGE_MAIL = environment.mail("PAGE_MAIL")
PAGE_GATEWAY = environment.gateway("PAGE_GATEWAY")
PAGE_PUSH_HOSTS = environment.hosts("PAGE_PUSH_HOSTS")
PAGE_PUSH_KEY_FILE = environment.file("PAGE_PUSH_KEY_FILE", DATA / "paging" / "key")
MIX_EVERY = environment.seconds("MIX_EVERY", limits.MIX_EVERY)
SILENT_COUNSELLOR_AFTER = environment.seconds("SILENT_AFTER", limits.SILENT_COUNSELLOR_AFTER)


def _refuse_what_is_unsafe() -> None:
    """Values that are fine alone and dangerous together."""
    is_demo_root = environment.read_root(ORG_ROOT).demo if ORG_ROOT else True
    is_public = not is_local(environment.host_of(ORIGIN))
    if MODE == "live" and not SECURE:
        raise SettingError("MODE", f"MODE=live under ORIGIN={ORIGIN}: use an https:// origin.")
    if MODE == "demo" and is_public and not is_demo_root:
        raise SettingError(
            "MODE",
            f"MODE=demo under ORIGIN={ORIGIN}: the door of a demo is open when nobody is on duty. Use "
            "MODE=rehearsal.",
        )
    if is_demo_root and (is_public or MODE == "live"):
        what = "ORG_ROOT is a demo root" if ORG_ROOT else "ORG_ROOT is not set"
        raise SettingError(
            "ORG_ROOT",
            f"{what}, and this is no demo (MODE={MODE}, ORIGIN={ORIGIN}): set ORG_ROOT to your "
            "organisation's own root, or leave MODE and ORIGIN as they are for a demo.",
        )
    least, most = limits.SILENT_WHERE_PUBLIC
    if is_public and not least <= SILENT_COUNSELLOR_AFTER <= most:
        raise SettingError(
            "SILENT_AFTER",
            f"SILENT_AFTER={SILENT_COUNSELLOR_AFTER.seconds} leaves people alone, or takes them away from "
            f"a line that stutters: use {least.seconds} to {most.seconds}.",
        )
    if is_public and limits.MIX_WHERE_PUBLIC > MIX_EVERY:
        raise SettingError(
            "MIX_EVERY",
            f"MIX_EVERY={MIX_EVERY.seconds} leaves each letter to a desk alone: use "
            f"{limits.MIX_WHERE_PUBLIC.seconds} or more.",
        )
    is_alone = HOST in {"127.0.0.1", "::1"} and environment.host_of(ORIGIN) == "localhost"
    if UNSAFE_BENCH_KEY and (SECURE or not is_alone or not is_demo_root or MODE != "demo"):
        raise SettingError(
            "UNSAFE_BENCH_KEY_FILE",
            f"UNSAFE_BENCH_KEY_FILE opens the staff door, and this is no demo on the loopback (MODE={MODE}, "
            f"HOST={HOST}, ORIGIN={ORIGIN}): unset it.",
        )


_refuse_what_is_unsafe()

if UNSAFE_BENCH_KEY:  # what is measured is the machine, not our patience
    SEND_BURST = SEND_PER_SECOND = START_PER_MINUTE = 1e9

# --- Django ---------------------------------------------------------------------------------------

SECRET_KEY = environment.secret("SECRET_KEY", DATA / "secret")
DEBUG = False
ALLOWED_HOSTS = [environment.host_of(ORIGIN)]
ROOT_URLCONF = "counsel.urls"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "zh-hans"
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "counsel.Staff"
LOGGING = journal.LOGGING
DATA_UPLOAD_MAX_MEMORY_SIZE = limits.SIZES[-1]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "channels",
    "counsel",
    "chat",
    "triage",
]
# What every answer carries, with or without Django, is in counsel/middleware.py.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_SSL_REDIRECT = SECURE
"""Never taken: the scheme of a request is that of `ORIGIN` (counsel/middleware.py)."""

# Staff at the door (counsel/signin.py). Scrypt is hard on memory too, and every supported Python
# brings it; the codes are slowed by name, so the library's own silent delay is off.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
OTP_TOTP_SYNC = False
OTP_TOTP_ISSUER = "counsel"
_PREFIX = "__Host-" if SECURE else ""
SESSION_ENGINE = "counsel.session_store"
SESSION_COOKIE_NAME = f"{_PREFIX}staff"
CSRF_COOKIE_NAME = f"{_PREFIX}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_AGE = None
CSRF_HEADER_NAME = "HTTP_X_CSRF_TOKEN"
CSRF_TRUSTED_ORIGINS = [ORIGIN]
CSRF_FAILURE_VIEW = "counsel.questions.refuse_strange_origin"

DATABASES = {"default": environment.database("DATABASE_URL", DATA / "counsel.sqlite3")}
REDIS_URL = environment.redis("REDIS_URL")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
