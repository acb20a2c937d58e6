"""Every PEN there is gets the rule that new ones begin with."""

from typing import Any

from django.db import migrations


def begin(apps: Any, editor: Any) -> None:
    """The first rule, and the terms, of PENs without."""
    terms, rules = apps.get_model("alerts", "AlertTerms"), apps.get_model("alerts", "AlertRule")
    known = set(terms.objects.values_list("pen_id", flat=True))
    for pen in apps.get_model("people", "Pen").objects.exclude(pk__in=known).iterator():
        terms.objects.create(pen=pen)
        rules.objects.create(pen=pen)


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_begin")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
