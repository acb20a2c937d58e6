"""The first tables of this app."""

import django.db.models.deletion
from django.db import migrations, models

import stationer.portal.hooks.models
import stationer.portal.people.owned


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0010_note_the_first_mail"),
    ]

    operations = [
        migrations.CreateModel(
            name="Hook",
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
                ("name", models.CharField(max_length=120)),
                ("url", models.CharField(max_length=2000)),
                (
                    "events",
                    models.JSONField(default=list, validators=[stationer.portal.hooks.models.check_events]),
                ),
                (
                    "secret",
                    models.BinaryField(default=stationer.portal.hooks.models.new_secret, max_length=64),
                ),
                ("former", models.BinaryField(blank=True, default=bytes, max_length=64)),
                ("rotated_at", models.DateTimeField(blank=True, null=True)),
                ("on", models.BooleanField(default=True)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                "ordering": ["name", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Delivery",
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
                ("event", models.CharField(max_length=40)),
                ("body", models.TextField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waits"), ("done", "taken"), ("failed", "failed")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(null=True)),
                ("lease", models.UUIDField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "pen",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.pen",
                    ),
                ),
                (
                    "hook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="hooks.hook",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Attempt",
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
                ("at", models.DateTimeField()),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("ms", models.PositiveIntegerField(default=0)),
                ("head", models.TextField(blank=True, default="")),
                (
                    "pen",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.pen",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tries", to="hooks.delivery"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("pen", "id"), name="attempt_in_pen"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="hook",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="hook_in_pen"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["state", "due_at"], name="delivery_when"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["pen", "hook", "made_at"], name="delivery_made"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="delivery_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=stationer.portal.people.owned.SamePen(field="hook", name="delivery_hook_in_pen"),
        ),
        migrations.AddConstraint(  # after what it refers to: PostgreSQL looks at once
            model_name="attempt",
            constraint=stationer.portal.people.owned.SamePen(
                field="delivery", name="attempt_delivery_in_pen"
            ),
        ),
    ]
