"""A service that trusts an organisation's own root: a ceremony, and nobody certified by a machine.

The people are those of a demo, because their passwords lie in a file; their cards are not.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from counsel.keys import ceremony, codes
from counsel.keys.box import Box
from counsel.keys.lockbox import Passphrases
from tests.browser.gallery import NODE
from tests.counsel.serving import ROOT, environment, manage, manage_all
from tests.scenario.site import Built, Site

BOTH: Final = Passphrases("eine lange Nacht am See", "zwei andere Worte im Wald")


@dataclass(frozen=True)
class Organisation:
    """Its box on the offline machine, and what was built with its root."""

    box: Box
    built: Built

    @property
    def root(self) -> str:
        """What is built into its pages: ORG_ROOT."""
        return (self.box.folder / "root.txt").read_text().strip()

    def env(self, data: Path) -> dict[str, str]:
        """What its commands are run with."""
        return environment(data, self.built.static, MODE="rehearsal", ORG_ROOT=self.root)

    def hold(self, site: Site, *requests: str) -> None:
        """A ceremony on these request codes; its bundle is carried to the site."""
        env = self.env(site.data)
        self._carry_log(site)
        for line in requests:
            request, now = codes.read_request(line), datetime.now(UTC)
            grant = (
                ceremony.admit_issuer if request.what == codes.ISSUER else ceremony.certify_device
            )
            grant(self.box, BOTH, request=request, now=now)
        done = manage(env, "keys", "import", str(self.box.folder / "bundle.json"))
        assert done.returncode == 0, done.stderr

    def run(self, site: Site, *command: str) -> subprocess.CompletedProcess[str]:
        """One of its commands, beside the running service."""
        return manage(self.env(site.data), *command)

    def size(self, site: Site) -> int:
        """Rows of the log as the service has it."""
        said = self.run(site, "keys", "show").stdout
        return int(said.partition("log: ")[2].split()[0])

    def _carry_log(self, site: Site) -> None:
        """What was issued on line meanwhile, before anything is issued here."""
        there, env = site.folder / "log", self.env(site.data)
        there.unlink(missing_ok=True)
        assert manage(env, "keys", "export", str(there)).returncode == 0
        if log := there.read_bytes():
            self.box.take_log(log)


def found(folder: Path) -> Organisation:
    """Draw root and offline issuer, build the pages that trust them, draw the people."""
    box, now = Box(folder / "ceremony"), datetime.now(UTC)
    ceremony.draw_root(box, BOTH, name="工会", now=now)
    ceremony.draw_offline_issuer(box, BOTH, name="保险柜", now=now)
    organisation = Organisation(box, Built(folder / "data", folder / "static"))
    env = organisation.env(organisation.built.data)
    manage_all(env, "migrate", "demo")
    subprocess.run([NODE, "build.mjs"], cwd=ROOT, env=env, check=True, capture_output=True)
    manage_all(env, "build_pages")
    return organisation
