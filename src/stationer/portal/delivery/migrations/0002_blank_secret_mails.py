"""Mails that hold a code say so, and are blanked once they have left."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0001_begin"),
    ]

    operations = [
        migrations.AddField(
            model_name="outgoing",
            name="secret",
            field=models.BooleanField(default=False),
        ),
    ]
