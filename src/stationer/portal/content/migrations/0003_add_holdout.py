"""The share of mails that a campaign is held back from."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0002_name_pictures_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="holdout",
            field=models.PositiveSmallIntegerField(
                default=0, validators=[django.core.validators.MaxValueValidator(90)]
            ),
        ),
    ]
