"""Whether an edge keeps records for replay."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_add_pictures"),
    ]

    operations = [
        migrations.AddField(model_name="pen", name="replay", field=models.BooleanField(default=False)),
    ]
