"""Which slots a PEN uses."""

from django.db import migrations, models

import stationer.portal.people.models
import stationer.portal.people.valid


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_add_brand"),
    ]

    operations = [
        migrations.AddField(
            model_name="pen",
            name="slots",
            field=models.JSONField(
                default=stationer.portal.people.models.all_slots,
                validators=[stationer.portal.people.valid.check_slots],
            ),
        ),
    ]
