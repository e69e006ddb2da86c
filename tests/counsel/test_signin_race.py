"""Several processes at one door, on SQLite and on PostgreSQL: a code is one code.

The processes are real and so are the databases. Reading and saving are pulled apart by a tenth
of a second, so that without a lock every process would have read before any has saved.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django_otp.oath import TOTP

from counsel import limits
from tests import race

ROOT = Path(__file__).parents[2]
QUICK = """
from django.conf import settings
import django; django.setup()
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""
SET_UP = """
from tests.counsel.staff_room import hire
print(hire().device.key)
"""
# One process, some threads: each is ready, waits for the whistle, then does its thing once.
RUN = """
import sys, time
from concurrent.futures import ThreadPoolExecutor
from django.db import connections
from django.utils import timezone
from django_otp.oath import TOTP
from counsel import signin
from counsel.errors import CounselError
from counsel.factors import check_code
from counsel.models import SlowedName, Staff
from tests.counsel.staff_room import PASSWORD, fresh_request
import django_otp.plugins.otp_totp.models as otp

compare = TOTP.verify
def slowly(self, *args, **more):
    fits = compare(self, *args, **more)
    time.sleep(0.1)
    return fits
otp.TOTP.verify = slowly

what, code, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
def once(_):
    try:
        if what == "check":
            return "in" if check_code(Staff.objects.get(), code) else "no"
        password = PASSWORD if what == "post" else "wrong"
        signin.sign_in(
            fresh_request(), name="lin", password=password, code=code, now=timezone.now()
        )
        return "in"
    except CounselError as error:
        return error.code
    finally:
        connections.close_all()
otp.TOTPDevice.objects.update(last_t=-1)  # as if nobody had been here before
SlowedName.objects.all().delete()
with ThreadPoolExecutor(threads) as pool:
    print("ready", flush=True)
    sys.stdin.readline()
    print(*pool.map(once, range(threads)))
"""


@dataclass
class Site:
    """A site with its own database, and processes of it."""

    environment: dict[str, str]
    key: str = ""

    def start(self, script: str, *arguments: str) -> subprocess.Popen[str]:
        """A process of this site."""
        whole = f"{QUICK}\n{script}"
        return subprocess.Popen(
            [sys.executable, "-c", whole, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, script: str) -> str:
        """What a process of this site says."""
        said, _ = (process := self.start(script)).communicate()
        assert process.returncode == 0
        return said

    def race(self, what: str, code: str, *, processes: int = 2, threads: int = 3) -> Counter[str]:
        """How often each outcome was, when all do it at the same moment."""
        runners = [self.start(RUN, what, code, str(threads)) for _ in range(processes)]
        for runner in runners:
            assert runner.stdout is not None
            assert runner.stdout.readline() == "ready\n"
        for runner in runners:
            assert runner.stdin is not None
            runner.stdin.write("go\n")
            runner.stdin.flush()
        said = [runner.communicate()[0] for runner in runners]
        assert [runner.returncode for runner in runners] == [0] * processes
        return Counter(" ".join(said).split())


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """A site with Lin, once on each database."""
    with race.site(request.param) as environment:
        site = Site(environment)
        site.key = site.run(SET_UP).split()[-1]
        yield site


@pytest.fixture
def code(site: Site) -> str:
    """What Lin's app shows, for some seconds more."""
    totp = TOTP(bytes.fromhex(site.key))
    if (left := totp.step - time.time() % totp.step) < 5:
        time.sleep(left)  # the code must not change in the middle
    return str(totp.token()).zfill(6)


@pytest.mark.parametrize("what", ["check", "post"])
def test_of_many_posts_of_one_code_at_one_instant_one_passes(
    site: Site, code: str, what: str
) -> None:
    outcomes = site.race(what, code, processes=2, threads=2)
    assert outcomes["in"] == 1
    assert sum(outcomes.values()) == 4
    assert set(outcomes) <= {"in", "no", "sign-in"}


def test_a_volley_of_guesses_gets_five_verdicts(site: Site, code: str) -> None:
    outcomes = site.race("guess", code, processes=2, threads=4)
    assert outcomes == {"sign-in": limits.SIGN_IN_FAILURES, "slow-down": 3}
