"""Whether pictures travel inside mails."""

from django.db import migrations, models

import stationer.portal.people.valid


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_add_management"),
    ]

    operations = [
        migrations.AddField(
            model_name="pen",
            name="pictures",
            field=models.CharField(
                default="linked", max_length=16, validators=[stationer.portal.people.valid.check_pictures]
            ),
        ),
    ]
