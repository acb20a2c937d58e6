"""The first tables of this app."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import stationer.portal.people.owned


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_begin"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Publication",
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
                ("serial", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("by_name", models.CharField(blank=True, default="", max_length=254)),
                ("about", models.CharField(blank=True, default="", max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("changed", models.JSONField(default=list)),
                ("drafts", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "ordering": ["-serial"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("pen", "id"), name="publication_in_pen"),
                    models.UniqueConstraint(fields=("pen", "serial"), name="publication_serial"),
                ],
            },
        ),
    ]
