"""What a campaign asks of a recipient's memory, and the order of its messages."""

import django.core.validators
from django.db import migrations, models

import stationer.portal.content.valid


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0003_add_holdout"),
    ]

    operations = [
        migrations.AlterModelOptions(name="message", options={"ordering": ["place", "created_at", "id"]}),
        migrations.AddField(
            model_name="message",
            name="place",
            field=models.PositiveIntegerField(default=1_000_000),
        ),
        migrations.AddField(
            model_name="campaign",
            name="caps",
            field=models.JSONField(
                blank=True, default=dict, validators=[stationer.portal.content.valid.check_caps]
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="cool_down_h",
            field=models.PositiveIntegerField(
                default=0, validators=[django.core.validators.MaxValueValidator(87600)]
            ),
        ),
        migrations.AddField(model_name="campaign", name="sequence", field=models.BooleanField(default=False)),
        migrations.AddField(
            model_name="campaign", name="stop_after_click", field=models.BooleanField(default=False)
        ),
    ]
