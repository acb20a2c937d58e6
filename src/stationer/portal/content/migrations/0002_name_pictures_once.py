"""A picture is called by its name, which is one picture's in a PEN."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0001_begin"),
        ("people", "0001_begin"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="asset",
            options={"base_manager_name": "objects", "default_manager_name": "objects", "ordering": ["name"]},
        ),
        migrations.RemoveConstraint(
            model_name="asset",
            name="asset_digest",
        ),
        migrations.AlterField(
            model_name="asset",
            name="name",
            field=models.CharField(max_length=200),
        ),
        migrations.AddConstraint(
            model_name="asset",
            constraint=models.UniqueConstraint(fields=("pen", "name"), name="asset_name"),
        ),
    ]
