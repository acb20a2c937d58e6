"""The company's clock."""

from django.db import migrations, models

import stationer.portal.people.valid


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_add_slots"),
    ]

    operations = [
        migrations.AddField(
            model_name="pen",
            name="zone",
            field=models.CharField(
                default="UTC", max_length=64, validators=[stationer.portal.people.valid.check_zone]
            ),
        ),
    ]
