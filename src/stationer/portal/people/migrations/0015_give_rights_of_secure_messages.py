"""Packages that were there: their people may send, answer and write; `guests` decides of who is no member."""

from typing import Any

from django.db import migrations

NEW = ("seal", "answer", "write")


def give(apps: Any, schema_editor: Any) -> None:
    packages = apps.get_model("people", "Package").objects.using(schema_editor.connection.alias)
    for row in packages.all().iterator():
        row.guests = row.name == "guests"
        new = [right for right in NEW if right != "seal" or not row.guests]
        row.rights = [*(right for right in row.rights if right not in NEW), *new]
        row.save(update_fields=["guests", "rights"])


def take(apps: Any, schema_editor: Any) -> None:
    packages = apps.get_model("people", "Package").objects.using(schema_editor.connection.alias)
    for row in packages.all().iterator():
        row.rights = [right for right in row.rights if right not in NEW]
        row.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("people", "0014_say_who_may_write")]
    operations = [migrations.RunPython(give, take)]
