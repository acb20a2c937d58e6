"""Whether an edge keeps records for replay."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_add_management"),
    ]

    operations = [
        migrations.AddField(model_name="pen", name="replay", field=models.BooleanField(default=False)),
    ]
