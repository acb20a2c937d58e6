"""Codes and the mails that bring them are counted by address, over all browsers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0015_give_rights_of_secure_messages"),
        ("reading", "0001_begin"),
    ]

    operations = [
        migrations.AddField(
            model_name="code",
            name="counts_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="code",
            name="figures",
            field=models.PositiveSmallIntegerField(default=8),
        ),
        migrations.AddField(
            model_name="code",
            name="leaves_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="code",
            name="letter",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="code",
            name="mails",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="code",
            name="to",
            field=models.CharField(default="", max_length=320),
        ),
        migrations.AddIndex(
            model_name="code",
            index=models.Index(fields=["pen", "to", "asked_at"], name="code_to"),
        ),
    ]
