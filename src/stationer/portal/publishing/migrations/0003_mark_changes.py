"""Every change that Publish would put out leaves a mark."""

import django.db.models.deletion
from django.db import migrations, models

import stationer.portal.people.owned


class Migration(migrations.Migration):
    dependencies = [("people", "0001_begin"), ("publishing", "0002_note_what_names_mean")]

    operations = [
        migrations.CreateModel(
            name="ChangeMark",
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
                "constraints": [models.UniqueConstraint(fields=("pen", "id"), name="changemark_in_pen")],
            },
        ),
    ]
