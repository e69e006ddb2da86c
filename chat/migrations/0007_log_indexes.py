import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0006_handover"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="envelope",
            name="sent_once",
        ),
        migrations.AlterField(
            model_name="envelope",
            name="seat",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="chat.seat",
            ),
        ),
        migrations.AlterField(
            model_name="envelope",
            name="session",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="envelopes",
                to="chat.counselsession",
            ),
        ),
        migrations.AddConstraint(
            model_name="envelope",
            constraint=models.UniqueConstraint(
                fields=("seat", "client_id", "session"), name="sent_once"
            ),
        ),
    ]
