"""What is kept of whoever follows a link, and the domain that a company's links have of their own."""

from django.db import migrations, models

import stationer.portal.people.valid


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0010_note_the_first_mail"),
    ]

    operations = [
        migrations.AddField(
            model_name="pen",
            name="tracking",
            field=models.CharField(
                default="people", max_length=16, validators=[stationer.portal.people.valid.check_tracking]
            ),
        ),
        migrations.AddField(
            model_name="pen",
            name="decoy",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="pen",
            name="link_host",
            field=models.CharField(blank=True, default="", editable=False, max_length=253),
        ),
        migrations.AddField(
            model_name="pen",
            name="link_host_proven_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
