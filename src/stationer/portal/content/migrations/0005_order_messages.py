"""Messages come in the order of their places."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0004_add_memory"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="message",
            options={
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "ordering": ["place", "created_at", "id"],
            },
        ),
    ]
