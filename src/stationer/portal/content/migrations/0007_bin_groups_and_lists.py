"""Groups and lists can lie in the bin as well."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0006_add_utm_and_bin")]

    operations = [
        migrations.AlterField(
            model_name="binned",
            name="kind",
            field=models.CharField(
                choices=[
                    ("template", "template"),
                    ("campaign", "campaign"),
                    ("message", "message"),
                    ("group", "group"),
                    ("list", "list"),
                ],
                max_length=16,
            ),
        )
    ]
