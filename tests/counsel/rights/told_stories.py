"""A story for the library, in every standing to whoever asks."""

from __future__ import annotations

from tests.counsel.rights.cast import World
from triage.stories.rows import Story


def story(world: World, role: str, standing: str) -> int:
    """One nobody read yet, by the number of the row."""
    others = {"other": world.chief.staff, "elsewhere": world.outsider.staff}
    writer = others.get(standing, world.seen_by(role))
    made = Story.objects.create(
        organisation=world.elsewhere if standing == "elsewhere" else writer.organisation,
        writer=writer,
        language="zh",
        title="夜里接到的",
        words="后来好多了。",
        state="written",
    )
    number = made.pk
    if standing == "deleted":
        made.delete()
    return number
