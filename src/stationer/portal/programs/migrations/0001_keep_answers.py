"""The first tables of this app."""

import django.db.models.deletion
from django.db import migrations, models

import stationer.portal.people.owned


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0006_prove_domains"),
        ("people", "0012_hand_down"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptAnswer",
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
                ("mark", models.BinaryField(max_length=32)),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("turn", models.UUIDField(default=stationer.portal.people.owned.new_id)),
                ("began_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("sealed", models.BinaryField(default=bytes)),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.device"
                    ),
                ),
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
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [models.Index(fields=["began_at"], name="keptanswer_began")],
                "constraints": [
                    models.UniqueConstraint(fields=("pen", "id"), name="keptanswer_in_pen"),
                    models.UniqueConstraint(fields=("pen", "device", "mark"), name="keptanswer_once"),
                    stationer.portal.people.owned.SamePen(field="device", name="keptanswer_device_in_pen"),
                ],
            },
        ),
    ]
