import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from counsel.audit import guards


def put_up(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """From here on the trail is only added to."""
    guards.put_up(schema_editor.connection)


def take_down(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Before the tables go."""
    guards.take_down(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("counsel", "0003_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="staff",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="slowedname",
            name="recorded",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="AuditCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_code", models.CharField(max_length=4, unique=True)),
                ("name", models.CharField(max_length=22, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organisation", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(blank=True, default="", max_length=22)),
                ("role", models.CharField(blank=True, default="", max_length=16)),
                ("what", models.CharField(max_length=24)),
                ("about", models.CharField(blank=True, default="", max_length=22)),
                ("thing", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["by", "id"], name="audit_by"),
                    models.Index(fields=["about", "id"], name="audit_about"),
                    models.Index(fields=["thing", "id"], name="audit_thing"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("what__in", ["case-opened"])),
                        fields=("by", "thing", "at"),
                        name="audit_once_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("seq", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("hash", models.BinaryField(max_length=32)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="link",
                        to="counsel.auditentry",
                    ),
                ),
            ],
        ),
        migrations.RunPython(put_up, take_down),
    ]
