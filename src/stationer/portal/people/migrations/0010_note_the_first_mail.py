"""When a mail first left with the letterhead."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_demand_second_factor"),
    ]

    operations = [
        migrations.AddField(
            model_name="pen",
            name="first_stamped_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
