"""Whether people show a second factor before they publish."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0008_add_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="pen",
            name="second_factor",
            field=models.BooleanField(default=True),
        ),
    ]
