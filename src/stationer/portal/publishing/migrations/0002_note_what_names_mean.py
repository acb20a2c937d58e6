"""A version keeps which groups and packages its rules mean."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_begin")]

    operations = [
        migrations.AddField(
            model_name="publication", name="knows", field=models.JSONField(default=None, null=True)
        )
    ]
