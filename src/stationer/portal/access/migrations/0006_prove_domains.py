"""Which domains were proven."""

import django.db.models.deletion
from django.db import migrations, models

import stationer.portal.people.owned


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_note_sign_ins"),
        ("people", "0010_note_the_first_mail"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProvenDomain",
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
                ("domain", models.CharField(max_length=253)),
                ("proven_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
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
                "ordering": ["domain"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("pen", "id"), name="provendomain_in_pen"),
                    models.UniqueConstraint(fields=("pen", "domain"), name="provendomain_once"),
                ],
            },
        ),
    ]
