"""Everybody who was there before there were tiers has a place: yellow, with their old time."""

from typing import Any

from django.db import migrations

from triage.queue.rows import Place
from triage.queue.tables import TARGETS
from triage.queue.tiers import Tier
from triage.queue.wire import topic_bits


def give_places(apps: Any, schema_editor: Any) -> None:
    sessions = apps.get_model("chat", "CounselSession").objects.all()
    places = apps.get_model("triage", "Place").objects
    for session in sessions.iterator():
        places.create(
            session=session,
            queued=session.state == "waiting",
            tier=Tier.YELLOW.value,
            since=session.waiting_since,
            returned=session.returned,
            due_at=session.waiting_since + TARGETS[Tier.YELLOW],
            language=session.language[: Place._meta.get_field("language").max_length],
            topics=topic_bits(session.topics),
            region=session.region,
            industry=session.industry,
        )


class Migration(migrations.Migration):
    dependencies = [("chat", "0002_seats"), ("triage", "0002_queue")]
    run_before = [("chat", "0003_queue")]  # it removes what is read here

    operations = [migrations.RunPython(give_places, migrations.RunPython.noop)]
