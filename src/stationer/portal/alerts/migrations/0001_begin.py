"""The first tables of this app."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import stationer.portal.alerts.models
import stationer.portal.people.owned
import stationer.portal.people.valid


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0010_note_the_first_mail"),
    ]

    operations = [
        migrations.CreateModel(
            name="AlertRule",
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
                    "about",
                    models.CharField(
                        choices=[
                            ("any", "any link"),
                            ("campaigns", "a link of certain campaigns"),
                            ("links", "a link that somebody made"),
                        ],
                        default="any",
                        max_length=16,
                    ),
                ),
                (
                    "campaigns",
                    models.JSONField(
                        blank=True, default=list, validators=[stationer.portal.alerts.models.check_campaigns]
                    ),
                ),
                (
                    "whom",
                    models.CharField(
                        choices=[
                            ("sender", "the sender"),
                            ("owner", "the owner"),
                            ("address", "somebody else"),
                        ],
                        default="sender",
                        max_length=16,
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=254,
                        validators=[stationer.portal.people.valid.check_one_address],
                    ),
                ),
                (
                    "pace",
                    models.CharField(
                        choices=[
                            ("at-once", "at once"),
                            ("digest", "in the daily digest"),
                            ("never", "not at all"),
                        ],
                        default="at-once",
                        max_length=16,
                    ),
                ),
                (
                    "least",
                    models.PositiveSmallIntegerField(
                        default=65, validators=[django.core.validators.MaxValueValidator(100)]
                    ),
                ),
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
                "ordering": ["created_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="AlertTerms",
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
                    "language",
                    models.CharField(
                        choices=[("en-gb", "English"), ("de", "Deutsch")], default="en-gb", max_length=8
                    ),
                ),
                (
                    "digest_hour",
                    models.PositiveSmallIntegerField(
                        default=8, validators=[django.core.validators.MaxValueValidator(23)]
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
            },
        ),
        migrations.CreateModel(
            name="ClickAction",
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
                ("campaign", models.UUIDField()),
                ("go_on", models.UUIDField(null=True)),
                (
                    "list",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.addresslist",
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
            },
        ),
        migrations.CreateModel(
            name="Due",
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
                ("to", models.CharField(max_length=320)),
                ("key", models.CharField(max_length=80)),
                ("number", models.PositiveIntegerField(default=1)),
                (
                    "pace",
                    models.CharField(
                        choices=[
                            ("at-once", "at once"),
                            ("digest", "in the daily digest"),
                            ("never", "not at all"),
                        ],
                        max_length=16,
                    ),
                ),
                ("mail_id", models.UUIDField(null=True)),
                ("link_id", models.UUIDField(null=True)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits"),
                            ("done", "told"),
                            ("dropped", "not wanted any more"),
                            ("failed", "failed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
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
                    "rule",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="alerts.alertrule",
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
            name="DueHit",
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
                ("hit", models.UUIDField()),
                (
                    "due",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hits", to="alerts.due"
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
            },
        ),
        migrations.CreateModel(
            name="AlertPreference",
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
                ("address", models.CharField(max_length=320)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("all", "as the rules say"),
                            ("chosen", "certain campaigns"),
                            ("digest", "once a day"),
                            ("none", "not at all"),
                        ],
                        default="all",
                        max_length=8,
                    ),
                ),
                (
                    "campaigns",
                    models.JSONField(
                        blank=True, default=list, validators=[stationer.portal.alerts.models.check_campaigns]
                    ),
                ),
                ("links", models.BooleanField(default=True)),
                ("muted", models.JSONField(blank=True, default=list)),
                ("language", models.CharField(blank=True, default="", max_length=8)),
                ("zone", models.CharField(blank=True, default="", max_length=64)),
                (
                    "quiet_from",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, validators=[django.core.validators.MaxValueValidator(23)]
                    ),
                ),
                (
                    "quiet_until",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, validators=[django.core.validators.MaxValueValidator(23)]
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
                "constraints": [
                    models.UniqueConstraint(fields=("pen", "id"), name="alertpreference_in_pen"),
                    models.UniqueConstraint(fields=("pen", "address"), name="alertpreference_address"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="alertrule",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="alertrule_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="alertterms",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="alertterms_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="alertterms",
            constraint=models.UniqueConstraint(fields=("pen",), name="alertterms_once"),
        ),
        migrations.AddConstraint(
            model_name="clickaction",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="clickaction_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="clickaction",
            constraint=models.UniqueConstraint(fields=("pen", "campaign"), name="clickaction_once"),
        ),
        migrations.AddConstraint(
            model_name="clickaction",
            constraint=stationer.portal.people.owned.SamePen(field="list", name="clickaction_list_in_pen"),
        ),
        migrations.AddIndex(
            model_name="due",
            index=models.Index(fields=["state", "due_at"], name="due_when"),
        ),
        migrations.AddIndex(
            model_name="due",
            index=models.Index(fields=["pen", "last_at"], name="due_last"),
        ),
        migrations.AddConstraint(
            model_name="due",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="due_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="due",
            constraint=models.UniqueConstraint(fields=("pen", "to", "key", "number"), name="due_once"),
        ),
        migrations.AddConstraint(
            model_name="due",
            constraint=stationer.portal.people.owned.SamePen(field="rule", name="due_rule_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="duehit",
            constraint=models.UniqueConstraint(fields=("pen", "id"), name="duehit_in_pen"),
        ),
        migrations.AddConstraint(
            model_name="duehit",
            constraint=models.UniqueConstraint(fields=("pen", "due", "hit"), name="duehit_once"),
        ),
        migrations.AddConstraint(
            model_name="duehit",
            constraint=stationer.portal.people.owned.SamePen(field="due", name="duehit_due_in_pen"),
        ),
    ]
