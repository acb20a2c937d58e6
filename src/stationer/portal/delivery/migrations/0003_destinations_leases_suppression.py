"""Destinations that rest, leases that name their process, results with codes, and addresses that are not sent to."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import stationer.portal.people.owned


def name_domains(apps: Any, schema_editor: Any) -> None:
    """What waits knows where it goes."""
    recipients = apps.get_model("delivery", "Recipient").objects.filter(state="waiting")
    for row in recipients.only("address").iterator(chunk_size=500):
        recipients.filter(pk=row.pk).update(domain=row.address.rpartition("@")[2].lower())


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0002_blank_secret_mails"),
        ("people", "0015_give_rights_of_secure_messages"),
    ]

    operations = [
        migrations.CreateModel(
            name="Destination",
            fields=[
                ("domain", models.CharField(max_length=253, primary_key=True, serialize=False)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("rests_until", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, default="")),
            ],
        ),
        migrations.CreateModel(
            name="Suppression",
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
                ("address", models.CharField(max_length=254)),
                (
                    "why",
                    models.CharField(
                        choices=[("hard", "nobody is there"), ("complaint", "complained")], max_length=16
                    ),
                ),
                ("status", models.CharField(blank=True, default="", max_length=11)),
                ("said", models.TextField(blank=True, default="")),
                ("since", models.DateTimeField(auto_now=True)),
                ("until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name="recipient",
            name="recipient_due",
        ),
        migrations.AddField(
            model_name="outgoing",
            name="message_id",
            field=models.CharField(blank=True, default="", max_length=255),
        ),
        migrations.AddField(
            model_name="recipient",
            name="begun_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="recipient",
            name="domain",
            field=models.CharField(default="", editable=False, max_length=253),
        ),
        migrations.AddField(
            model_name="recipient",
            name="holder",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="recipient",
            name="status",
            field=models.CharField(blank=True, default="", max_length=11),
        ),
        migrations.AddField(
            model_name="recipient",
            name="twice",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="recipient",
            name="urgent",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="recipient",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "waiting"),
                    ("sent", "sent"),
                    ("failed", "failed"),
                    ("bounced", "bounced"),
                    ("suppressed", "suppressed"),
                    ("held", "held"),
                    ("dropped", "dropped"),
                ],
                default="waiting",
                max_length=16,
            ),
        ),
        migrations.AddIndex(
            model_name="recipient",
            index=models.Index(fields=["state", "urgent", "due_at", "domain"], name="recipient_when"),
        ),
        migrations.AddIndex(
            model_name="recipient",
            index=models.Index(
                condition=models.Q(("lease__isnull", False)), fields=["leased_until"], name="recipient_leased"
            ),
        ),
        migrations.AddField(
            model_name="suppression",
            name="pen",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.pen"
            ),
        ),
        migrations.AddIndex(
            model_name="suppression",
            index=models.Index(fields=["address"], name="suppression_address"),
        ),
        migrations.RunPython(name_domains, migrations.RunPython.noop),
    ]
