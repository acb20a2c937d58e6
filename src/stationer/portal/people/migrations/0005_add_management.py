"""Blackout, quiet groups, mixed recipients, calendars, and what a partner hands down."""

from django.db import migrations, models

import stationer.portal.people.valid


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_add_zone"),
    ]

    operations = [
        migrations.AddField(
            model_name="pen",
            name="blackout",
            field=models.JSONField(
                blank=True, default=list, validators=[stationer.portal.people.valid.check_blackout]
            ),
        ),
        migrations.AddField(
            model_name="pen",
            name="calendars",
            field=models.JSONField(
                blank=True, default=dict, validators=[stationer.portal.people.valid.check_calendars]
            ),
        ),
        migrations.AddField(
            model_name="pen",
            name="inherited",
            field=models.JSONField(
                blank=True, default=dict, validators=[stationer.portal.people.valid.check_inherited]
            ),
        ),
        migrations.AddField(
            model_name="pen",
            name="mixed",
            field=models.CharField(
                default="shared", max_length=16, validators=[stationer.portal.people.valid.check_mixed]
            ),
        ),
        migrations.AddField(
            model_name="pen",
            name="most_copies",
            field=models.PositiveSmallIntegerField(default=4),
        ),
        migrations.AddField(
            model_name="pen",
            name="quiet_groups",
            field=models.JSONField(
                blank=True, default=list, validators=[stationer.portal.people.valid.check_names]
            ),
        ),
    ]
