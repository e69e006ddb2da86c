"""Of a quarter-hour that began, the day: to the second it was that of the end of a talk."""

from typing import Any

from django.db import migrations


def keep_the_day(apps: Any, _editor: Any) -> None:
    for one in apps.get_model("triage", "Debrief").objects.exclude(begun_at=None):
        one.begun_at = one.begun_at.replace(hour=0, minute=0, second=0, microsecond=0)
        one.save(update_fields=["begun_at"])


class Migration(migrations.Migration):
    dependencies = (("triage", "0016_stories"),)

    operations = (migrations.RunPython(keep_the_day, migrations.RunPython.noop),)
