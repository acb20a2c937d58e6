"""The audit's one table. Its rows are added and never changed: a trigger refuses, whoever asks."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import stationer.portal.people.owned

SQLITE = """
CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'what was done stays as it was written'); END
"""
POSTGRESQL = """
CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'what was done stays as it was written'; END $$;
CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_entry_stays();
"""


def keep(apps: Any, editor: Any) -> None:
    editor.execute(SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL, params=None)


def let_go(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER audit_entry_stays")
    else:
        editor.execute(
            "DROP TRIGGER audit_entry_stays ON audit_entry; DROP FUNCTION audit_entry_stays()", params=None
        )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0007_add_replay"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=stationer.portal.people.owned.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("via", models.CharField(max_length=16)),
                ("who", models.CharField(blank=True, max_length=254)),
                ("address", models.CharField(blank=True, max_length=254)),
                ("account", models.UUIDField(null=True)),
                ("via_name", models.CharField(blank=True, max_length=160)),
                ("path", models.CharField(blank=True, max_length=200)),
                ("what", models.CharField(max_length=24)),
                ("noun", models.CharField(max_length=40)),
                ("noun_id", models.CharField(blank=True, max_length=64)),
                ("called", models.CharField(blank=True, max_length=254)),
                ("count", models.PositiveIntegerField(default=1)),
                ("lines", models.JSONField(default=list)),
                (
                    "pen",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.pen",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["pen", "-at", "-id"], name="entry_newest"),
                    models.Index(fields=["pen", "address", "-at"], name="entry_by_person"),
                    models.Index(fields=["pen", "noun", "-at"], name="entry_by_noun"),
                ],
                "constraints": [models.UniqueConstraint(fields=("pen", "id"), name="entry_in_pen")],
            },
        ),
        migrations.RunPython(keep, let_go),
    ]
